from collections import Counter
from itertools import combinations

import numpy as np
from scipy.stats import chisquare

from cocoonsim import Scenario, play
from cocoonsim.candidates._distinct import distinct_numbers
from cocoonsim.candidates.cohort_pool import CohortPool
from cocoonsim.core.blocks import Blocks
from cocoonsim.core.chance import Dice


def test_every_pool_is_as_likely(platform):
    view = platform(1, 5)
    source = CohortPool(size=2, cohort=10)
    pools = [tuple(source.offer(view, np.array([10 * cohort]), Dice(2, 0)).tolist()) for cohort in range(3000)]
    drawn = Counter(pools)
    assert set(drawn) == set(combinations(range(5), 2))
    assert chisquare(list(drawn.values())).pvalue > 1e-3


def test_the_whole_cohort_shares_a_pool(platform):
    view, source = platform(1, 100), CohortPool(size=10, cohort=4)
    assert source.cohort_size == 4
    first, second = source.offer(view, np.array([4, 5]), Dice(1, 0)), source.offer(view, np.array([7]), Dice(1, 0))
    assert first.tolist() == second.tolist()
    assert (np.diff(first) > 0).all()
    assert first.tolist() != source.offer(view, np.array([8]), Dice(1, 0)).tolist()
    assert CohortPool(size=100).offer(view, np.array([0]), Dice(1, 0)).tolist() == list(range(100))


def test_pools_of_an_event_and_those_drawn_together_are_the_same_rule(platform):
    view, source = platform(1, 1000), CohortPool(size=300, cohort=2)
    for dice in (Dice(1, 4), Dice(1, 4, 7)):
        for cohort in (0, 26, 27, 54):  # 27 are drawn at once where there is no event
            alone = distinct_numbers(dice, "cohort_pool", np.array([cohort]), 300, 1000)[0]
            assert source.offer(view, np.array([2 * cohort + 1]), dice).tolist() == sorted(alone.tolist())


def test_cohorts_keep_together_in_blocks_of_any_size():
    scenario = Scenario.from_dict(
        {
            "steps": 2, "slate": 6, "population": {"kind": "uniform", "users": 25},
            "candidates": {"kind": "cohort_pool", "size": 6, "cohort": 4}, "ranking": "shuffled",
        }
    )  # fmt: skip
    whole, cut = ([m.feed.copy() for m in play(scenario, blocks=b)] for b in (Blocks(), Blocks(users=3, threads=2)))
    for one, other in zip(whole, cut, strict=True):
        assert (one == other).all()
        pools = [{tuple(sorted(row)) for row in one[low : low + 4].tolist()} for low in range(0, 25, 4)]
        assert all(len(pool) == 1 for pool in pools)  # a feed of six is the whole pool
        assert len(set.union(*pools)) > 1
