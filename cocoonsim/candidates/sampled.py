"""A random sample of what exists may be shown, a fresh one for each user and step.

Every set of `size` items is as likely as any other. Where no more than `size` items exist, all of them are candidates.

Also known as: negative sampling, random retrieval, partial awareness.
Why it matters here: a smaller sample weakens whatever the ranking does, and costs less time than the full catalogue.
Source: own.
"""

from __future__ import annotations

import numpy as np

from cocoonsim.candidates import Candidates
from cocoonsim.candidates._distinct import distinct_numbers
from cocoonsim.core.chance import Dice
from cocoonsim.core.setting import setting
from cocoonsim.core.world import PlatformView


class Sampled(Candidates):
    distinct = True

    size: int = setting(200, low=1, unit="items", help="How many random items are candidates, for each user and step")

    def offer(self, platform: PlatformView, users: np.ndarray, dice: Dice) -> np.ndarray:
        n = platform.live.size
        if n <= self.size:
            return platform.live
        return platform.live[distinct_numbers(dice, "sampled", users, self.size, n)]
