"""How much people click, and how much the feed is truly worth to them: two numbers that need not agree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cocoonsim.figures._panels import stacked, told

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from cocoonsim.results import Results

TITLE = "Engagement, and what people truly get from it"
PLACE = 25
METRICS = ("engagement", "true_utility")


def draw(results: Results) -> go.Figure:
    """A panel for each."""
    return stacked(results.metrics, METRICS)


def caption(results: Results) -> str:
    """From where to where each went."""
    return told(results.metrics, METRICS)
