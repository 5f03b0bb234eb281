"""What people find by themselves and what they post of what they remember: finds, from_memory, and who is shown it."""

import numpy as np
import pytest
from scipy.stats import chisquare

from cocoonsim import Scenario, play
from cocoonsim.candidates.direct import Direct
from cocoonsim.core.chance import Chance, Dice
from cocoonsim.core.errors import UserError
from cocoonsim.core.follows import Follows
from cocoonsim.core.history import History
from cocoonsim.core.world import PlatformView, World, content, people
from cocoonsim.publishing.finds import Finds
from cocoonsim.publishing.from_memory import FromMemory
from cocoonsim.publishing.reposts import Reposts


def world_of(opinion, memory, stance, **columns) -> World:
    opinion, n = np.array(opinion, float), len(opinion)
    persons = people(np.ones((n, 1)), opinion=opinion, memory=np.array(memory, np.int32))
    items = content(np.ones((len(stance), 1)), stance=np.array(stance, float), **columns)
    return World(5, persons, items, Follows.none(n), ("a",))


def make(n):
    return content(np.ones((n, 1)), stance=np.full(n, 7.0))


def publish(rule, world, step=5):
    world = World(step, world.users, world.items, world.follows, world.topic_names)
    after = rule.publish(world, make, Chance(1).at(step), History(1, 1, 1))
    return {name: column[world.n_items :] for name, column in after.items.items()}


def test_everybody_posts_one_random_memory():
    n = 3000
    memory = [[0, 2, 1]] * n + [[1, -1, -1], [-1, -1, -1]]
    world = world_of([0.0] * (n + 2), memory, [0.1, 0.2, 0.3], original=[-1, -1, 0], originator=[5, 6, 7])
    posts = publish(FromMemory(lifespan=1), world)
    assert posts["author"].tolist() == list(range(n + 1))  # the last remembers nothing
    counts = [(posts["stance"][:n, 0] == stance).sum() for stance in (0.1, 0.2, 0.3)]
    assert chisquare(counts).pvalue > 1e-3
    assert posts["stance"][n].tolist() == [0.2]
    assert set(zip(posts["stance"][:, 0].tolist(), posts["original"].tolist(), strict=True)) == {
        (0.1, 0),
        (0.2, 1),
        (0.3, 0),
    }
    assert set(posts["originator"].tolist()) == {5, 6, 7}
    assert (posts["lifespan"] == 1).all()


def test_what_is_remembered_may_be_posted_after_reading():
    world = world_of([0.0] * 4, [[0], [1], [-1], [1]], [0.1, 0.2], original=[-1, -1])
    nothing = History(1, 1, 1)
    rule, feed, dice = FromMemory(when="reading"), np.empty((3, 0), np.int32), Chance(1).at(5, 6)
    assert rule.publish(world, make, dice, nothing) is world
    after = rule.after_reading(world, np.array([1, 2, 3]), feed, feed > 0, dice, nothing)
    assert after.items.author[2:].tolist() == [1, 3]
    assert after.items.original[2:].tolist() == [1, 1]
    assert after.items.turn[2:].tolist() == [7, 7]
    assert FromMemory().after_reading(world, np.array([1]), feed[:1], feed[:1] > 0, dice, nothing) is world


def test_a_repost_of_a_repost_goes_back_to_the_first():
    world = world_of([0.0], [[-1]], [0.1, 0.1], original=[-1, 0], author=[0, 0])
    after = Reposts(repost=1.0).after_reading(
        world, np.array([0]), np.array([[1]], np.int32), np.ones((1, 1), bool), Chance(1).at(5), History(1, 1, 1)
    )
    assert after.items.original.tolist() == [-1, 0, 0]


def test_own_finds_are_new_and_for_the_finder_only():
    world = world_of([0.0, 0.5, 1.0], [[-1]] * 3, [0.1, 0.2], author=[-1, 2])
    after = Finds().publish(world, make, Chance(1).at(5), History(1, 1, 1))
    assert after.items.stance[2:, 0].tolist() == [7.0] * 3
    view = PlatformView.of(after, History(3, 1, after.n_items))
    # item 0 has no author and is for all, but it is old; item 1 is somebody's post
    assert Direct().offer(view, np.array([0, 2]), Dice(1, 5)).tolist() == [[2], [4]]
    assert Direct(window=9).offer(view, np.array([1]), Dice(1, 5)).tolist() == [[0, 3]]
    gone = World(6, after.users, after.items, after.follows)
    assert Direct(window=9).offer(PlatformView.of(gone, History(3, 1, 5)), np.array([1]), Dice(1, 6)).tolist() == [0]


