"""Pictures of a replication: those its scenario asks for, and its means against those that others have found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cocoonsim.figures.replications.agreement import Agreement
from cocoonsim.figures.replications.redrawn import Redrawn

if TYPE_CHECKING:
    from cocoonsim.experiments.replicate import Replication
    from cocoonsim.figures import FigureFile


def figures_of(one: Replication) -> dict[str, FigureFile]:
    """The figures of a replication by name."""
    drawn: dict[str, FigureFile] = {
        f"{one.name}-{number}": Redrawn(picture) for number, picture in enumerate(one.pictures)
    }
    return drawn | {f"{one.name}-agreement": Agreement()}
