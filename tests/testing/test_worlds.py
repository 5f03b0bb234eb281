"""The tiny worlds are what they say: each known answer, worked out here from the columns."""

import numpy as np
import pytest

from cocoonsim.testing.worlds import (
    ITEMS,
    SLATE,
    STEP,
    TOPICS,
    USERS,
    WORLDS,
    TinyWorld,
    cold_start,
    lonely_user,
    melting_pot,
    monoculture,
    tiny_worlds,
    two_camps,
)


@pytest.fixture(params=WORLDS)
def tiny(request: pytest.FixtureRequest) -> TinyWorld:
    return WORLDS[request.param]()


# ---------------------------------------------------------------------------------------------------- all of them
def test_the_sizes_are_as_stated(tiny: TinyWorld) -> None:
    assert (tiny.world.n_users, tiny.world.n_items, tiny.world.n_topics) == (USERS, ITEMS, TOPICS)
    assert tiny.feed.shape == tiny.clicks.shape == (USERS, SLATE)
    assert tiny.feed.dtype == np.int32
    assert len(tiny.world.topic_names) == TOPICS


def test_interests_and_topics_are_shares(tiny: TinyWorld) -> None:
    for rows in (tiny.world.users.interests, tiny.world.items.topics):
        assert rows.min() >= 0
        np.testing.assert_allclose(rows.sum(axis=1), 1, atol=1e-6)


def test_feeds_show_live_items_once_and_history_never_shows_the_unborn(tiny: TinyWorld) -> None:
    assert np.isin(tiny.feed, tiny.world.live()).all()
    assert all(len(set(row)) == SLATE for row in tiny.feed.tolist())
    born = tiny.world.items.created < tiny.world.step
    assert not tiny.history.item_shown[~born].any()


def test_history_holds_a_feed_for_each_step_before(tiny: TinyWorld) -> None:
    assert (tiny.history.shown == SLATE * tiny.world.step).all()
    assert tiny.history.clicks.sum() == tiny.history.item_clicks.sum() == tiny.history.pairs("clicks").sum()


def test_a_world_is_the_same_each_time_and_another_with_another_seed(tiny: TinyWorld) -> None:
    again, other = WORLDS[tiny.name](), WORLDS[tiny.name](seed=99)
    for name, column in tiny.world.users.items():
        np.testing.assert_array_equal(column, again.world.users[name])
    np.testing.assert_array_equal(tiny.clicks, again.clicks)
    np.testing.assert_array_equal(tiny.history.recent, again.history.recent)
    assert not np.array_equal(tiny.clicks, other.clicks)


def test_a_moment_and_a_view_show_it(tiny: TinyWorld) -> None:
    moment, view = tiny.moment, tiny.view()
    assert moment.step == view.step == tiny.world.step
    np.testing.assert_array_equal(moment.live, view.items)
    assert view.shape == (USERS, len(tiny.world.live()))


def test_worlds_can_be_asked_for_by_name() -> None:
    assert [world.name for world in tiny_worlds("cold_start", "two_camps")] == ["cold_start", "two_camps"]
    assert [world.name for world in tiny_worlds()] == list(WORLDS)


# ---------------------------------------------------------------------------------------------------- each of them
def test_two_camps_have_nothing_in_common() -> None:
    world = two_camps().world
    camp, side = world.users.group, world.items.group
    affinity = world.affinity(np.arange(USERS), np.arange(ITEMS))
    across = camp[:, None] != side[None, :]
    assert np.bincount(camp).tolist() == [24, 24]
    assert affinity[across].max() == 0
    assert affinity[~across].mean() > 0.3
    assert set(world.users.opinion[:, 0].tolist()) == {-0.8, 0.8}
    assert (np.sign(world.items.stance[:, 0]) == np.where(side == 0, -1, 1)).all()
    assert (camp[world.follows.sources()] == camp[world.follows.targets]).all()
    assert (camp[world.items.author] == side).all()
    assert (camp[world.items.originator] == side).all()
    assert ITEMS - len(world.live()) == 4


def test_monoculture_is_about_one_topic_in_one_feed() -> None:
    tiny = monoculture()
    for rows in (tiny.world.users.interests, tiny.world.items.topics):
        assert (rows == np.eye(TOPICS)[0]).all()
    assert (tiny.world.users.opinion == 0.5).all()
    assert (tiny.feed == tiny.feed[0]).all()
    assert (tiny.history.item_shown > 0).sum() == SLATE


def test_every_feed_of_the_melting_pot_spans_all_topics_and_every_item_comes_equally_often() -> None:
    tiny = melting_pot()
    topics = tiny.world.items.topics.argmax(axis=1)
    assert (tiny.world.items.topics.max(axis=1) == 1).all()
    assert np.bincount(topics).tolist() == [ITEMS // TOPICS] * TOPICS
    assert (np.sort(topics[tiny.feed], axis=1) == np.arange(TOPICS)).all()
    assert np.bincount(tiny.feed.ravel(), minlength=ITEMS).tolist() == [USERS * SLATE // ITEMS] * ITEMS
    assert (tiny.history.item_shown == STEP * USERS * SLATE // ITEMS).all()
    np.testing.assert_allclose(np.sort(tiny.world.users.opinion[:, 0]), np.linspace(-1, 1, USERS))
    firsts = np.bincount(topics[tiny.feed[:, 0]], minlength=TOPICS)
    assert firsts.tolist() == [USERS // TOPICS] * TOPICS  # no topic has the best place more often than another


def test_nothing_has_happened_at_a_cold_start() -> None:
    tiny = cold_start()
    assert tiny.world.step == 0
    assert not tiny.history.shown.any()
    assert (tiny.history.recent == -1).all()
    assert len(tiny.world.live()) == ITEMS
    assert tiny.world.follows.n_arcs > 0


def test_the_lonely_user_is_alone_and_the_others_hang_together() -> None:
    import networkx as nx

    follows = lonely_user().world.follows
    graph = nx.Graph()
    graph.add_nodes_from(range(USERS))
    graph.add_edges_from(zip(follows.sources().tolist(), follows.targets.tolist(), strict=True))
    assert sorted(len(piece) for piece in nx.connected_components(graph)) == [1, USERS - 1]
    assert follows.of(0).size == 0
