"""How unevenly attention falls on the items: what the most shown tenth of them gets, and the next, and so on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import plotly.graph_objects as go

from cocoonsim.app.views import HEIGHT, Changes, put, rounded
from cocoonsim.figures._look import GREY, SKY, canvas, percent

if TYPE_CHECKING:
    from cocoonsim.app.panel import Panel

TITLE = "Who gets the attention: items by popularity"
TENTHS = 10


def draw(panel: Panel) -> go.Figure:
    """Ten bars, and a line where all would be if every item were shown equally often."""
    drawn = canvas(HEIGHT, showlegend=False, bargap=0.15).update_layout(margin_t=8)
    names = ["Top"] + [str(at) for at in range(2, TENTHS)] + ["Last"]
    drawn.add_trace(go.Bar(x=names, marker={"color": SKY}, hovertemplate="%{y:.1%} of all places<extra></extra>"))
    drawn.add_hline(y=1 / TENTHS, line={"color": GREY, "dash": "dash", "width": 2})
    drawn.update_xaxes(title_text="Tenths of the items (dashed: equal shares)", showgrid=False, ticks="",
                       type="category")  # fmt: skip
    drawn.update_yaxes(title_text="Share of all places", tickformat=".0%", range=[0, 1])
    return put(drawn, moving(panel))


def shares(panel: Panel) -> np.ndarray:
    """float64 (10,): the share of this step's places that each tenth of the live items got; NaN before the first step."""
    moment = panel.moment
    if moment is None or not len(moment.live) or not moment.seen.any():
        return np.full(TENTHS, np.nan)
    counts = np.bincount(moment.feed[moment.seen], minlength=moment.world.n_items)[moment.live]
    # an item on the border between two tenths counts for both in part, so that any number of items can be shared out
    below = np.concatenate([[0.0], np.cumsum(np.sort(counts)[::-1])]) / counts.sum()
    return np.diff(np.interp(np.linspace(0, len(counts), TENTHS + 1), np.arange(len(below)), below))


def moving(panel: Panel) -> Changes:
    """The heights."""
    return {("data", 0, "y"): rounded(shares(panel), 4)}


def caption(panel: Panel) -> str:
    """What the top tenth gets."""
    top = shares(panel)[0]
    return (
        f"The most shown tenth of the items gets {percent(top)} of all places." if top == top else "Nothing shown yet."
    )
