"""The sentences that answer a scenario's question: made from the numbers that its section `answer:` names."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from cocoonsim.experiments.compare import LATE
from cocoonsim.figures._arms import sure, value_differences
from cocoonsim.figures._look import named, number
from cocoonsim.figures._numbers import STAGE_WORDS, main_rows, null_words, nulls_of, stages_of

if TYPE_CHECKING:
    from cocoonsim.experiments.compare import Comparison
    from cocoonsim.results import Results


def run_answers(results: Results) -> list[str]:
    """Of a run: each number's mean over the last steps, an interval, and what its null model expects."""
    return [_of_run(results, one) for one in results.manifest["scenario"].get("answer", [])]


def comparison_answers(comparison: Comparison) -> list[str]:
    """Of a comparison: each number in the arm compared against, and how much the other arms differ, with intervals."""
    told = [_of_comparison(comparison, one) for one in comparison.manifest["scenario"].get("answer", [])]
    seeds = len(comparison.manifest["seeds"])
    if told and seeds > 1:
        told.append(f"In brackets: 95\u202f% intervals from {seeds} pairs of runs on the same draws.")
    return told


def _of_run(results: Results, answer: Mapping[str, Any]) -> str:
    metric, stage, words = _named(answer, results.metrics)
    rows = late(results.metrics, metric, stage)
    means = rows.group_by("seed", maintain_order=True).agg(pl.col("value").mean())["value"].drop_nulls().to_numpy()
    if not means.size:
        return f"{_capital(words)} is undefined."
    if means.size > 1:
        low, high = interval(means)
        span = f"95\u202f% interval {number(low)} to {number(high)}, from {means.size} seeds"
    else:
        single = rows["value"].to_numpy()
        low, high = float(single.min()), float(single.max())
        span = f"{number(low)} to {number(high)} in single steps; more seeds give a 95\u202f% interval: --seeds 10"
    text = f"{_capital(words)} is {number(float(means.mean()))} ({span})"
    nulls = nulls_of(results.metrics, metric, stage)
    if nulls:
        expects = rows.filter(pl.col("null_name") == nulls[0])["null_value"].mean()
        text += f"; {null_words(nulls[0])} would give {number(expects)}"  # type: ignore[arg-type]
    return f"{text}."


def _of_comparison(comparison: Comparison, answer: Mapping[str, Any]) -> str:
    metric, stage, words = _named(answer, comparison.metrics)
    against = comparison.manifest["against"]
    base = late(comparison.metrics.filter(pl.col("arm") == against), metric, stage)["value"].mean()
    rows = value_differences(comparison).filter(pl.col("metric") == metric, pl.col("stage") == stage)
    wanted = [arm for arm in answer.get("arms") or comparison.manifest["arms"] if arm != against]
    found = {row["arm"]: row for row in rows.iter_rows(named=True)}
    changes = "; ".join(change(found[arm]) for arm in wanted if arm in found)
    if base is None or not changes:
        return f"{_capital(words)} cannot be compared: it is undefined."
    return f"{_capital(words)} is {number(float(base))} with “{against}”. Compared with that, it is {changes}."  # type: ignore[arg-type]


def change(row: Mapping[str, Any]) -> str:
    """How much an arm differs, in words, with the interval where there is one."""
    size, low, high = row["difference"], row["low"], row["high"]
    amount = f"{number(abs(size))} {'higher' if size > 0 else 'lower'}" if size else "the same"
    if row["n_seeds"] < 2 or low == high == 0:
        return f"{amount} in “{row['arm']}”"
    luck = "" if sure(low, high) or not size else ": may be luck"
    return f"{amount} in “{row['arm']}” ({number(low)} to {number(high)}{luck})"


def late(metrics: pl.DataFrame, metric: str, stage: str) -> pl.DataFrame:
    """A metric's numbers about all in the last part of the steps, over which comparisons are made as well."""
    steps = int(metrics["step"].max()) + 1  # type: ignore[arg-type]
    return main_rows(metrics).filter(
        pl.col("metric") == metric, pl.col("stage") == stage, pl.col("step") >= steps - max(1, round(LATE * steps)),
        pl.col("value").is_finite(),
    )  # fmt: skip


def interval(means: np.ndarray) -> tuple[float, float]:
    """The 95\u202f% interval of a mean over seeds: Student's t.

    >>> round(interval(np.array([1.0, 2.0, 3.0]))[0], 3)  # 2 - 4.303 / sqrt(3)
    -0.484
    """
    from scipy.stats import t

    reach = float(t.ppf(0.975, len(means) - 1)) * float(means.std(ddof=1)) / math.sqrt(len(means))
    return float(means.mean()) - reach, float(means.mean()) + reach


def _named(answer: Mapping[str, Any], metrics: pl.DataFrame) -> tuple[str, str, str]:
    """Metric, stage and words; without a stage, the first at which the metric is defined."""
    metric, _, stage = answer["of"].partition(".")
    stage = stage or next(iter(stages_of(metrics, metric)), "")
    words = answer.get("words") or f"the {named(metric)} ({STAGE_WORDS.get(stage, stage)})"
    return metric, stage, words


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
