"""How many topics people are shown, over time, against what a draw without any ranking would show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cocoonsim.figures._lines import against_null, narrative

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from cocoonsim.results import Results

TITLE = "Diversity of the feeds, over time"
PLACE = 10
METRIC = "effective_topics"


def draw(results: Results) -> go.Figure:
    """Value, middle half of the users, and each null model dashed."""
    return against_null(results.metrics, METRIC)


def caption(results: Results) -> str:
    """From where to where it went, and what chance would give."""
    return narrative(results.metrics, METRIC)
