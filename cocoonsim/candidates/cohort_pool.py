"""Neighbouring users share one random pool of what may be shown.

Users are taken in cohorts of `cohort` consecutive numbers; each cohort gets a fresh random pool of `size` items in each
step. Where no more than `size` items exist, all of them are the pool.

Also known as: shared candidate pool, batched retrieval.
Why it matters here: as cheap as scoring a catalogue of `size` items; users of a cohort have the pool in common, so
compare overlap between users within and across cohorts before you call it homogeneity.
Source: own.
"""

from __future__ import annotations

import numpy as np

from cocoonsim.candidates import Candidates
from cocoonsim.candidates._distinct import distinct_numbers
from cocoonsim.core.chance import Dice
from cocoonsim.core.setting import setting
from cocoonsim.core.world import PlatformView


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
        number = np.asarray(users[:1], np.int64) // self.cohort
        return live[np.sort(distinct_numbers(dice, "cohort_pool", number, self.size, live.size)[0])]
