"""How opinions spread, gather or split: a column for each step, dark where many people are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import plotly.graph_objects as go

from cocoonsim.app.record import BINS
from cocoonsim.app.views import HEIGHT, Changes, put
from cocoonsim.figures._look import GROWING, canvas, number

if TYPE_CHECKING:
    from cocoonsim.app.panel import Panel

TITLE = "Opinions, step by step"


def draw(panel: Panel) -> go.Figure:
    """Steps across, opinions up, the share of people as darkness."""
    drawn = canvas(HEIGHT, uirevision="keep")
    edges = panel.record.edges
    drawn.add_trace(
        go.Heatmap(y=((edges[:-1] + edges[1:]) / 2).round(3).tolist(), colorscale=GROWING, zmin=0, zmax=4 / BINS,
                   showscale=False, hovertemplate="step %{x}<br>opinion about %{y:.2f}<br>%{z:.1%} of people<extra></extra>")
    )  # fmt: skip
    drawn.update_layout(margin_t=8)
    drawn.update_xaxes(title_text="Step", showgrid=False)
    drawn.update_yaxes(title_text="Opinion", showgrid=False, range=[float(edges[0]), float(edges[-1])])
    return put(drawn, moving(panel))


def moving(panel: Panel) -> Changes:
    """All columns that are kept."""
    kept = panel.record.opinions
    shares = np.array(kept.values, np.float64).reshape(-1, BINS).T.round(4)
    return {("data", 0, "x"): [step + 1 for step in kept.steps], ("data", 0, "z"): shares.tolist()}


def caption(panel: Panel) -> str:
    """The spread at first and now."""
    at_first, now = (float(world.users.opinion[:, 0].std()) for world in (panel.start, panel.world))
    return f"Standard deviation of opinions: {number(at_first)} at the start, {number(now)} now."
