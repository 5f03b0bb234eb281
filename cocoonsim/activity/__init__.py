"""Who is online in a step, and in what order they come."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

import numpy as np

from cocoonsim.core.chance import Dice
from cocoonsim.core.component import Component
from cocoonsim.core.world import World


class Activity(Component):
    """A schedule. The order is part of the model: what a later batch sees may depend on an earlier one."""

    one_by_one: ClassVar[bool] = False
    """Every batch is one user. A user may come more than once in a step; each time the dice fall anew."""

    @property
    def dt(self) -> float:
        """How long a step is, in the unit of time of influences that have a rate of change."""
        return 1.0

    @property
    def integrator(self) -> str:
        """How such a rate is followed through a step: `euler` or `rk4`."""
        return "euler"

    def batches(self, world: World, dice: Dice) -> Iterator[np.ndarray]:
        """Batches of user ids, int64 and ascending within a batch; those in one batch act at the same time."""
        raise NotImplementedError(f"{type(self).__name__} names no users")


BASE = Activity
