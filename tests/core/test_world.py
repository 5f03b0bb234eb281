"""Columns, worlds, what lives, and what a platform may see."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cocoonsim.core.follows import Follows
from cocoonsim.core.world import ITEM_COLUMNS, USER_COLUMNS, Columns, PlatformView, World, content, people
from cocoonsim.testing.worlds import two_camps


# ---------------------------------------------------------------------------------------------------- columns
def test_columns_are_read_by_name_and_never_changed_in_place() -> None:
    first = Columns(a=np.array([1, 2, 3]), b=np.zeros((3, 2)))
    second = first.with_(a=first.a * 10)
    third = second.with_rows(np.array([2, 0]), a=np.array([7, 8]))
    assert first.a.tolist() == [1, 2, 3]
    assert second["a"].tolist() == [10, 20, 30]
    assert third.a.tolist() == [8, 20, 7]
    assert third.b is first.b
    assert (first.size, len(first), set(first)) == (3, 2, {"a", "b"})
    assert first.append(second).a.tolist() == [1, 2, 3, 10, 20, 30]


def test_columns_must_be_of_one_length() -> None:
    with pytest.raises(ValueError, match="columns differ in length"):
        Columns(a=np.zeros(2), b=np.zeros(3))


def test_a_missing_column_is_said_with_those_there_are() -> None:
    with pytest.raises(AttributeError, match="no column 'c'; there are: a"):
        _ = Columns(a=np.zeros(2)).c


def test_what_is_derived_is_computed_once_and_not_inherited() -> None:
    calls: list[int] = []
    columns = Columns(a=np.arange(3))
    for _ in range(2):
        assert columns.derived("sum", lambda: calls.append(1) or int(columns.a.sum())) == 3
    assert len(calls) == 1
    other = columns.with_(a=np.arange(4))
    assert other.derived("sum", lambda: int(other.a.sum())) == 6


def test_people_and_content_have_every_column_of_its_type() -> None:
    users, items = people(np.eye(3)), content(np.eye(4))
    assert set(users) == {"interests", "innate_opinion", *USER_COLUMNS}
    assert set(items) == {"topics", *ITEM_COLUMNS}
    assert users.opinion.shape == (3, 1)
    assert items.stance.shape == (4, 1)
    assert (users.interests.dtype, users.opinion.dtype, users.group.dtype) == (np.float32, np.float64, np.int32)
    assert (items.topics.dtype, items.harmful.dtype, items.author.dtype) == (np.float32, np.bool_, np.int32)
    assert users.consent.all()
    assert items.author.tolist() == [-1] * 4


def test_innate_opinions_and_originators_follow_what_is_given() -> None:
    users = people(np.eye(2), opinion=np.array([0.5, -0.5]))
    assert users.innate_opinion[:, 0].tolist() == [0.5, -0.5]
    assert not np.shares_memory(users.innate_opinion, users.opinion)
    assert people(np.eye(2), innate_opinion=np.full((2, 1), 0.1)).innate_opinion[:, 0].tolist() == [0.1, 0.1]
    assert content(np.eye(2), author=np.array([4, 5])).originator.tolist() == [4, 5]
    assert content(np.eye(2), author=np.array([4, 5]), originator=np.array([1, 1])).originator.tolist() == [1, 1]


# ---------------------------------------------------------------------------------------------------- worlds
def test_live_items_are_published_and_not_past_their_life() -> None:
    world = two_camps().world
    created, lifespan = np.array([0, 3, 5, 6, 2]), np.array([9, 3, 1, 9, 3])
    world = replace(world, items=content(np.eye(5), created=created, lifespan=lifespan))
    for step in range(12):
        naive = [item for item in range(5) if created[item] <= step < created[item] + lifespan[item]]
        assert replace(world, step=step).live().tolist() == naive
    forever = replace(world, step=2_000_000_000, items=content(np.eye(2)))
    assert forever.live().tolist() == [0, 1]


@given(st.integers(0, 2**32))
@settings(max_examples=200, deadline=None)
def test_what_lives_is_told_right_after_any_change(seed: int) -> None:
    """Publishing, ending, other columns and time in any order, against created <= step < created + lifespan."""
    luck = np.random.default_rng(seed)

    def some(step: int) -> Columns:
        n = int(luck.integers(0, 4))
        times = {"created": step + luck.integers(-2, 3, n), "lifespan": luck.choice([0, 1, 2, 5, 2**31 - 1], n)}
        return content(np.ones((n, 1), np.float32), **{name: time.astype(np.int32) for name, time in times.items()})

    world = World(0, people(np.ones((1, 1), np.float32)), some(0), Follows.none(1))
    for _ in range(25):
        what = luck.integers(0, 5)
        if what == 0:
            world = replace(world, step=max(world.step + int(luck.integers(-1, 4)), 0))
        elif what == 1:
            world = world.publish(some(world.step))
        elif what == 2 and world.live().size:
            world = world.publish(some(world.step), luck.choice(world.live(), 1))
        elif what == 3:
            world = world.with_items(quality=np.zeros(world.n_items, np.float32))
        elif world.n_items:
            world = world.with_items(lifespan=luck.integers(0, 4, world.n_items).astype(np.int32))
        created, lifespan = (world.items[name].astype(np.int64) for name in ("created", "lifespan"))
        there = (created <= world.step) & (world.step < created + lifespan)
        assert world.live().tolist() == np.flatnonzero(there).tolist()


def test_affinity_is_the_cosine_up_to_the_grid() -> None:
    world = two_camps().world
    users, items = np.array([3, 30]), np.array([[0, 40, -1], [63, 1, 20]])
    left, right = world.users.interests.astype(float), world.items.topics.astype(float)
    values = world.affinity(users, items)
    for row, user in enumerate(users):
        for place, item in enumerate(items[row]):
            dot = float(left[user] @ right[item])
            cosine = dot / np.linalg.norm(left[user]) / np.linalg.norm(right[item]) if item >= 0 else 0.0
            assert abs(values[row, place] - cosine) < 8 * 2**-12  # 8 topics, each off by at most the grid
    shared = world.affinity(users, np.arange(64))
    assert values[0, 1] == shared[0, 40]


def test_utility_is_affinity_times_quality() -> None:
    world = two_camps().world
    users, items = np.arange(4), np.array([5, 6, 7])
    np.testing.assert_array_equal(
        world.utility(users, items), world.affinity(users, items) * world.items.quality[items]
    )


# ---------------------------------------------------------------------------------------------------- the platform's side
def test_a_platform_sees_behaviour_and_never_minds() -> None:
    tiny = two_camps()
    platform = PlatformView.of(tiny.world, tiny.history)
    assert set(platform.declared) == {"consent", "group"}
    np.testing.assert_array_equal(platform.user("clicked_topics"), tiny.history.clicked_topics)
    np.testing.assert_array_equal(platform.item("clicks"), tiny.history.item_clicks)
    np.testing.assert_array_equal(platform.item("created"), tiny.world.items.created)
    np.testing.assert_array_equal(platform.live, tiny.world.live())
    for hidden in ("interests", "opinion", "tolerance", "literacy", "innate_opinion", "activity", "stubbornness"):
        with pytest.raises(KeyError):
            platform.user(hidden)
    reachable = [value for value in vars(platform).values() if isinstance(value, World)]
    assert not reachable
