"""The consumer of Fleder & Hosanagar (2009): distance^-k among what is known, with a bonus for the recommended."""

import numpy as np
from scipy.stats import chisquare

from cocoonsim.choice.spatial_logit import SpatialLogit
from cocoonsim.core.chance import Dice
from cocoonsim.core.follows import Follows
from cocoonsim.core.world import World, content, people

N = 20_000


def world_of(stance, opinion=(0.0, 0.0), n=N, **columns):
    users = people(np.ones((n, 1)), opinion=np.tile(np.asarray(opinion, float), (n, 1)), **columns)
    return World(0, users, content(np.ones((len(stance), 1)), stance=np.asarray(stance, float)), Follows.none(n))


def picks(choice, world, feed, n=N):
    clicks = choice.choose(world, np.arange(n), np.tile(np.asarray(feed, np.int32), (n, 1)), Dice(1, 0))
    assert (clicks.sum(axis=1) <= 1).all()
    return clicks.sum(axis=0)


def test_chances_are_distance_to_the_power_times_the_bonus():
    """P(j) is proportional to d_j^-k, times e^(delta b^r) for the recommended place r: multinomial logit (McFadden 1974)."""
    world = world_of([[0.1, 0.0], [0.0, 0.2], [0.3, 0.0]])
    counts = picks(SpatialLogit(sensitivity=2.0, salience=1.5, salience_discount=0.5, recommended=2), world, [2, 1, 0])
    odds = np.array([0.3**-2 * np.exp(1.5), 0.2**-2 * np.exp(0.75), 0.1**-2])
    assert chisquare(counts, N * odds / odds.sum()).pvalue > 1e-3


def test_only_what_is_known_or_recommended_is_chosen():
    aware = np.tile([False, True, False, False], (N, 1))
    world = world_of([[0.1, 0], [0.1, 0.1], [0.2, 0], [0.3, 0]], aware=aware)
    counts = picks(SpatialLogit(sensitivity=1.0, salience=0.0, recommended=1), world, [3, 0, 1, 2])
    assert counts[1] == counts[3] == 0
    odds = np.array([0.3**-1, 0.02**-0.5])
    assert chisquare(counts[[0, 2]], N * odds / odds.sum()).pvalue > 1e-3
    assert picks(SpatialLogit(recommended=0), world, [3, 0, -1, 2]).sum() == 0  # knows of none of these
