"""Tiny worlds, and the promises that every component must keep; shipped, so that plug-ins elsewhere are checked too.

>>> from cocoonsim import check
>>> from cocoonsim.core.component import lookup
>>> "nobody_clicks_an_empty_place" in check(lookup("choice", "logit"))
True
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from cocoonsim.core.component import STAGES, Component, base_of
from cocoonsim.core.errors import UserError
from cocoonsim.testing.broken import BrokenPromise
from cocoonsim.testing.promises import promises_of
from cocoonsim.testing.samples import samples_of
from cocoonsim.testing.worlds import WORLDS, TinyWorld, tiny_worlds

__all__ = ["WORLDS", "BrokenPromise", "TinyWorld", "check", "promises_of", "stage_of", "tiny_worlds"]


def check(component: Component | type[Component], **settings: Any) -> list[str]:
    """Hold a component to all the promises of its stage; the names of the promises it keeps.

    Give a class, with settings if you like, or an instance. A class is also tried as its `examples` say (see
    `samples_of`). Raises BrokenPromise at the first promise that is broken, UserError for what is no component.
    """
    stage = stage_of(component)
    with tempfile.TemporaryDirectory() as folder:
        samples = samples_of(component, Path(folder), settings)
        for sample in samples:
            for promise in promises_of(stage).values():
                promise(sample)
    return list(promises_of(stage))


def stage_of(component: Component | type[Component]) -> str:
    """The stage whose base class a component derives from."""
    cls = component if isinstance(component, type) else type(component)
    for stage in STAGES:
        if issubclass(cls, base_of(stage)):
            return stage
    raise UserError(f"{cls.__name__} derives from no stage's base class ({', '.join(STAGES)})")
