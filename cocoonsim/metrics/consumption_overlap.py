"""How alike the things are that different people have chosen so far.

The Jaccard index of two people is the number of items both have clicked over the number that either has; the reading is its
mean over `pairs: all` pairs of people, or over each person and the one `nearest` to them in true interests (cosine). 1 when
all have chosen the same. A rise beyond what a perfect recommender gives is homogenisation by the system, not by taste.

Pairs in which neither has clicked anything are left out. Undefined when there is no pair. No null model: compare with the
same people under another policy.

Also known as: Jaccard homogeneity, homogenisation, behavioural homogeneity, cross-user similarity.
Source: Chaney, Stewart & Engelhardt (2018), How algorithmic confounding in recommendation systems increases homogeneity and
decreases utility; Aridor, Goncalves & Sikdar (2020), Deconstructing the filter bubble.
"""

from __future__ import annotations

import numpy as np

from cocoonsim.core.arrays import unit_rows
from cocoonsim.core.moment import Moment
from cocoonsim.core.setting import setting
from cocoonsim.metrics import Metric, Reading, number
from cocoonsim.metrics._consumed import consumed

_ROWS = 512  # people compared with all others at a time


class ConsumptionOverlap(Metric):
    pairs: str = setting("all", choices=("all", "nearest"), help="Whose choices are compared")

    needs = frozenset({"pairs"})
    usual = False
    title = "Jaccard overlap of consumed items"

    def measure(self, moment: Moment) -> list[Reading]:
        had = consumed(moment)
        size = np.diff(had.indptr).astype(np.float64)
        tastes = unit_rows(moment.world.users.interests[moment.users])
        total, counted = 0.0, 0
        for low in range(0, len(size), _ROWS):
            rows = np.arange(low, min(low + _ROWS, len(size)))
            chosen = self._compared(tastes, rows)
            common = (had[rows] @ had.T).toarray()
            either = size[rows, None] + size - common
            chosen &= either > 0
            values = np.sort(common[chosen] / either[chosen])  # added in an order that does not hang on names
            total, counted = total + float(values.sum()), counted + len(values)
        return [number(total / counted if counted else np.nan, stage="clicked")]

    def _compared(self, tastes: np.ndarray, rows: np.ndarray) -> np.ndarray:
        """bool (n_rows, n): whom each of these people is compared with; all who are equally near to the nearest."""
        others = rows[:, None] != np.arange(len(tastes))
        if self.pairs == "all" or len(tastes) < 2:
            return others
        near = np.where(others, tastes[rows] @ tastes.T, np.float32(-np.inf))
        return near == near.max(axis=1, keepdims=True)
