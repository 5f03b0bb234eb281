"""Lines over time: what people were shown and clicked, against what chance alone would give."""

from __future__ import annotations

import math
from typing import Any

import plotly.graph_objects as go
import polars as pl

from cocoonsim.figures._look import (
    BLUE,
    GREY,
    HEIGHT,
    ORANGE,
    NothingToShow,
    about,
    canvas,
    named,
    number,
    plain,
    shade,
)  # fmt: skip
from cocoonsim.figures._numbers import STAGE_WORDS, Series, null_words, nulls_of, series, stages_of

_COLOURS = {"shown": BLUE, "clicked": ORANGE}


def against_null(metrics: pl.DataFrame, metric: str, height: int = HEIGHT) -> go.Figure:
    """A metric over time, what is shown and what is clicked, each null model of the first dashed."""
    found = shown_and_clicked(metrics, metric)
    drawn = canvas(height, hovermode="x unified")
    for one in found:
        colour = _COLOURS.get(one.stage, BLUE)
        if one is found[0]:
            drawn.add_traces(bands(one, colour))
        drawn.add_trace(line(one.step, one.value, STAGE_WORDS.get(one.stage, one.stage).capitalize(), colour))
    for dash, null in zip(("dash", "dot", "dashdot"), nulls_of(metrics, metric, found[0].stage), strict=False):
        one = series(metrics, metric, found[0].stage, null)
        words = null_words(null)
        drawn.add_trace(line(one.step, one.null, f"Expected: {plain(words)}", GREY, dash))
    drawn.update_xaxes(title_text="Step")
    drawn.update_yaxes(title_text=about(metric).axis, rangemode="tozero")
    return drawn


def shown_and_clicked(metrics: pl.DataFrame, metric: str) -> list[Series]:
    """The metric at the stages it speaks of, `shown` before others. Raises NothingToShow."""
    stages = stages_of(metrics, metric)
    kept = [stage for stage in ("shown", "clicked") if stage in stages] or stages[:1]
    if not kept:
        raise NothingToShow(f"The {named(metric)} was not measured, or is undefined in every step.")
    return [series(metrics, metric, stage) for stage in kept]


def narrative(metrics: pl.DataFrame, metric: str) -> str:
    """What `against_null` shows, in words."""
    one = shown_and_clicked(metrics, metric)[0]
    of_what = "" if one.stage == "people" else f" of what people {'click' if one.stage == 'clicked' else 'are shown'}"
    text = f"The {named(metric)}{of_what} {one.course(about(metric).unit)}"
    nulls = [series(metrics, metric, one.stage, null) for null in nulls_of(metrics, metric, one.stage)]
    told = [f"{null_words(null.null_name)} would give {number(null.last_null)}" for null in nulls]
    text += f"; at the end, {' and '.join(told)}." if told else "."
    if one.q25:
        text += " The band holds the middle half of the users."
    if one.seeds > 1:
        text += f" Means over {one.seeds} seeds; the thin lines are their extremes."
    return text


def line(step: list[int], value: list[float], name: str, colour: str, dash: str = "solid", **more: Any) -> go.Scatter:
    """A line over the steps; a run of one step is a dot."""
    few = sum(math.isfinite(one) for one in value) < 3
    return go.Scatter(
        x=step, y=value, name=name, mode="lines+markers" if few else "lines",
        line={"color": colour, "width": 2.5 if dash == "solid" else 2, "dash": dash}, marker={"size": 8},
        hovertemplate="%{y:.3g}", **more,
    )  # fmt: skip


def bands(one: Series, colour: str) -> list[go.Scatter]:
    """The middle half of the users as a band, and the range over seeds as two thin lines."""
    traces: list[go.Scatter] = []
    if one.q25:
        traces += area(one.step, one.q25, one.q75, "Middle half of the users", shade(colour, 0.16))
    if one.seeds > 1:
        for edge in (one.low, one.high):
            thin = {"color": shade(colour, 0.6), "width": 1}
            traces.append(go.Scatter(x=one.step, y=edge, mode="lines", line=thin, showlegend=False, hoverinfo="skip"))
    return traces


def area(step: list[int], low: list[float], high: list[float], name: str, colour: str) -> list[go.Scatter]:
    """The area between two lines, in pieces where they are defined: a gap must not be drawn over."""
    traces: list[go.Scatter] = []
    piece: list[int] = []
    for at in range(len(step) + 1):
        if at < len(step) and math.isfinite(low[at]) and math.isfinite(high[at]):
            piece.append(at)
        elif piece:
            around = [*piece, *reversed(piece)]
            edge = [high[i] for i in piece] + [low[i] for i in reversed(piece)]
            traces.append(
                go.Scatter(
                    x=[step[i] for i in around], y=edge, fill="toself", fillcolor=colour, mode="lines",
                    line={"width": 0}, hoverinfo="skip", name=name, legendgroup=name, showlegend=not traces,
                )
            )  # fmt: skip
            piece = []
    return traces
