"""How far opinions lie apart, and how alike those are who follow each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cocoonsim.figures._panels import stacked, told

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from cocoonsim.results import Results

TITLE = "Spread of opinions, and likeness of neighbours"
PLACE = 35
METRICS = ("opinion_variance", "neighbour_correlation")


def draw(results: Results) -> go.Figure:
    """A panel for each."""
    return stacked(results.metrics, METRICS)


def caption(results: Results) -> str:
    """From where to where each went."""
    return told(results.metrics, METRICS)
