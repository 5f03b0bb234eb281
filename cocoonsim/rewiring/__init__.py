"""How ties change."""

from __future__ import annotations

import numpy as np

from cocoonsim.core.chance import Dice
from cocoonsim.core.component import Component
from cocoonsim.core.world import PlatformView, World


class Rewiring(Component):
    """A rule by which people change whom they follow."""

    keeps_arcs = True
    """The number of follows stays the same, for every user."""

    def update(self, world: World, users: np.ndarray, feed: np.ndarray, clicks: np.ndarray, dice: Dice) -> World:
        """The world with its follows changed after `users` (n,) saw `feed` (n, slate) and clicked `clicks`."""
        raise NotImplementedError(f"{type(self).__name__} changes no tie")

    def advance(
        self, world: World, users: np.ndarray, feed: np.ndarray, clicks: np.ndarray, dice: Dice, platform: PlatformView
    ) -> World:
        """The same, for a rule that also asks what the `platform` knows. The engine calls this."""
        return self.update(world, users, feed, clicks, dice)


BASE = Rewiring
