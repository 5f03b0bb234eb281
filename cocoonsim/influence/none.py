"""Nothing changes people.

The control condition: whatever narrows without influence is narrowed by the platform alone.

Also known as: fixed preferences, exogenous tastes.
Source: own; the assumption of Chaney, Stewart & Engelhardt (2018).
"""

from __future__ import annotations

import numpy as np

from cocoonsim.core.blocks import Blocks
from cocoonsim.core.chance import Dice
from cocoonsim.core.world import World
from cocoonsim.influence import Influence


class NoInfluence(Influence):
    def move(
        self, world: World, users: np.ndarray, feed: np.ndarray, clicks: np.ndarray, dice: Dice
    ) -> dict[str, np.ndarray]:
        return {}

    def update(
        self, world: World, users: np.ndarray, feed: np.ndarray, clicks: np.ndarray, dice: Dice, blocks: Blocks
    ) -> World:
        return world
