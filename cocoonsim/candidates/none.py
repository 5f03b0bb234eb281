"""Nobody is shown anything: people influence each other, and no platform stands between them.

Feeds stay empty, so nobody clicks and the platform learns nothing; what a step costs is what the people cost.

Also known as: no platform, pure opinion dynamics, offline world.
Source: own; the setting of models such as Deffuant et al. (2000), Mixing beliefs among interacting agents.
"""

from __future__ import annotations

import numpy as np

from cocoonsim.candidates import Candidates
from cocoonsim.core.chance import Dice
from cocoonsim.core.world import PlatformView


class Nothing(Candidates):
    shows_nothing = True

    def offer(self, platform: PlatformView, users: np.ndarray, dice: Dice) -> np.ndarray:
        return np.empty(0, np.int32)
