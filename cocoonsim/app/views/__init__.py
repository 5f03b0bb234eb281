"""The pictures that move. One file per picture: a panel in, a plotly figure out, and then only what has changed.

A file holds `TITLE`, `draw(panel)` (the whole figure), `moving(panel)` (the values that change from step to step, by their
path in the figure) and `caption(panel)` (what there is to see, in words, for those who do not see the picture).
"""

from __future__ import annotations

import importlib
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from cocoonsim.app.panel import Panel

ORDER = ("diversity", "network", "opinions", "funnel", "popularity")
"""As they stand below each other."""
Changes = dict[tuple[str | int, ...], Any]
"""A value for each path, e.g. `("data", 0, "y")`."""
HEIGHT = 270


class View(Protocol):
    """What a picture's file offers."""

    TITLE: str

    def draw(self, panel: Panel) -> go.Figure:
        """The whole figure, with all that has happened so far."""

    def moving(self, panel: Panel) -> Changes:
        """What a step changes."""

    def caption(self, panel: Panel) -> str:
        """What there is to see, with numbers."""


@cache
def views() -> dict[str, View]:
    """The pictures by name."""
    return {name: importlib.import_module(f"{__name__}.{name}") for name in ORDER}


def put(figure: go.Figure, changes: Changes) -> go.Figure:
    """A figure with changes put into it."""
    for (first, *path, last), value in changes.items():
        at = figure[first]
        for key in path:
            at = at[key]
        at[last] = value
    return figure


def rounded(values: Any, digits: int = 3) -> list[float | None]:
    """Plain numbers for the way to the browser; None where undefined."""
    return [None if value is None or value != value else round(float(value), digits) for value in values]
