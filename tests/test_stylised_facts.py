"""Facts about real platforms come out of shipped scenarios: directions, not sizes (REPLICATIONS, section 5).

Facts 1, 3 and 7 disagree in sign with one another on purpose: their baselines differ.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from cocoonsim import Scenario, compare
from cocoonsim.experiments.compare import Comparison
from cocoonsim.experiments.statistics import paired_difference

pytestmark = pytest.mark.slow
FOLDER = Path(__file__).parents[1] / "scenarios" / "facts"
SEEDS = 10


@cache
def played(name: str) -> Comparison:
    return compare(Scenario.from_file(FOLDER / f"{name}.yaml"), seeds=SEEDS)


def between(name: str, arm: str, metric: str, stage: str, first: int, last: int) -> np.ndarray:
    """float64 (10,): the mean over the steps first ... last - 1, seed by seed."""
    rows = played(name).metrics.filter(
        pl.col("arm") == arm, pl.col("metric") == metric, pl.col("stage") == stage, pl.col("group") == "all",
        pl.col("stat").is_in(["mean", "value"]), pl.col("step") >= first, pl.col("step") < last,
    )  # fmt: skip
    means = rows.group_by("seed").agg(pl.col("value").fill_nan(None).mean()).sort("seed")["value"].to_numpy()
    assert len(means) == SEEDS
    return means


def low(difference: np.ndarray) -> float:
    """Where the 95 % interval of a mean of paired differences begins; positive: they are above 0."""
    found = paired_difference(difference, np.zeros(SEEDS))
    assert found["n_seeds"] == SEEDS
    return float(found["low"])


def test_fact_1_consumption_narrows_and_less_so_for_those_who_take_recommendations() -> None:
    """Nguyen et al. (2014), MovieLens."""
    narrowing = {
        arm: between("taking_recommendations", arm, "choice_distance", "clicked", 1, 7)
        - between("taking_recommendations", arm, "choice_distance", "clicked", 24, 30)
        for arm in ("alone", "recommended")
    }
    assert low(narrowing["alone"]) > 0
    assert low(narrowing["recommended"]) > 0
    assert low(narrowing["alone"] - narrowing["recommended"]) > 0


def test_fact_2_friends_then_ranking_then_choice_and_choice_takes_more_than_ranking() -> None:
    """Bakshy et al. (2015), Facebook: 29.5 % shared by friends, 28.9 % shown, 24.9 % clicked; 23 % of friends opposed."""
    network, shown, clicked = (
        between("news_funnel", "mild ranking", "cross_cutting_share", stage, 5, 25)
        for stage in ("network", "shown", "clicked")
    )
    assert low(network - shown) > 0
    assert low((shown - clicked) - (network - shown)) > 0
    chance = between("news_funnel", "mild ranking", "cross_cutting_share", "chance", 5, 25)
    assert low(chance - network) > 0


@pytest.mark.parametrize(
    ("metric", "stage", "sign"),
    [("engagement", "clicked", 1), ("effective_topics", "shown", -1), ("catalogue_coverage", "shown", 1)],
    ids=["streams up", "individual diversity down", "aggregate diversity up"],
)
def test_fact_3_personal_against_popular(metric: str, stage: str, sign: int) -> None:
    """Holtz et al. (2020), Spotify: +28.90 %, -11.51 %, +5.96 %."""
    personal, popular = (between("personal_or_popular", arm, metric, stage, 24, 30) for arm in ("personal", "popular"))
    assert low(sign * (personal - popular)) > 0


def test_fact_5_animosity_moves_people_a_little_both_ways_and_not_for_good() -> None:
    """Piccardi et al. (2025), X: about 2 points of 100 warmer, 2.5 colder, after ten days; here ten to fifteen steps."""
    plain, down, up = (
        between("animosity", arm, "opinion_variance", "people", 20, 25)
        for arm in ("as it is", "turned down", "turned up")
    )
    assert low(plain - down) > 0
    assert low(up - plain) > 0
    cooled, heated = ((plain - down) / plain).mean(), ((up - plain) / plain).mean()
    assert max(cooled, heated) < 0.15, "small"
    assert 0.5 < cooled / heated < 2.0, "about as much both ways"
    ended = between("animosity", "turned down for a while", "opinion_variance", "people", 50, 60)
    left = between("animosity", "as it is", "opinion_variance", "people", 50, 60) - ended
    assert low((plain - down) - 2 * left) > 0, "more than half of it is gone"


def test_fact_7_each_person_meets_more_and_all_together_less() -> None:
    """Fleder & Hosanagar (2009): a recommender that learns from the crowd, against people who search alone."""
    for metric in ("effective_topics", "item_exposure_gini"):
        recommended, alone = (
            between("taking_recommendations", arm, metric, "shown", 24, 30) for arm in ("recommended", "alone")
        )
        assert low(recommended - alone) > 0, metric
