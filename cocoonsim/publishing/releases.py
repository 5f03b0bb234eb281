"""In every step a number of new items appears.

They come from the scenario's catalogue and are drawn afresh for the step. With a lifespan, new items are gone after so many
steps. With `steady` so is the catalogue of the beginning: its items are of all ages, evenly, as if releases had always gone
on, so nothing jumps when they end. The pool keeps its size when it begins with `items` times `lifespan - 1` items.

Also known as: content inflow, new arrivals, news cycle.
Source: own; a fixed number of new items per step as in Chaney, Stewart & Engelhardt (2018), How algorithmic confounding in
recommendation systems increases homogeneity and decreases utility.
"""

from __future__ import annotations

import numpy as np

from cocoonsim.core.chance import Dice
from cocoonsim.core.history import History
from cocoonsim.core.setting import setting
from cocoonsim.core.world import World
from cocoonsim.publishing import Maker, Publishing

FOR_EVER = 2**31 - 1


class Releases(Publishing):
    makes_items = True

    items: int = setting(10, low=0, help="New items in each step", unit="items")
    lifespan: int = setting(0, low=0, help="How long a new item can be shown; 0 = for ever", unit="steps")
    start: int = setting(0, low=0, unit="step", help="First step in which new items appear")
    steady: bool = setting(False, help="The catalogue of the beginning is of all ages and has this lifespan too")

    def problems(self) -> list[tuple[str, str]]:
        """What lives for ever does not expire."""
        if self.steady and not self.lifespan:
            return [("steady", "needs a lifespan above 0")]
        return []

    def publish(self, world: World, make: Maker, dice: Dice, history: History) -> World:
        if self.steady and world.step == 0:
            n, oldest = world.n_items, self.lifespan - 1
            ages = np.minimum(1 + np.arange(n, dtype=np.int64) * oldest // n, oldest)
            world = world.with_items(lifespan=np.full(n, self.lifespan, np.int32), created=(-ages).astype(np.int32))
        if not self.items or world.step < self.start:
            return world
        new = make(self.items)
        return world.publish(
            new.with_(
                created=np.full(new.size, world.step, np.int32),
                lifespan=np.full(new.size, self.lifespan or FOR_EVER, np.int32),
            )
        )
