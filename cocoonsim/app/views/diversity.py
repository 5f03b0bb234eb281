"""How many topics people are shown, against what a draw without any ranking would show."""

from __future__ import annotations

from typing import TYPE_CHECKING

import plotly.graph_objects as go

from cocoonsim.app.views import HEIGHT, Changes, put, rounded
from cocoonsim.figures._look import BLUE, GREY, canvas, number

if TYPE_CHECKING:
    from cocoonsim.app.panel import Panel

TITLE = "Diversity of the feeds"
METRIC = "effective_topics.shown"


def draw(panel: Panel) -> go.Figure:
    """A line for the people, a dashed one for chance, from zero to the number of topics that chance alone would show."""
    drawn = canvas(HEIGHT, uirevision="keep", hovermode="x unified")
    drawn.add_trace(go.Scatter(name="Shown to people", mode="lines+markers", line={"color": BLUE, "width": 3},
                               marker={"size": 4}, hovertemplate="%{y:.2f}"))  # fmt: skip
    drawn.add_trace(go.Scatter(name="By chance alone", mode="lines", line={"color": GREY, "width": 2, "dash": "dash"},
                               hovertemplate="%{y:.2f}"))  # fmt: skip
    drawn.update_xaxes(title_text="Step", range=[0.5, _wide(panel.step) + 0.5])
    # a scale that both panels share: it depends on the world, not on the policy
    drawn.update_yaxes(title_text="Effective topics per person", range=[0, panel.start.n_topics * 1.02])
    return put(drawn, moving(panel))


def moving(panel: Panel) -> Changes:
    """The two lines, and how many steps the axis holds."""
    shown, chance = (panel.record.numbers.get(name) for name in (METRIC, f"{METRIC}.null"))
    steps = [step + 1 for step in shown.steps] if shown else []
    changes: Changes = {}
    for at, series in enumerate((shown, chance)):
        changes["data", at, "x"] = steps
        changes["data", at, "y"] = rounded(series.values) if series else []
    changes["data", 0, "mode"] = "lines+markers" if len(steps) < 3 else "lines"  # one point alone makes no line
    if (wide := _wide(panel.step)) != _wide(panel.step - 1):
        changes["layout", "xaxis", "range"] = [0.5, wide + 0.5]
    return changes


def _wide(step: int) -> int:
    """How many steps the axis holds: it grows by jumps, as a picture whose axes stand still is drawn much faster."""
    wide = 10
    while step > wide:
        wide = wide * 3 // 2
    return wide


def caption(panel: Panel) -> str:
    """Now, and what chance would show."""
    now, chance = panel.record.last(METRIC, 1), panel.record.last(f"{METRIC}.null", 1)
    if not panel.step:
        return "Nothing has been shown yet."
    return f"People are shown {number(now)} effective topics; a draw by chance would show {number(chance)}."