@pytest.mark.parametrize(("how", "fitting"), [("close", [0.0, 0.2, 0.25]), ("distant", [0.5, 0.9])])
def test_what_is_near_or_far_is_drawn_from_what_others_remember(how, fitting):
    # item 6 (0.1) is close, but nobody remembers it; the seeker stands at 0.1 and holds item 3 (0.15)
    stance = [0.0, 0.2, 0.25, 0.15, 0.5, 0.9, 0.1]
    memory = [[3, -1], [0, 1], [2, 4], [5, 3]]
    world = world_of([0.1, 3.0, 3.0, 3.0], memory, stance)
    drawn = [publish(Finds(how=how, reach=0.3), world, step)["stance"][0, 0] for step in range(1500)]
    assert set(drawn) == set(fitting)
    assert chisquare([drawn.count(value) for value in fitting]).pvalue > 1e-3


def test_where_nothing_fits_or_too_little_is_remembered_the_find_is_new():
    world = world_of([0.0, 0.0], [[0, 1], [1, -1]], [0.0, 0.1])
    finds = publish(Finds(how="close", reach=0.3), world)
    assert finds["stance"][:, 0].tolist() == [7.0, 0.0]  # user 0 holds all that is close
    assert finds["original"].tolist() == [-1, 0]
    assert publish(Finds(how="close", reach=0.3, fewest=4), world)["stance"][:, 0].tolist() == [7.0, 7.0]
    assert publish(Finds(how="distant", reach=0.3), world)["stance"][:, 0].tolist() == [7.0, 7.0]


def test_new_things_are_found_in_turn_until_there_are_enough_and_are_there_for_those_who_come_later():
    """Two things are remembered and three wanted: who comes first finds a new one, the other looks among the three."""
    world = world_of([0.0, 0.0], [[0, 1], [1, -1]], [0.0, 0.1])
    close, distant = (
        [publish(Finds(how=how, reach=0.3, fewest=3), world, step) for step in range(400)]
        for how in ("close", "distant")
    )
    new = sum(finds["stance"][1, 0] == 7.0 for finds in close)  # user 1, in half of all steps; else item 0
    assert abs(new - 200) < 4 * 10
    assert {tuple(finds["original"].tolist()) for finds in close} == {(-1, -1), (-1, 0)}
    # far away there is only what the first has found, which will be item 2 or 3: the other finds the same
    assert {tuple(finds["original"].tolist()) for finds in distant} == {(-1, 2), (3, -1)}
    assert all(finds["stance"][:, 0].tolist() == [7.0, 7.0] for finds in distant)


def test_a_rare_fit_is_found_all_the_same():
    # one of 1000 remembered items is close to each of 40 people: trying at random would mostly miss it
    memory = np.arange(1000).reshape(40, 25)
    world = world_of([5.0] * 40, memory, [5.0, *np.full(999, 9.0)])
    found = publish(Finds(how="close", reach=0.3), world)["stance"][:, 0]
    assert found.tolist() == [7.0] + [5.0] * 39  # the first person holds it


BITS = {
    "steps": 12, "slate": 12, "population": {"kind": "uniform", "users": 30, "dimensions": 2}, "ranking": "newest",
    "catalogue": {"kind": "scattered", "items": 0}, "choice": "accepts_all", "influence": {"kind": "memory", "capacity": 4},
    "network": {"kind": "erdos_renyi", "degree": 5.0, "mutual": True},
    "publishing": {"kind": "combined", "parts": [{"kind": "from_memory", "lifespan": 1}, "finds"]},
    "candidates": {"kind": "mixture", "parts": ["direct", {"kind": "followed", "returning": True}]},
}  # fmt: skip


def test_one_finds_something_and_hears_from_friends():
    for moment in play(Scenario.from_dict(BITS), seed=3):
        items, world = moment.world.items, moment.world
        for user, feed in zip(moment.users.tolist(), moment.feed, strict=True):
            shown = feed[feed >= 0]
            assert (items.created[shown] == moment.step).all()
            assert items.author[shown[0]] == -1  # one's own find first
            assert items.originator[shown[0]] == user
            friends = set(world.follows.of(user).tolist()) if moment.step else set()  # at first there are no memories
            assert set(items.author[shown[1:]].tolist()) == friends
        held = moment.after.users.memory
        assert (items.original[held[held >= 0]] == -1).all()
        assert len(moment.live) <= 60


def test_without_memory_there_is_nothing_to_post_from():
    for publishing in ("from_memory", {"kind": "finds", "how": "close"}):
        with pytest.raises(UserError, match="influence: memory"):
            next(play(Scenario.from_dict(BITS | {"influence": "none", "publishing": publishing})))
