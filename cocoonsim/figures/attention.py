"""How unevenly exposure is spread over the items: whether a few items get all the attention."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cocoonsim.figures._lines import against_null, narrative

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from cocoonsim.results import Results

TITLE = "How unevenly attention falls on content, over time"
PLACE = 45
METRIC = "item_exposure_gini"


def draw(results: Results) -> go.Figure:
    """Value, middle half of the users, and each null model dashed."""
    return against_null(results.metrics, METRIC)


def caption(results: Results) -> str:
    """From where to where it went, and what chance would give."""
    return narrative(results.metrics, METRIC)
