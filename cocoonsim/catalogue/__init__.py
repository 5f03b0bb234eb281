"""What there is to see: items with topics, stance, quality and arousal."""

from __future__ import annotations

import numpy as np

from cocoonsim.core.chance import Chance
from cocoonsim.core.component import Component
from cocoonsim.core.world import Columns


class Catalogue(Component):
    """A way to make items."""

    endless = True
    """More items can be made while the run goes on (a data set has only its own)."""

    def build(self, chance: Chance) -> Columns:
        """The items at the start, as `cocoonsim.core.world.content(topics, ...)`: columns with a row for each item."""
        raise NotImplementedError(f"{type(self).__name__} does not build")

    def make(self, n: int, generator: np.random.Generator) -> Columns:
        """`n` further items, with the same columns as `build` gives. Only asked for where `endless`."""
        raise NotImplementedError(f"{type(self).__name__} makes no further items")

    def topic_names(self, n_topics: int) -> tuple[str, ...]:
        """What the topics are called."""
        return tuple(f"topic {number}" for number in range(1, n_topics + 1))


BASE = Catalogue
