"""The largest scenario that is shipped, at its own size on paper and at a small one in memory."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from cocoonsim import Scenario, simulate
from cocoonsim.core.blocks import Blocks

FILE = Path(__file__).parents[2] / "scenarios" / "million.yaml"


def test_it_is_as_large_as_it_says() -> None:
    scenario = Scenario.from_file(FILE)
    assert scenario.spec("population")["users"] == 1_000_000
    assert scenario.spec("catalogue")["items"] == 100_000
    assert (scenario.steps, scenario.slate) == (10, 10)
    assert scenario.spec("candidates") == {"kind": "cohort_pool", "size": 500, "cohort": 2048}


@pytest.fixture(scope="module")
def small() -> pl.DataFrame:
    """The metrics of a thousandth of it and a bit, cohorts in proportion."""
    sets = ["population.users=1500", "catalogue.items=4000", "candidates.size=200", "candidates.cohort=256", "steps=6"]
    return simulate(Scenario.from_file(FILE, sets), blocks=Blocks(threads=1)).metrics


def at(metrics: pl.DataFrame, metric: str, step: int) -> tuple[float, float]:
    """(mean, mean of the null model) of a metric in a step."""
    row = metrics.filter(
        (pl.col("metric") == metric) & (pl.col("step") == step) & (pl.col("stat") == "mean")
        & (pl.col("stage") == "shown") & (pl.col("group") == "all")
    ).row(0, named=True)  # fmt: skip
    return row["value"], row["null_value"]


def test_a_small_one_runs_to_its_end_and_narrows(small: pl.DataFrame) -> None:
    assert sorted(small["step"].unique()) == list(range(6))
    first, chance = at(small, "gini_simpson", 0)
    # nobody has clicked yet: all items tie, so a feed is a random draw, and the mean of 1,500 feeds is near its null
    assert first == pytest.approx(chance, abs=0.01)
    last, chance = at(small, "gini_simpson", 5)
    assert last < 0.75 * chance
