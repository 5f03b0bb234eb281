"""Every mean of a replication against the one that others have found, in units of what the rule allows."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import plotly.graph_objects as go

from cocoonsim.figures._look import BLUE, GREEN, GREY, RED, NothingToShow, canvas, number, shade, wrapped

if TYPE_CHECKING:
    from cocoonsim.experiments.replicate import Replication
    from cocoonsim.experiments.verdicts import Verdict


class Agreement:
    """As a figure file offers it."""

    TITLE = "Agreement with independent runs"
    PLACE = 1
    WIDE = True

    def draw(self, one: Replication) -> go.Figure:
        """A row for each check that compares means; the band is what is allowed."""
        rows = _compared(one)
        if not rows:
            raise NothingToShow("No check compares a mean with one that others have found.")
        names = [wrapped(f"{verdict.of} · {verdict.where}", 30) for verdict in rows]
        off, half = zip(*(_scaled(verdict) for verdict in rows), strict=True)
        figure = canvas(110 + 36 * len(rows), showlegend=False)
        figure.add_vrect(x0=-1, x1=1, fillcolor=shade(GREEN, 0.12), line_width=0, layer="below")
        figure.add_vline(x=0, line={"color": GREEN, "width": 1})
        figure.add_scatter(
            x=off, y=list(range(len(rows))), mode="markers",
            error_x={"type": "data", "array": half, "width": 4, "thickness": 1.5, "color": GREY},
            marker={"size": 9, "color": [BLUE if verdict.passed else RED for verdict in rows],
                    "symbol": ["circle" if verdict.passed else "x" for verdict in rows]},
            customdata=[[verdict.expected, verdict.obtained] for verdict in rows],
            hovertemplate="expected %{customdata[0]}<br>obtained %{customdata[1]}<extra></extra>",
        )  # fmt: skip
        figure.update_yaxes(tickvals=list(range(len(rows))), ticktext=names, autorange="reversed", tickfont_size=12)
        figure.update_xaxes(title_text="Difference, in units of what is allowed", range=_range(off, half))
        return figure

    def caption(self, one: Replication) -> str:
        """How many agree, and the farthest."""
        rows = _compared(one)
        far = max(rows, key=lambda verdict: abs(_scaled(verdict)[0]))
        agree = sum(verdict.passed for verdict in rows)
        return (
            f"{agree} of {len(rows)} means lie within the rule (the band). The farthest is {far.of} in “{far.where}”: "
            f"{number(far.value)} where {number(far.reference)} was found. Bars: 95 % intervals of our runs."
        )


def _compared(one: Replication) -> list[Verdict]:
    return [verdict for verdict in one.verdicts if verdict.reference is not None and math.isfinite(verdict.value)]


def _scaled(verdict: Verdict) -> tuple[float, float]:
    """(difference, half of the interval) in units of what is allowed; a difference beyond nothing allowed is drawn far out."""
    assert verdict.reference is not None
    assert verdict.allowed is not None
    off, half = verdict.value - verdict.reference, (verdict.high - verdict.low) / 2
    if verdict.allowed == 0:
        return (0.0 if off == 0 else math.copysign(3.0, off)), 0.0
    return off / verdict.allowed, (half / verdict.allowed if math.isfinite(half) else 0.0)


def _range(off: tuple[float, ...], half: tuple[float, ...]) -> list[float]:
    most = max(1.25, *(abs(at) + bar for at, bar in zip(off, half, strict=True)))
    return [-1.05 * most, 1.05 * most]
