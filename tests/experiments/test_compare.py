"""Comparisons: the same worlds in all arms, pairs by seed, the same answer from any number of processes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from cocoonsim import Scenario, compare
from cocoonsim.core.errors import UserError
from cocoonsim.experiments.compare import Comparison, differences

SMALL: dict[str, Any] = {
    "name": "small",
    "steps": 5,
    "slate": 5,
    "population": {"kind": "uniform", "users": 60},
    "catalogue": {"kind": "topic_mix", "items": 80, "topics": 6},
    "compare": {
        "against": "random",
        "arms": {"content": {"ranking": "content"}, "random": {"ranking": "shuffled"}, "twin": {"ranking": "shuffled"}},
    },
}


def test_arms_that_are_alike_do_not_differ_at_all() -> None:
    # shared draws: two arms with the same settings are the same run, so every paired difference is exactly 0
    found = compare(Scenario.from_dict(SMALL), seeds=2, jobs=1).differences
    twin = found.filter(pl.col("arm") == "twin", pl.col("difference").is_not_nan())
    assert len(twin) > 10
    assert twin["difference"].abs().max() == 0.0


def test_the_first_step_is_the_same_world_in_every_arm() -> None:
    metrics = compare(Scenario.from_dict(SMALL), seeds=1, jobs=1).metrics
    chance = metrics.filter(
        pl.col("step") == 0, pl.col("metric") == "cross_cutting_share", pl.col("stage") == "chance", pl.col("stat") == "mean",
        pl.col("group") == "all",
    )  # fmt: skip
    assert chance["arm"].n_unique() == 3
    assert chance["value"].n_unique() == 1


def test_processes_change_no_number() -> None:
    scenario = Scenario.from_dict(SMALL | {"steps": 3})
    one, two = compare(scenario, seeds=2, jobs=1), compare(scenario, seeds=2, jobs=2)
    assert one.metrics.equals(two.metrics, null_equal=True)
    assert one.differences.equals(two.differences, null_equal=True)


def test_differences_are_paired_by_seed() -> None:
    # seeds differ by 10, arms by 1: an unpaired comparison could not give an interval of a single point
    rows = [
        {"arm": arm, "seed": seed, "step": 0, "metric": "m", "stage": "shown", "group": "all", "stat": "mean",
         "value": 10.0 * seed + (arm == "b"), "null_name": "", "null_value": 0.0, "excess": 10.0 * seed + (arm == "b")}
        for arm in ("a", "b") for seed in (1, 2, 3)
    ]  # fmt: skip
    found = differences(pl.DataFrame(rows), ["a", "b"], "a").filter(pl.col("quantity") == "value").row(0, named=True)
    assert (found["difference"], found["low"], found["high"], found["n_seeds"]) == (1.0, 1.0, 1.0, 3)


def test_save_and_load(tmp_path: Path) -> None:
    found = compare(Scenario.from_dict(SMALL | {"steps": 2}), seeds=1, jobs=1)
    again = Comparison.load(found.save(tmp_path / "c"))
    assert again.metrics.equals(found.metrics, null_equal=True)
    assert again.manifest["arms"]["content"] == {"ranking": "content"}
    assert again.manifest["against"] == "random"


def test_a_scenario_without_arms_is_refused() -> None:
    plain = {key: value for key, value in SMALL.items() if key != "compare"}
    with pytest.raises(UserError, match="nothing to compare"):
        compare(Scenario.from_dict(plain), seeds=1)
