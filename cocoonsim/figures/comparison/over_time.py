"""The arms of a comparison over time, on the same axes: where they part, and what chance alone would give."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from cocoonsim.figures._arms import arm_names, drawn_arms, first_metrics, one_arm
from cocoonsim.figures._lines import area, line
from cocoonsim.figures._look import (
    DASHES,
    GREY,
    PALETTE,
    STACKED,
    NothingToShow,
    about,
    named,
    number,
    panelled,
    plain,
    shade,
)  # fmt: skip
from cocoonsim.figures._numbers import Series, nulls_of, series, stages_of

if TYPE_CHECKING:
    from cocoonsim.experiments.compare import Comparison

TITLE = "The arms over time"
PLACE = 10
WIDE = True


def panels(comparison: Comparison) -> list[tuple[str, str]]:
    """The metrics that some arm has numbers for, each with the stage that is drawn. Raises NothingToShow."""
    found = []
    for metric, stage in first_metrics(comparison):
        stages = stages_of(comparison.metrics, metric)
        if stages:
            found.append((metric, next((one for one in (stage, "shown") if one in stages), stages[0])))
    if not found:
        raise NothingToShow("None of the metrics drawn here was measured, or all are undefined.")
    return found


def arms_of(comparison: Comparison, metric: str, stage: str) -> dict[str, Series]:
    """A metric over time in each arm that has numbers for it."""
    arms = drawn_arms(comparison, len(PALETTE))
    found = {arm: series(one_arm(comparison, arm), metric, stage) for arm in arms}
    return {arm: one for arm, one in found.items() if one.defined}


def draw(comparison: Comparison) -> go.Figure:
    """A panel for each metric, a line for each arm with the range over seeds; the null of the first arm in grey."""
    found = panels(comparison)
    titles = [plain(about(metric).short) for metric, _ in found]
    drawn = make_subplots(len(found), 1, shared_xaxes=True, subplot_titles=titles, vertical_spacing=0.24 / len(found))
    panelled(drawn, STACKED, len(found), hovermode="x unified")
    arms = drawn_arms(comparison, len(PALETTE))
    named_already: set[str] = set()
    for row, (metric, stage) in enumerate(found, start=1):
        found_here = arms_of(comparison, metric, stage)
        for arm, one in found_here.items():
            colour, dash = PALETTE[arms.index(arm) % len(PALETTE)], DASHES[arms.index(arm) % len(DASHES)]
            if one.seeds > 1:
                for trace in area(one.step, one.low, one.high, "range", shade(colour, 0.13)):
                    drawn.add_trace(trace.update(showlegend=False, legendgroup=plain(arm)), row, 1)
            first = arm not in named_already
            named_already.add(arm)
            drawn.add_trace(
                line(one.step, one.value, plain(arm), colour, dash, legendgroup=plain(arm), showlegend=first), row, 1
            )
        if nulls_of(comparison.metrics, metric, stage):
            base = series(one_arm(comparison, comparison.manifest["against"]), metric, stage)
            chance = line(base.step, base.null, "expected by chance", GREY, "dot", legendgroup="chance")
            drawn.add_trace(chance.update(showlegend="chance" not in named_already), row, 1)
            named_already.add("chance")
        drawn.update_yaxes(title_text=about(metric).scale, range=_at_least(found_here), row=row, col=1)
    drawn.update_xaxes(title_text="Step", row=len(found), col=1)
    return drawn


def _at_least(found: dict[str, Series]) -> list[float] | None:
    """A range for an axis on which hardly anything moves, lest rounding errors look like mountains; else None."""
    values = [value for one in found.values() for value in (*one.low, *one.high, *one.null) if math.isfinite(value)]
    low, high = min(values), max(values)
    room = 0.1 * max(abs(low), abs(high), 0.1)
    return [(low + high) / 2 - room, (low + high) / 2 + room] if high - low < room / 5 else None


def caption(comparison: Comparison) -> str:
    """Where the arms end on the first of the metrics."""
    metric, stage = panels(comparison)[0]
    ends = {arm: one.last for arm, one in arms_of(comparison, metric, stage).items()}
    listed = ", ".join(f"{number(value)} in “{arm}”" for arm, value in ends.items())
    seeds = len(comparison.manifest["seeds"])
    spread = f" Means over {seeds} seeds; shaded: from the lowest to the highest seed." if seeds > 1 else ""
    left = len(arm_names(comparison)) - len(drawn_arms(comparison, len(PALETTE)))
    room = f" Drawn are the arms that the first sentences speak of; {left} more are below." if left else ""
    return f"At the end the {named(metric)} is {listed}.{spread}{room}"
