"""What content appears in a step."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from cocoonsim.core.chance import Dice
from cocoonsim.core.component import Component
from cocoonsim.core.history import History
from cocoonsim.core.world import Columns, World

Maker = Callable[[int], Columns]
"""`make(n)`: n new items from the scenario's catalogue."""


class Publishing(Component):
    """A rule for what is published, at the start of a step or by people who have just read.

    New items are appended with `World.publish`; ids never change. They say when they were made: in which step (`created`),
    and within it at its start (`turn` 0) or by which visit (`turn` 1, 2, ...).
    """

    makes_items = False
    """It asks the catalogue for further items."""

    def publish(self, world: World, make: Maker, dice: Dice, history: History) -> World:
        """The world with what appears at the start of the step."""
        return world

    def after_reading(
        self, world: World, users: np.ndarray, feed: np.ndarray, clicks: np.ndarray, dice: Dice, history: History
    ) -> World:
        """The world with what these users (n,) post, who saw `feed` (n, slate) and clicked `clicks` (n, slate).

        Asked after they have changed. Who comes later in the same step can be shown it.
        """
        return world


BASE = Publishing
