"""How much of a feed is about its one largest topic: the bubble number in plain language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cocoonsim.figures._lines import against_null, narrative

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from cocoonsim.results import Results

TITLE = "The share of the largest topic, over time"
PLACE = 15
METRIC = "top_topic_share"


def draw(results: Results) -> go.Figure:
    """Value, middle half of the users, and each null model dashed."""
    return against_null(results.metrics, METRIC)


def caption(results: Results) -> str:
    """From where to where it went, and what chance would give."""
    return narrative(results.metrics, METRIC)
