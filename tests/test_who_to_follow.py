"""Whom to follow, measured over 20 seeds: directions claimed by the sources of the scenario, with paired intervals.

Cinus et al. (2022) claim that recommenders of the like-minded raise the neighbour correlation over random ones; Sasahara et al.
(2021) and the reduction of Cinus et al. that random ties let walks change sides.
"""

from functools import cache
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from cocoonsim import Scenario, compare
from cocoonsim.answers import comparison_answers, late
from cocoonsim.experiments.statistics import paired_difference

pytestmark = pytest.mark.slow
FILE = Path(__file__).parents[1] / "scenarios" / "who_to_follow.yaml"
SEEDS = 20


@cache
def played():
    """As `cocoonsim compare --seeds 20` makes it, but measured in two of the last six steps: controversy takes its time."""
    return compare(Scenario.from_file(FILE, sets=["record.every=6"]), seeds=SEEDS)


def by_seed(arm, metric, stage="people"):
    rows = late(played().metrics.filter(pl.col("arm") == arm), metric, stage)
    means = rows.group_by("seed").agg(pl.col("value").mean()).sort("seed")["value"].to_numpy()
    assert len(means) == SEEDS
    return means


@pytest.mark.parametrize(
    ("metric", "higher", "lower"),
    [
        ("neighbour_correlation", "alike", "strangers"),
        ("neighbour_correlation", "friends of friends", "strangers"),
        ("neighbour_correlation", "strangers", "other camp"),
        ("rwc", "alike", "ties stay"),
        ("rwc", "ties stay", "strangers"),
        ("rwc", "strangers", "other camp"),
    ],
)
def test_what_closes_and_what_opens(metric, higher, lower):
    difference = paired_difference(by_seed(higher, metric), by_seed(lower, metric))
    assert difference["low"] > 0, difference


def test_the_budget_is_the_same_for_all():
    for arm in ("friends of friends", "strangers", "alike", "popular", "other camp"):
        assert np.allclose(by_seed(arm, "rewirings"), 0.4, atol=1e-3)
    assert not by_seed("ties stay", "rewirings").any()


def test_the_headline_answers_with_numbers_and_intervals():
    told = comparison_answers(played())
    assert "controversy" in " ".join(told)
    assert " to " in told[0]
