"""Every source of candidates, with every ranking and every feed rule, serves the same feeds however the work is cut."""

from __future__ import annotations

from importlib import import_module
from types import SimpleNamespace

import numpy as np
import pytest

from cocoonsim import Scenario, play, pools
from cocoonsim.candidates.cohort_pool import CohortPool
from cocoonsim.core.blocks import Blocks
from cocoonsim.core.component import find
from cocoonsim.interventions.diversity_quota import DiversityQuota
from cocoonsim.serve import serve
from cocoonsim.testing.samples import samples_of
from cocoonsim.testing.worlds import lonely_user

serving = import_module("cocoonsim.serve")
USERS = np.arange(1, 48, 6)
CUTS = (Blocks(users=100, items=1000, threads=1), Blocks(users=5, items=17, threads=2))
TINY = lonely_user()
SILENT = ("none", "direct")
"""They offer nothing here: nothing ever, and only what has been sent to somebody."""
PAIRS = [(candidates, ranking) for candidates in find("candidates") for ranking in find("ranking")]


def instance(stage, kind, folder):
    """The component with small numbers, so that there is something to choose from in a world of 64 items."""
    return samples_of(find(stage)[kind], folder, {})[-1]


@pytest.mark.parametrize(("candidates", "ranking"), PAIRS)
def test_blocks_tiles_and_threads_do_not_matter(candidates, ranking, tmp_path):
    tiny = TINY
    source, policy = instance("candidates", candidates, tmp_path), instance("ranking", ranking, tmp_path)
    model = policy.learn_on(tiny.platform, tiny.dice, None)
    offers = (source.offer(tiny.platform, USERS, tiny.dice) >= 0).any()
    assert offers or candidates in SILENT
    for feed in find("feed"):
        parts = SimpleNamespace(candidates=source, feed=instance("feed", feed, tmp_path), interventions=(), slate=4)
        feeds = [serve(parts, policy, model, tiny.world, tiny.platform, USERS, tiny.dice, blocks) for blocks in CUTS]
        assert (feeds[0] == feeds[1]).all(), feed
        assert (feeds[0] >= 0).any() == offers, feed


@pytest.mark.parametrize("ranking", find("ranking"))
def test_small_cohorts_that_are_served_together_get_what_each_gets_alone(ranking, tmp_path, monkeypatch):
    tiny, together = TINY, []
    policy, measure = instance("ranking", ranking, tmp_path), DiversityQuota(quota=0.5, share=0.5)
    model = policy.learn_on(tiny.platform, tiny.dice, None)
    source = CohortPool(size=12, cohort=9)
    plain = pools._hopefuls
    monkeypatch.setattr(pools, "_hopefuls", lambda *asked: together.append(len(asked[4])) or plain(*asked))
    for feed in find("feed"):
        for measures in ((), (measure,)):
            parts = SimpleNamespace(
                candidates=source, feed=instance("feed", feed, tmp_path), interventions=measures, slate=4
            )
            feeds = [
                serve(parts, policy, model, tiny.world, tiny.platform, USERS, tiny.dice, Blocks(users=n, threads=1))
                for n in (100, 1)
            ]
            assert (feeds[0] == feeds[1]).all(), feed
            assert (feeds[0] >= 0).any(), feed
            with monkeypatch.context() as narrow:  # eight users, five cohorts: room for the scores of five users
                narrow.setattr(serving, "_CELLS", 5 * 12)
                few = serve(parts, policy, model, tiny.world, tiny.platform, USERS, tiny.dice, Blocks(threads=1))
            assert (feeds[0] == few).all(), feed
    assert set(together) == {5, 3, 2}  # all at once where there is room; users one by one are never together


def test_a_whole_run_with_everything_in_it_is_the_same_bits():
    scenario = Scenario.from_dict(
        {
            "steps": 5, "slate": 5, "population": {"kind": "uniform", "users": 50}, "retrain_every": 2,
            "catalogue": {"kind": "topic_mix", "items": 90, "topics": 5},
            "network": {"kind": "erdos_renyi", "degree": 6}, "candidates": {"kind": "followed", "last": 20},
            "ranking": "factorisation", "feed": {"kind": "softmax", "inverse_temperature": 3}, "choice": "bernoulli",
            "influence": {"kind": "reinforcement", "away": 0.02},
            "rewiring": {"kind": "unfollow_discordant", "chance": 0.5, "tolerance": 0.4},
            "interventions": [
                {"kind": "diversity_quota", "quota": 0.4, "share": 0.5, "compliance": 0.7},
                {"kind": "chronological_hours", "length": 1, "every": 3},
            ],
        }
    )  # fmt: skip
    runs = []
    for blocks in (*CUTS, Blocks(users=1, items=64, threads=1)):
        moments = [
            (m.feed.copy(), m.clicks.copy(), m.after.users.interests, m.after.follows.targets)
            for m in play(scenario, blocks=blocks)
        ]
        runs.append([np.concatenate(column) for column in zip(*moments, strict=True)])
        blocks.close()  # ends the threads that the other tests have used, too
    for other in runs[1:]:
        assert all((one == same).all() for one, same in zip(runs[0], other, strict=True))
