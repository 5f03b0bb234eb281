"""What people click."""

from __future__ import annotations

import numpy as np

from cocoonsim.core.chance import Dice
from cocoonsim.core.component import Component
from cocoonsim.core.world import World


class Choice(Component):
    """A model of clicking."""

    def choose(self, world: World, users: np.ndarray, feed: np.ndarray, dice: Dice) -> np.ndarray:
        """bool (n, slate): what `users` (n,) click in their `feed` (n, slate; -1 is an empty place, never clicked).

        Called on blocks of users: a row must depend on its own user only.
        """
        raise NotImplementedError(f"{type(self).__name__} does not choose")

    def respond(self, world: World, users: np.ndarray, feed: np.ndarray, dice: Dice) -> np.ndarray:
        """bool (n, slate): what these users click in the end. The engine calls this."""
        return self.choose(world, users, feed, dice)


BASE = Choice
