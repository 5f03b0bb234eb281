"""The figure of a paper, redrawn from our runs: a point for each variant, or lines over the steps."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import plotly.graph_objects as go

from cocoonsim.figures._look import (
    BLUE,
    DASHES,
    GREY,
    HEIGHT,
    PALETTE,
    NothingToShow,
    about,
    canvas,
    number,
    plain,
    shade,
    wrapped,
)

if TYPE_CHECKING:
    from cocoonsim.experiments.replicate import Drawn, Replication


class Redrawn:
    """One picture, as a figure file offers it."""

    PLACE = 0

    def __init__(self, picture: Drawn) -> None:
        self.picture = picture
        self.TITLE = picture.title

    def draw(self, one: Replication) -> go.Figure:
        """The picture."""
        picture = self.picture
        if not any(math.isfinite(value) for _, _, mean, _, _ in picture.rows for value in mean):
            raise NothingToShow(f"The {picture.quantity} is undefined in every run.")
        figure = self._over_time() if picture.kind == "time" else self._by_variant()
        return figure.update_yaxes(
            title_text=_axis(picture.quantity), type="log" if picture.log else "linear", exponentformat="power"
        )

    def _over_time(self) -> go.Figure:
        figure = canvas(HEIGHT, hovermode="x unified")
        for place, (name, x, mean, low, high) in enumerate(self.picture.rows):
            colour, dash = PALETTE[place % len(PALETTE)], DASHES[place % len(DASHES)]
            if math.isfinite(low[0]):
                figure.add_scatter(
                    x=[*x, *reversed(x)], y=[*low, *reversed(high)], fill="toself", fillcolor=shade(colour, 0.15), mode="lines",
                    line={"width": 0}, hoverinfo="skip", showlegend=False,
                )  # fmt: skip
            figure.add_scatter(
                x=x, y=mean, name=plain(name), mode="lines", line={"color": colour, "width": 2.5, "dash": dash}
            )
        return figure.update_xaxes(title_text="Step")

    def _by_variant(self) -> go.Figure:
        figure = canvas(HEIGHT)
        names = [plain(row[0]) for row in self.picture.rows]
        mean = [row[2][0] for row in self.picture.rows]
        up = [row[4][0] - row[2][0] for row in self.picture.rows]
        figure.add_scatter(
            x=names, y=mean, error_y={"type": "data", "array": [0.0 if math.isnan(one) else one for one in up], "width": 5},
            mode="markers", name="this run, with 95 % interval", marker={"color": BLUE, "size": 9}, offsetgroup="ours",
        )  # fmt: skip
        if self.picture.references:
            figure.add_scatter(
                x=[plain(name) for name, _, _ in self.picture.references], y=[at for _, at, _ in self.picture.references],
                error_y={"type": "data", "array": [half for _, _, half in self.picture.references], "width": 5},
                mode="markers", name="independent runs", offsetgroup="theirs",
                marker={"color": GREY, "size": 11, "symbol": "diamond-open", "line": {"width": 2}},
            )  # fmt: skip
            figure.update_layout(scattermode="group", scattergap=0.75)
        figure.update_xaxes(title_text=plain(self.picture.across), categoryorder="array", categoryarray=names)
        return figure

    def caption(self, one: Replication) -> str:
        """What it shows, in a sentence with numbers."""
        ends = [f"{name}: {number(mean[-1])}" for name, _, mean, _, _ in self.picture.rows]
        when = " at the last step" if self.picture.kind == "time" else ""
        return f"Means over {one.seeds} seeds{when}: {'; '.join(ends)}."


def _axis(quantity: str) -> str:
    """What is measured, in words: the standard name of a metric, and which of its numbers."""
    metric, _, which = quantity.partition(".")
    if metric == "steps":
        return "Length of a run (steps)"
    if metric == "stopped":
        return wrapped(f"Share of runs that ended as {which}", 34)
    return f"{about(metric).axis}<br>{plain(which)}" if which else about(metric).axis
