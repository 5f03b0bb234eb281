"""Several metrics over time, one panel above the other: their units differ, so each has an axis of its own."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go
import polars as pl
from plotly.subplots import make_subplots

from cocoonsim.figures._lines import bands, line
from cocoonsim.figures._look import BLUE, GREY, RED, STACKED, NothingToShow, about, named, number, panelled, plain
from cocoonsim.figures._numbers import Series, null_words, nulls_of, series, stages_of


def measured(metrics: pl.DataFrame, names: Sequence[str]) -> list[Series]:
    """Those of the metrics that have numbers, `shown` before other stages. Raises NothingToShow when none has."""
    found = []
    for name in names:
        stages = stages_of(metrics, name)
        if stages:
            found.append(series(metrics, name, "shown" if "shown" in stages else stages[0]))
    if not found:
        listed = " and ".join(named(name) for name in names)
        raise NothingToShow(f"The {listed} were not measured, or are undefined in every step.")
    return found


def stacked(metrics: pl.DataFrame, names: Sequence[str]) -> go.Figure:
    """A panel for each of the metrics that has numbers."""
    found = measured(metrics, names)
    titles = [plain(about(one.metric).short) for one in found]
    drawn = make_subplots(len(found), 1, shared_xaxes=True, subplot_titles=titles, vertical_spacing=0.24 / len(found))
    panelled(drawn, STACKED, len(found), hovermode="x unified", showlegend=False)
    for row, one in enumerate(found, start=1):
        colour = (BLUE, RED)[(row - 1) % 2]
        for trace in [*bands(one, colour), line(one.step, one.value, titles[row - 1], colour)]:
            drawn.add_trace(trace, row, 1)
        for dash, null in zip(("dash", "dot"), nulls_of(metrics, one.metric, one.stage), strict=False):
            there = series(metrics, one.metric, one.stage, null)
            drawn.add_trace(line(there.step, there.null, f"Expected: {plain(null_words(null))}", GREY, dash), row, 1)
        drawn.update_yaxes(title_text=about(one.metric).scale, rangemode=about(one.metric).mode, row=row, col=1)
    drawn.update_xaxes(title_text="Step", row=len(found), col=1)
    return drawn


def told(metrics: pl.DataFrame, names: Sequence[str]) -> str:
    """From where to where each of the metrics went."""
    found = measured(metrics, names)
    parts = []
    for one in found:
        part = f"the {named(one.metric)} {one.course(about(one.metric).unit)}"
        nulls = nulls_of(metrics, one.metric, one.stage)
        if nulls:
            null = series(metrics, one.metric, one.stage, nulls[0])
            part += f" ({null_words(nulls[0])} would give {number(null.last_null)} at the end, dashed)"
        parts.append(part)
    text = "; ".join(parts)
    if any(one.q25 for one in found):
        text += ". Bands hold the middle half of the users"
    return f"{text[0].upper()}{text[1:]}."
