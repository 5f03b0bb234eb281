"""One run of a replication: played, watched where its checks look, and left as a few numbers."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from cocoonsim.core.blocks import Blocks
from cocoonsim.core.component import allow_plugin, build
from cocoonsim.core.errors import UserError
from cocoonsim.core.moment import Moment
from cocoonsim.metrics import Metric
from cocoonsim.scenario import Scenario
from cocoonsim.scenario.quantities import At, Quantity
from cocoonsim.simulate import play

Watched = dict[Quantity, tuple[At, ...]]


class Outcome(NamedTuple):
    """What one run has left."""

    steps: int
    stopped: str
    series: dict[Quantity, tuple[np.ndarray, np.ndarray]]
    seconds: float


@dataclass(frozen=True)
class Run:
    """A variant with a seed, as it is handed to a process."""

    scenario: dict[str, Any]
    seed: int
    watched: Watched
    plugins: tuple[str, ...]
    threads: int


def play_watched(run: Run) -> Outcome:
    """Play one run and look at it."""
    for plugin in run.plugins:
        allow_plugin(plugin)
    start = time.perf_counter()
    scenario = Scenario.from_dict(run.scenario)
    metrics: dict[Quantity, Any] = {what: build("metrics", what.spec) for what in run.watched if what.metric}
    noted: dict[Quantity, list[tuple[int, float]]] = {what: [] for what in metrics}
    steps, stopped = 0, ""
    for moment in play(scenario, run.seed, Blocks(threads=run.threads)):
        due = moment.step % scenario.record.every == 0 or bool(moment.stopped)
        for what, metric in metrics.items():
            looks = [at for at in run.watched[what] if due or at.word == "step"]
            if any(at.wants(moment.step, bool(moment.stopped)) for at in looks):
                noted[what].append((moment.step, _measure(metric, what, moment)))
        steps, stopped = moment.step + 1, moment.stopped
    series = {
        what: (np.array([step for step, _ in pairs], np.int64), np.array([value for _, value in pairs], np.float64))
        for what, pairs in noted.items()
    }
    return Outcome(steps, stopped, series, time.perf_counter() - start)


def _measure(metric: Metric, what: Quantity, moment: Moment) -> float:
    """One number from what a metric says. Raises UserError when it does not speak of the stage that is asked for."""
    readings = metric.measure(moment)
    chosen = [reading for reading in readings if not what.stage or reading.stage == what.stage]
    if not chosen:
        spoken = ", ".join(dict.fromkeys(reading.stage for reading in readings))
        raise UserError(f"{metric.name} does not speak of {what.stage}, but of {spoken}")
    reading = chosen[0]
    values = {"value": reading.values, "null": reading.null, "excess": reading.excess}[what.kind]
    values = np.broadcast_to(values, reading.values.shape)
    if reading.users is None:
        return float(values[0])
    values = values[~np.isnan(values)]
    return what.of_users(values) if values.size else np.nan


def value_of(outcome: Outcome, what: Quantity, at: At) -> float:
    """What a run has of a quantity; NaN where it is undefined."""
    if what.fact:
        return float(outcome.steps) if what.fact == "steps" else float(outcome.stopped == what.reason)
    return at.reduce(*outcome.series[what])
