"""Everything that exists may be shown.

Also known as: full catalogue, exhaustive retrieval.
Source: own; the usual assumption of offline recommender evaluation.
"""

from __future__ import annotations

import numpy as np

from cocoonsim.candidates import Candidates
from cocoonsim.core.chance import Dice
from cocoonsim.core.world import PlatformView


class Everything(Candidates):
    def offer(self, platform: PlatformView, users: np.ndarray, dice: Dice) -> np.ndarray:
        return platform.live
