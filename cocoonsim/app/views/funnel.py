"""Where the narrowing happens: how much of the other side is in the pool, comes from friends, is shown, is clicked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import plotly.graph_objects as go

from cocoonsim.app.views import HEIGHT, Changes, put, rounded
from cocoonsim.figures._look import BLUE, GREEN, GREY, ORANGE, canvas, percent

if TYPE_CHECKING:
    from cocoonsim.app.panel import Panel

TITLE = "How much comes from the other side"
METRIC = "cross_cutting_share"
STAGES = {"chance": "In the pool", "network": "From<br>follows", "shown": "Shown", "clicked": "Clicked"}
LAST = 5
"""The bars are means over so many steps."""


def draw(panel: Panel) -> go.Figure:
    """A bar for each stage of the funnel."""
    drawn = canvas(HEIGHT, showlegend=False, bargap=0.35).update_layout(margin_t=8)
    colours = [GREY, GREEN, BLUE, ORANGE]
    drawn.add_trace(go.Bar(x=list(STAGES.values()), marker={"color": colours}, hovertemplate="%{y:.1%}<extra></extra>",
                           textposition="outside", textangle=0, constraintext="none", cliponaxis=False))  # fmt: skip
    drawn.update_xaxes(showgrid=False, ticks="", tickangle=0)
    drawn.update_yaxes(title_text="Share from the other side", tickformat=".0%", range=[0, 0.7])
    return put(drawn, moving(panel))


def moving(panel: Panel) -> Changes:
    """The heights."""
    heights = rounded(panel.record.last(f"{METRIC}.{stage}", LAST) for stage in STAGES)
    labels = ["" if height is None else percent(height) for height in heights]
    return {("data", 0, "y"): heights, ("data", 0, "text"): labels}


def caption(panel: Panel) -> str:
    """The four numbers."""
    shares = {stage: panel.record.last(f"{METRIC}.{stage}", LAST) for stage in STAGES}
    if not any(share == share for share in shares.values()):
        return "Undefined here: it needs items that lean and people with opinions."
    words = {"chance": "in the pool", "network": "from people followed", "shown": "shown", "clicked": "clicked"}
    told = ", ".join(f"{percent(share)} {words[stage]}" for stage, share in shares.items() if share == share)
    return f"From the other side: {told} (mean of the last {LAST} steps)."
