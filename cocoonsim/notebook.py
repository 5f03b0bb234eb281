"""What is kept of one run, noted moment by moment."""

from __future__ import annotations

import dataclasses
import io
from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import numpy as np

from cocoonsim.assemble import Parts, assemble, fitting_metrics
from cocoonsim.core.component import build
from cocoonsim.core.moment import Moment
from cocoonsim.core.world import World
from cocoonsim.events import EventLog
from cocoonsim.explanations import Explanation, exact, explain, shares
from cocoonsim.metrics import Metric
from cocoonsim.snapshots import final_network, final_users, followed, followed_feeds, opinion_histogram
from cocoonsim.summaries import summaries

if TYPE_CHECKING:
    import polars as pl

    from cocoonsim.scenario import Scenario

_TOGETHER = 256  # steps whose columns become a table at once


class Last(NamedTuple):
    """How a run ended."""

    step: int
    stopped: str
    world: World


class Notebook:
    """What is kept of one run: rows of the metrics table, opinion histograms, some people's feeds, the final state."""

    TABLES = ("metrics", "users", "opinions", "sample_feeds", "sample_network")

    def __init__(self, scenario: Scenario, seed: int, parts: Parts | None = None, events: Path | None = None) -> None:
        """`parts` are the scenario's, assembled; `events` is the folder of the event log, a temporary one if not given."""
        self.parts = parts or assemble(scenario)
        self.metrics = self.parts.metrics
        """What is measured; where the scenario names nothing, all that makes sense in the world of the first moment."""
        self.seed, self.every, self.steps = seed, scenario.record.every, scenario.steps
        self.follow, self.explain = scenario.record.follow, scenario.record.explain
        self.events = EventLog(seed, scenario.record.events, events, scenario.record.explain)
        self.rows: list[tuple[Any, ...]] = []
        self.histograms: list[Any] = []
        self.feeds: list[Any] = []
        self.last: Last | None = None
        self.counts: tuple[np.ndarray, np.ndarray] | None = None

    def watch(self, moment: Moment) -> None:
        """Note one moment."""
        if not self.metrics:
            self.metrics = measures(fitting_metrics(moment.world))
        if moment.step % self.every == 0 or moment.stopped:
            for metric in self.metrics:  # a million users' numbers are gone before the next metric is asked
                self.rows.extend(summaries(moment, metric, metric.measure(moment)))
            for intervention in self.parts.interventions:
                for quantity, stat, value in intervention.watch(moment):
                    self.rows.append((moment.step, quantity, "shown", "all", stat, value, "", np.nan, np.nan))
            self.histograms.append(opinion_histogram(self.seed, moment.step, moment.world))
        why = self._why(moment)
        if why is not None and self.explain:
            self.rows.extend(_explained(self.parts, moment, why))
        self.feeds.append(followed_feeds(self.seed, moment, self.follow, why))
        self.events.write(moment, self.parts)
        if moment.stopped:
            self.last = Last(moment.step, moment.stopped, moment.after)
            users = moment.users
            clicks, shown = moment.history.clicks.copy(), moment.history.shown.copy()
            clicks[users] += moment.clicks.sum(axis=1)
            shown[users] += moment.seen.sum(axis=1)
            self.counts = (clicks, shown)

    def _why(self, moment: Moment) -> Explanation | None:
        """Why the people who are followed saw what they saw; None where it cannot be told."""
        if not self.follow or self.parts.activity.in_turns:
            return None
        return explain(self.parts, moment, followed(moment.world.n_users, self.follow))

    def ending(self) -> dict[str, Any]:
        """How the run ended, for its manifest."""
        assert self.last is not None
        world = self.last.world
        return {
            "stopped": self.last.stopped,
            "steps_done": self.last.step + 1,
            "n_users": world.n_users,
            "n_items": world.n_items,
            "topic_names": list(world.topic_names),
            "metrics": [{"kind": metric.name, **dataclasses.asdict(metric)} for metric in self.metrics],
        }

    def state(self) -> dict[str, Any]:
        """What is noted so far, to go on later with `restore`."""
        return {
            "metrics": [metric.name for metric in self.metrics],
            "rows": packed(self.table("metrics").drop("seed")),
            "histograms": packed(_joined(self.histograms)) if self.histograms else None,
            "feeds": packed(_joined(self.feeds)) if self.feeds else None,
            "events": self.events.state(),
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from the `state` of an earlier notebook. Raises UserError when its event log has changed since."""
        self.metrics = self.metrics or measures(state["metrics"])
        self.rows = unpacked(state["rows"]).rows()
        self.histograms, self.feeds = (
            [unpacked(state[name])] if state[name] else [] for name in ("histograms", "feeds")
        )
        self.events.restore(state["events"])

    def table(self, name: str) -> pl.DataFrame:
        """One of `TABLES` as a polars frame."""
        import polars as pl

        if name == "metrics":
            columns = ("step", "metric", "stage", "group", "stat", "value", "null_name", "null_value", "excess")
            frame = pl.DataFrame(self.rows, schema=columns, orient="row")
            return frame.select(pl.lit(self.seed, pl.Int64).alias("seed"), pl.col("step").cast(pl.Int64), *columns[1:])
        if name == "opinions":
            return _joined(self.histograms)
        if name == "sample_feeds":
            return _joined(self.feeds)
        assert self.last is not None
        assert self.counts is not None
        if name == "users":
            return pl.DataFrame(final_users(self.seed, self.last.world.users, *self.counts))
        return pl.DataFrame(final_network(self.seed, self.last.world))


def _explained(parts: Parts, moment: Moment, why: Explanation) -> list[tuple[Any, ...]]:
    """Rows on the explanations of what the followed people were shown: how many are exact, and what the scores are made of."""
    shown = why.items >= 0
    right = float(exact(parts, moment, why)[shown].mean()) if shown.any() else np.nan
    told = {"explained": right, **{f"explained by {name}": share for name, share in shares(why).items()}}
    return [(moment.step, name, "shown", "all", "mean", value, "", np.nan, np.nan) for name, value in told.items()]


def measures(names: Sequence[str]) -> tuple[Metric, ...]:
    """Metrics by name, with their default settings."""
    return cast("tuple[Metric, ...]", tuple(build("metrics", {"kind": name}) for name in names))


def packed(frame: pl.DataFrame) -> bytes:
    """A table as a Parquet file in memory."""
    file = io.BytesIO()
    frame.write_parquet(file, compression="zstd")
    return file.getvalue()


def unpacked(file: bytes) -> pl.DataFrame:
    """The table that `packed` was given."""
    import polars as pl

    return pl.read_parquet(io.BytesIO(file))


def _joined(parts: Sequence[Any]) -> pl.DataFrame:
    """Columns or tables below each other, in one piece: files must not tell how a table came together."""
    import polars as pl

    tables = []
    for plain, run in groupby(parts, lambda part: isinstance(part, dict)):
        rows = list(run)
        if plain:  # a table for each step would take longer than the step
            some = (rows[low : low + _TOGETHER] for low in range(0, len(rows), _TOGETHER))
            rows = [{name: np.concatenate([one[name] for one in few]) for name in few[0]} for few in some]
        tables += [pl.DataFrame(part) for part in rows]
    return pl.concat(tables, rechunk=True)
