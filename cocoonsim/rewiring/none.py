"""Nobody changes whom they follow.

Also known as: static network, fixed ties.
Source: own; the control condition of every co-evolution model.
"""

from __future__ import annotations

import numpy as np

from cocoonsim.core.chance import Dice
from cocoonsim.core.world import World
from cocoonsim.rewiring import Rewiring


class NoRewiring(Rewiring):
    def update(self, world: World, users: np.ndarray, feed: np.ndarray, clicks: np.ndarray, dice: Dice) -> World:
        return world
