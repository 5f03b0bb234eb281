"""People take in everything they look at.

Every filled place that is looked at counts as a click. A control arm: whatever changes then is the platform's doing, or
that of a rule of influence that makes its own selection.

Also known as: no selective exposure, passive consumption.
Source: own; the implicit rule of opinion models in which every message is received, such as DeGroot (1974), Reaching a
consensus.
"""

from __future__ import annotations

import numpy as np

from cocoonsim.choice import Choice
from cocoonsim.core.chance import Dice
from cocoonsim.core.world import World


class AcceptsAll(Choice):
    def choose(self, world: World, users: np.ndarray, feed: np.ndarray, dice: Dice) -> np.ndarray:
        return feed >= 0
