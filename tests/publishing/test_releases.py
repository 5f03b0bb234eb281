import numpy as np
import pytest

from cocoonsim import Scenario
from cocoonsim import play as played
from cocoonsim.core.chance import Chance
from cocoonsim.core.errors import UserError
from cocoonsim.core.follows import Follows
from cocoonsim.core.history import History
from cocoonsim.core.world import Columns, World, content, people
from cocoonsim.publishing.releases import Releases

NOTHING = History(1, 1, 1)


def first_world(items: int = 3) -> World:
    topics = np.full((items, 2), 0.5)
    return World(0, people(np.full((4, 2), 0.5)), content(topics), Follows.none(4), ("a", "b"))


def make(n: int) -> Columns:
    return content(np.tile([1.0, 0.0], (n, 1)), quality=np.arange(n) / 10)


def play(rule: Releases, steps: int) -> list[World]:
    world, worlds = first_world(), []
    for step in range(steps):
        world = World(step, world.users, world.items, world.follows, world.topic_names)
        world = rule.publish(world, make, Chance(1).at(step), NOTHING)
        worlds.append(world)
    return worlds


def test_so_many_in_each_step_and_old_ids_stay():
    worlds = play(Releases(items=2), 3)
    assert [world.n_items for world in worlds] == [5, 7, 9]
    last = worlds[-1]
    assert last.items.created.tolist() == [0, 0, 0, 0, 0, 1, 1, 2, 2]
    assert np.array_equal(last.items.topics[:3], first_world().items.topics)
    assert last.live().tolist() == list(range(9))
    assert last.items.created.dtype == np.int32


def test_new_items_live_so_long():
    worlds = play(Releases(items=1, lifespan=2), 4)
    # three old items for ever; those of steps 0, 1, 2, 3 have ids 3, 4, 5, 6 and are there for two steps
    assert [world.live().tolist() for world in worlds] == [
        [0, 1, 2, 3],
        [0, 1, 2, 3, 4],
        [0, 1, 2, 4, 5],
        [0, 1, 2, 5, 6],
    ]


def test_a_steady_catalogue_begins_with_all_ages():
    # three old items and a lifespan of 4: one each of the ages 1, 2, 3, so one is gone in each of the next steps
    worlds = play(Releases(items=1, lifespan=4, steady=True), 5)
    assert worlds[0].items.created.tolist() == [-1, -2, -3, 0]
    assert [world.live().tolist() for world in worlds] == [
        [0, 1, 2, 3],
        [0, 1, 3, 4],
        [0, 3, 4, 5],
        [3, 4, 5, 6],
        [4, 5, 6, 7],
    ]
    assert Releases(steady=True).problems() == [("steady", "needs a lifespan above 0")]
    assert Releases(steady=True, lifespan=1).problems() == []


def test_none_changes_nothing():
    world = first_world()
    assert Releases(items=0).publish(world, make, Chance(1).at(0), NOTHING) is world
    expiring = Releases(items=0, lifespan=3, steady=True).publish(world, make, Chance(1).at(0), NOTHING)
    assert expiring.items.lifespan.tolist() == [3, 3, 3]
    assert expiring.items.created.tolist() == [-1, -1, -2]


def test_releases_begin_when_they_are_told_to():
    assert [world.n_items for world in play(Releases(items=2, start=2), 4)] == [3, 3, 5, 7]


def test_a_feed_may_be_longer_than_the_catalogue_when_more_is_to_come():
    settings = {"steps": 3, "slate": 12, "population": {"kind": "uniform", "users": 4}, "ranking": "shuffled"}
    catalogue = {"catalogue": {"kind": "topic_mix", "items": 4, "topics": 2}}
    releases = {"publishing": {"kind": "releases", "items": 4, "start": 1}}
    moments = list(played(Scenario.from_dict(settings | catalogue | releases)))
    assert [(moment.feed >= 0).sum(axis=1).tolist() for moment in moments] == [[4] * 4, [8] * 4, [12] * 4]
    with pytest.raises(UserError, match="a slate of 12 does not fit"):
        next(played(Scenario.from_dict(settings | catalogue)))
