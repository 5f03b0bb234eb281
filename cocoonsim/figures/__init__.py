"""Pictures of what a run or a comparison found. One file per figure: numbers in, a plotly figure and a sentence out.

The file's name is the figure's name. A figure file holds `TITLE` (a heading), `PLACE` (its place in a report), and two
pure functions: `draw(results)` gives the picture, `caption(results)` a sentence with numbers that says what it shows.
Either raises `NothingToShow` with the reason when there is nothing. Figures of a comparison lie in `comparison/`.
"""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from typing import TYPE_CHECKING, Protocol

from cocoonsim.core.errors import UserError, did_you_mean
from cocoonsim.figures._look import NothingToShow

if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any

    import plotly.graph_objects as go

    from cocoonsim.experiments.compare import Comparison
    from cocoonsim.results import Results

__all__ = ["FigureFile", "NothingToShow", "comparison_figure", "comparison_figures", "figure", "figures"]


class FigureFile(Protocol):
    """What a figure file offers."""

    TITLE: str
    PLACE: int

    def draw(self, results: Any) -> go.Figure:
        """The picture."""

    def caption(self, results: Any) -> str:
        """What the picture shows, in a sentence with numbers."""


@cache
def figures() -> dict[str, FigureFile]:
    """The figures of a run by name, in the order of a report."""
    return _found(__name__, __path__)


@cache
def comparison_figures() -> dict[str, FigureFile]:
    """The figures of a comparison by name, in the order of a report."""
    package = importlib.import_module(f"{__name__}.comparison")
    return _found(package.__name__, package.__path__)


def _found(package: str, path: Any) -> dict[str, FigureFile]:
    names = [info.name for info in pkgutil.iter_modules(path) if not info.ispkg and not info.name.startswith("_")]
    files: dict[str, ModuleType] = {name: importlib.import_module(f"{package}.{name}") for name in names}
    ordered = sorted(files.items(), key=lambda pair: (pair[1].PLACE, pair[0]))
    return dict(ordered)


def figure(name: str, results: Results) -> go.Figure:
    """A figure of a run, with its title. Raises UserError for an unknown name or when there is nothing to show."""
    return _titled(figures(), name, results)


def comparison_figure(name: str, comparison: Comparison) -> go.Figure:
    """A figure of a comparison, with its title. Raises UserError as `figure` does."""
    return _titled(comparison_figures(), name, comparison)


def _titled(known: dict[str, FigureFile], name: str, results: Any) -> go.Figure:
    if name not in known:
        raise UserError(f"there is no figure {name!r}; {did_you_mean(name, known)}")
    drawn = known[name].draw(results)
    # a heading needs room above the legend, which a report prints as text instead
    return drawn.update_layout(title={"text": known[name].TITLE, "yref": "container", "y": 0.98}, margin_t=90)
