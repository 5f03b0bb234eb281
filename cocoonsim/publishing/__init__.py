"""What content appears in a step."""

from __future__ import annotations

from collections.abc import Callable

from cocoonsim.core.chance import Dice
from cocoonsim.core.component import Component
from cocoonsim.core.history import History
from cocoonsim.core.world import Columns, World

Maker = Callable[[int], Columns]
"""`make(n)`: n new items from the scenario's catalogue."""


class Publishing(Component):
    """A rule for what is published."""

    makes_items = False
    """It asks the catalogue for further items."""

    def publish(self, world: World, make: Maker, dice: Dice, history: History) -> World:
        """The world with this step's new items appended (ids never change); their `created` is `world.step`."""
        raise NotImplementedError(f"{type(self).__name__} does not publish")


BASE = Publishing
