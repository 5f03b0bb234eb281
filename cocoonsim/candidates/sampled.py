"""A random sample of what exists may be shown, a fresh one for each user and step.

Every set of `size` items is as likely as any other. Where no more than `size` items exist, all of them are candidates.

Also known as: negative sampling, random retrieval, partial awareness.
Why it matters here: a smaller sample weakens whatever the ranking does, and costs less time than the full catalogue.
Source: own.
"""

from __future__ import annotations

import numpy as np

from cocoonsim.candidates import Candidates
from cocoonsim.core.chance import Dice
from cocoonsim.core.setting import setting
from cocoonsim.core.world import PlatformView


class Sampled(Candidates):
    size: int = setting(200, low=1, unit="items", help="How many random items are candidates, for each user and step")

    def offer(self, platform: PlatformView, users: np.ndarray, dice: Dice) -> np.ndarray:
        n = platform.live.size
        if n <= self.size:
            return platform.live
        if 2 * self.size <= n:
            return platform.live[_distinct(dice, users, self.size, n)]
        # of most items it is quicker to draw those that are left out
        kept = np.ones((len(users), n), bool)
        np.put_along_axis(kept, _distinct(dice, users, n - self.size, n), False, axis=1)
        return platform.live[np.nonzero(kept)[1].reshape(len(users), self.size)]


def _distinct(dice: Dice, users: np.ndarray, size: int, high: int) -> np.ndarray:
    """int64 (n, size): the first `size` different numbers below `high` that each user draws; at most half of all."""
    draws = size + 8
    while True:
        drawn = dice.below("sampled", users, draws, high)  # more draws begin with the same ones
        order = np.argsort(drawn, axis=1, kind="stable")
        ordered = np.take_along_axis(drawn, order, axis=1)
        again = np.zeros(drawn.shape, bool)
        np.put_along_axis(again, order[:, 1:], ordered[:, 1:] == ordered[:, :-1], axis=1)
        nth = np.cumsum(~again, axis=1)
        if (nth[:, -1] >= size).all():
            return drawn[~again & (nth <= size)].reshape(len(users), size)
        draws *= 2
