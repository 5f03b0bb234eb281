"""The default story holds: personalisation narrows, against chance and against the chronological feed; chance does not.

Directions are claims of the literature (Chaney, Stewart & Engelhardt 2018; Pariser 2011), intervals are ours.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from cocoonsim import Scenario, compare, simulate
from cocoonsim.experiments.compare import Comparison
from cocoonsim.experiments.statistics import paired_difference

pytestmark = pytest.mark.slow
FILE = Path(__file__).parents[1] / "scenarios" / "information_cocoon.yaml"
SEEDS = 10
DIVERSITY = ("effective_topics", "gini_simpson", "intra_list_distance")


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    """Half as many people as the story has, measured in three of the last ten steps, of which the claims are."""
    return compare(Scenario.from_file(FILE, sets=["population.users=1000", "record.every=5"]), seeds=SEEDS)


@pytest.mark.parametrize("metric", DIVERSITY)
def test_the_personalised_feed_is_narrower_than_the_popularity_null(comparison: Comparison, metric: str) -> None:
    late = comparison.metrics.filter(
        pl.col("arm") == "personalised", pl.col("metric") == metric, pl.col("null_name") == "popularity",
        pl.col("stat") == "mean", pl.col("group") == "all", pl.col("step") >= 40,
    )  # fmt: skip
    excess = late.group_by("seed").agg(pl.col("excess").mean())["excess"].to_numpy()
    assert len(excess) == SEEDS
    assert paired_difference(excess, np.zeros(SEEDS))["high"] < 0


@pytest.mark.parametrize("metric", DIVERSITY)
def test_the_personalised_feed_is_narrower_than_the_chronological_one(comparison: Comparison, metric: str) -> None:
    found = comparison.differences.filter(
        pl.col("arm") == "personalised", pl.col("against") == "chronological", pl.col("metric") == metric,
        pl.col("null_name") == "popularity",
    )  # fmt: skip
    assert found["n_seeds"].to_list() == [SEEDS, SEEDS]
    assert (found["high"] < 0).all()


def test_it_shows_less_of_the_other_side_than_chance_and_people_click_still_less(comparison: Comparison) -> None:
    late = comparison.metrics.filter(
        pl.col("arm") == "personalised", pl.col("metric") == "cross_cutting_share", pl.col("stat") == "mean",
        pl.col("group") == "all", pl.col("step") >= 40,
    )  # fmt: skip
    means = late.group_by("stage", "seed").agg(pl.col("value").mean()).sort("seed")
    by_stage = {stage: means.filter(pl.col("stage") == stage)["value"].to_numpy() for stage in means["stage"].unique()}
    assert paired_difference(by_stage["shown"], by_stage["chance"])["high"] < 0
    assert paired_difference(by_stage["clicked"], by_stage["shown"])["high"] < 0


def test_chance_alone_shows_no_excess() -> None:
    # no reinforcement, no ranking: the feed is the uniform-pool null itself, so every excess is 0 but for sampling
    # (200 people: with 1,000 each of the 600 items is shown to somebody in every step, and coverage has no spread to judge by)
    scenario = Scenario.from_file(
        FILE, sets=["ranking=shuffled", "feed=top", "influence=none", "population.users=200", "steps=20"]
    )
    metrics = simulate(scenario, seeds=list(range(1, SEEDS + 1))).metrics.filter(
        pl.col("null_name") == "uniform-pool", pl.col("stage") == "shown", pl.col("group") == "all",
        pl.col("stat").is_in(["mean", "value"]),
    )  # fmt: skip
    names = metrics["metric"].unique().to_list()
    assert set(DIVERSITY) | {"catalogue_coverage", "item_exposure_gini", "cross_cutting_share"} <= set(names)
    for name in names:
        per_seed = metrics.filter(pl.col("metric") == name).group_by("seed").agg(pl.col("excess").fill_nan(None).mean())
        excess = per_seed["excess"].to_numpy()
        error = excess.std(ddof=1) / np.sqrt(SEEDS)
        # each of 20 steps is a fresh draw, so their mean is near normal; and the spread must be one to judge by
        assert error > 0, name
        assert abs(excess.mean()) <= 3 * error + 1e-9, f"{name}: {excess.mean():.2g} ± {error:.2g}"
