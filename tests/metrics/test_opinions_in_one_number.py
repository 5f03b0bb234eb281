"""opinion_clusters, mean_opinion, opinion_spread, tie_disagreement: cases counted by hand, plain loops, closed forms."""

from itertools import combinations

import numpy as np
import pytest

from cocoonsim.core.follows import Follows
from cocoonsim.metrics.mean_opinion import MeanOpinion
from cocoonsim.metrics.opinion_clusters import OpinionClusters
from cocoonsim.metrics.opinion_spread import OpinionSpread
from cocoonsim.metrics.tie_disagreement import TieDisagreement
from cocoonsim.testing import tiny_worlds


def value(metric, opinion, arcs=(), weights=None) -> float:
    tiny = next(tiny_worlds("two_camps"))
    n = len(opinion)
    world = tiny.world.with_users(**{name: column[:1].repeat(n, axis=0) for name, column in tiny.world.users.items()})
    pairs = np.array(arcs, np.int64).reshape(-1, 2)
    follows = Follows.from_arcs(n, pairs[:, 0], pairs[:, 1])
    if weights is not None:
        follows = Follows(follows.starts, follows.targets, np.asarray(weights, float))
    world = world.with_users(opinion=np.asarray(opinion, float)[:, None])
    object.__setattr__(world, "follows", follows)
    object.__setattr__(tiny, "world", world)
    (reading,) = metric.measure(tiny.moment)
    assert reading.stage == "people"
    return float(reading.values[0])


# 50 people at 0, 49 at 0.5, one at 1: sizes 50, 49, 1
CAMPS = np.repeat([0.0, 0.5, 1.0], [50, 49, 1])


@pytest.mark.parametrize(
    ("statistic", "expected"),
    [("major", 2), ("all", 3), ("effective", 100**2 / (50**2 + 49**2 + 1)), ("largest", 0.5)],
)
def test_camps_are_counted(statistic, expected):
    assert value(OpinionClusters(statistic=statistic), CAMPS) == pytest.approx(expected, rel=1e-12)


def test_a_gap_of_exactly_the_setting_parts_nobody():
    line = np.array([0.0, 0.25, 0.5, 0.75])  # exact in binary
    assert value(OpinionClusters(statistic="all", gap=0.25), line) == 1
    assert value(OpinionClusters(statistic="all", gap=0.2499), line) == 4
    assert value(OpinionClusters(statistic="major", gap=0.2499, minimum_share=0.26), line) == 0


def test_where_people_stand():
    opinion = [-1.0, -2.0, 0.0, 0.5]
    assert value(MeanOpinion(), opinion) == -0.625
    assert value(MeanOpinion(statistic="lean"), opinion) == 0.625
    assert value(MeanOpinion(statistic="strength"), opinion) == 0.875
    assert value(MeanOpinion(statistic="minority"), opinion) == 0.25


def test_spread_by_plain_loops():
    opinion = np.random.Generator(np.random.Philox(4)).normal(size=23)
    pairs = [abs(a - b) for a, b in combinations(opinion, 2)]
    assert value(OpinionSpread(statistic="distance"), opinion) == pytest.approx(np.mean(pairs), rel=1e-12)
    assert value(OpinionSpread(statistic="range"), opinion) == pytest.approx(max(pairs), rel=1e-12)
    squares = sum(far**2 for far in pairs) / len(opinion)  # the sum over pairs is n times that around the mean
    assert value(OpinionSpread(statistic="squares"), opinion) == pytest.approx(squares, rel=1e-12)
    assert value(OpinionSpread(statistic="sd"), opinion) == pytest.approx(np.sqrt(squares / 23), rel=1e-12)


def test_a_path_of_four_has_the_polarisation_and_disagreement_that_are_published():
    """o01_linear_opinion: path P4, z = (1, 2, 5, 6)/7: polarisation 17/49, disagreement 11/49."""
    z = np.array([1, 2, 5, 6]) / 7
    path = [(0, 1), (1, 2), (2, 3)]
    both = [*path, *((b, a) for a, b in path)]
    assert value(OpinionSpread(statistic="squares"), z) == pytest.approx(17 / 49, abs=1e-12)
    for arcs in (path, both):  # a tie that goes both ways is one edge
        assert value(TieDisagreement(statistic="squares"), z, arcs) == pytest.approx(11 / 49, abs=1e-12)
    assert value(TieDisagreement(), z, both) == pytest.approx(5 / 21, abs=1e-12)


def test_weights_count_and_the_two_of_a_mutual_tie_are_averaged():
    z = [0.0, 1.0, 3.0]
    # arcs in order: 0->1 (2), 1->0 (4), 1->2 (0.5): 3 x 1 + 0.5 x 4
    assert value(TieDisagreement(statistic="squares"), z, [(0, 1), (1, 0), (1, 2)], [2, 4, 0.5]) == pytest.approx(5.0)


def test_random_ties_have_the_distance_of_the_null():
    tiny = next(tiny_worlds("melting_pot"))
    n = tiny.world.n_users
    object.__setattr__(
        tiny.world, "follows", Follows.from_arcs(n, *np.divmod(np.arange(n * n), n))
    )  # everybody follows everybody
    (reading,) = TieDisagreement().measure(tiny.moment)
    assert reading.values[0] == pytest.approx(reading.null[0])
    assert TieDisagreement().measure(tiny.moment)[0].null_name == "opinions-shuffled"
