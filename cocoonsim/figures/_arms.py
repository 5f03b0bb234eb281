"""Reading a comparison: its arms, and which differences are worth a place in a figure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from cocoonsim.experiments.compare import Comparison


FIRST = (
    "effective_topics", "top_topic_share", "cross_cutting_share", "opinion_variance", "neighbour_correlation",
    "item_exposure_gini", "engagement", "true_utility",
)  # fmt: skip
"""The metrics that are drawn over time after those that answer the question; other figures begin with them."""


def first_metrics(comparison: Comparison) -> list[tuple[str, str]]:
    """(metric, stage or nothing) with which figures begin: those that answer the question, then the usual ones."""
    answers = [answer["of"].partition(".") for answer in comparison.manifest["scenario"].get("answer", [])]
    asked = {metric: stage for metric, _, stage in answers}
    return list((asked | {metric: "" for metric in FIRST if metric not in asked}).items())


def drawn_arms(comparison: Comparison, most: int) -> list[str]:
    """The arms for which there is room in one picture: with more than `most`, those that the answers speak of."""
    arms = arm_names(comparison)
    told = {arm for answer in comparison.manifest["scenario"].get("answer", []) for arm in answer.get("arms", ())}
    return arms if len(arms) <= most or not told else [arm for arm in arms if arm in told or arm == arms[0]]


def arm_names(comparison: Comparison) -> list[str]:
    """The arms, the one compared against first."""
    against = comparison.manifest["against"]
    return [against, *(arm for arm in comparison.manifest["arms"] if arm != against)]


def one_arm(comparison: Comparison, arm: str) -> pl.DataFrame:
    """The metrics of one arm."""
    return comparison.metrics.filter(pl.col("arm") == arm)


def value_differences(comparison: Comparison) -> pl.DataFrame:
    """The defined differences in value: one row for each arm, metric and stage (null models do not change a value)."""
    rows = comparison.differences.filter(pl.col("quantity") == "value", pl.col("difference").is_finite())
    return rows.unique(["arm", "metric", "stage", "stat"], keep="first", maintain_order=True)


def sure(low: float | None, high: float | None) -> bool:
    """The interval leaves out zero; false where there is no interval."""
    return low is not None and high is not None and (low > 0 or high < 0)
