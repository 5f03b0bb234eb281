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

    in_turns: ClassVar[bool] = False
    """There may be several batches in a step, for each of which the dice fall anew; so a user may come more than once."""

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
