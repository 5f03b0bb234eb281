"""Who knows of what: at first by nearness and prominence, later by what was recommended."""

import numpy as np
import pytest

from cocoonsim.core.blocks import Blocks
from cocoonsim.core.chance import Chance
from cocoonsim.core.follows import Follows
from cocoonsim.core.world import World, content, people
from cocoonsim.influence.awareness import Awareness

N = 20_000


def world_of(stance, opinion=(0.0, 0.0), n=N):
    users = people(np.ones((n, 1)), opinion=np.tile(np.asarray(opinion, float), (n, 1)))
    return World(0, users, content(np.ones((len(stance), 1)), stance=np.asarray(stance, float)), Follows.none(n))


def test_what_is_known_at_first_has_the_chances_of_nearness_and_prominence():
    world = world_of([[0.3, 0.0], [0.3, 0.4], [0.0, 0.0]], opinion=(0.0, 0.4))
    reach, w = 0.5, 0.6
    far, middle = np.array([0.5, 0.3, 0.4]), np.array([0.3, 0.5, 0.0])
    for prominence, weight in (("none", 0.0), ("central", w)):
        rule = Awareness(reach=reach, prominence=prominence, prominence_weight=w)
        aware = rule.ready(world, Chance(2).always).users.aware
        chance = (1 - w) * np.exp(-((far / reach) ** 2)) + weight * np.exp(-((middle / reach) ** 2))
        lost = np.prod(1 - chance)  # who would know of nothing knows of the nearest
        assert aware.mean(axis=0) == pytest.approx(chance + lost * np.array([0, 1, 0]), abs=4 * 0.5 / np.sqrt(N))
        assert aware.any(axis=1).all()


def test_people_learn_of_the_first_places_and_forget_nothing():
    rule, n = Awareness(places=2, reach=1e-6), 5
    world = rule.ready(world_of([[0.1, 0], [0.2, 0], [0.3, 0], [0.4, 0]], n=n), Chance(1).always)
    assert world.users.aware.tolist() == [[True, False, False, False]] * n  # the nearest
    feed = np.tile(np.array([3, -1, 2], np.int32), (n, 1))
    after = rule.update(world, np.arange(n), feed, feed < 0, Chance(1).at(0), Blocks())
    assert after.users.aware.tolist() == [[True, False, False, True]] * n


def test_new_items_are_known_to_whom_they_are_near():
    rule = Awareness(reach=0.1, prominence_weight=0.0)
    world = rule.ready(world_of([[0.5, 0.0]], n=400), Chance(1).always)
    more = content(np.ones((2, 1)), stance=np.array([[0.0, 0.0], [1.0, 0.0]]))
    grown = World(3, world.users, world.items.append(more), world.follows)
    aware = rule.ready(grown, Chance(1).at(3)).users.aware
    assert aware[:, 1].all()
    assert not aware[:, 2].any()
