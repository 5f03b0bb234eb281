"""Neighbouring users share one random pool of what may be shown.

Users are taken in cohorts of `cohort` consecutive numbers; each cohort gets a fresh random pool of `size` items in each
step. Where no more than `size` items exist, all of them are the pool.

Also known as: shared candidate pool, batched retrieval.
Why it matters here: as cheap as scoring a catalogue of `size` items; users of a cohort have the pool in common, so
compare overlap between users within and across cohorts before you call it homogeneity.
Source: own.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from cocoonsim.candidates import Candidates
from cocoonsim.candidates._distinct import distinct_numbers
from cocoonsim.core.chance import Dice
from cocoonsim.core.setting import setting
from cocoonsim.core.world import PlatformView

_AT_ONCE = 8192  # numbers drawn at once, in a step in which all act together


class CohortPool(Candidates):
    size: int = setting(500, low=1, unit="items", help="How many random items are in a pool")
    cohort: int = setting(256, low=1, unit="users", help="How many consecutive users share a pool")

    @property
    def cohort_size(self) -> int:
        return self.cohort

    def offer(self, platform: PlatformView, users: np.ndarray, dice: Dice) -> np.ndarray:
        live = platform.live
        if live.size <= self.size:
            return live
        number = int(users[0]) // self.cohort
        count = 1 if dice.event else max(1, _AT_ONCE // self.size)
        pools = _pools((dice.seed, dice.step, dice.event), number // count, count, self.size, live.size)
        return live.take(pools[number % count])


@lru_cache(maxsize=16)
def _pools(when: tuple[int, int, int], turn: int, count: int, size: int, high: int) -> np.ndarray:
    """int32 (count, size), ascending: places of the pools of so many cohorts, which are drawn at once for all of them."""
    cohorts = np.arange(turn * count, (turn + 1) * count)
    return np.sort(distinct_numbers(Dice(*when), "cohort_pool", cohorts, size, high).astype(np.int32), axis=1)
