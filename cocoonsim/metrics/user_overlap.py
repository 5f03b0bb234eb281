"""How much different people see the same.

The share of a feed that two people drawn at random have in common: the expected number of common items over the mean length
of feeds. 1 when all see the same, 0 when nobody sees what another sees. All pairs count, and no pair need be looked at: an
item shown to e users is common to e (e - 1) ordered pairs.

Null model: `uniform-pool`, exact: with feeds of lengths a and b from a pool of I items, two people share a x b / I.
Undefined for fewer than two people online, or empty feeds.

Also known as: homogenisation, inter-user similarity, mean pairwise overlap, commonality.
Source: own; after the homogeneity measure of Chaney, Stewart & Engelhardt (2018), How algorithmic confounding in
recommendation systems increases homogeneity and decreases utility (there mean Jaccard of pairs).
"""

from __future__ import annotations

import numpy as np

from cocoonsim.core.moment import Moment
from cocoonsim.metrics import PopulationMetric, Reading, number
from cocoonsim.metrics._exposure import UNIFORM, exposures


class UserOverlap(PopulationMetric):
    title = "Share of a feed in common with another user"

    def tally(self, moment: Moment) -> dict[str, np.ndarray]:
        return exposures(moment)

    def conclude(self, tally: dict[str, np.ndarray], moment: Moment) -> list[Reading]:
        lengths, shown = tally["lengths"].astype(np.float64), tally["shown"].astype(np.float64)
        users, live = float(lengths.sum()), len(moment.live)
        items = float((lengths * np.arange(len(lengths))).sum())
        if users < 2 or items == 0:
            return [number(np.nan, np.nan, UNIFORM)]
        scale = users * (users - 1.0) * items / users  # ordered pairs, times the mean length
        value = float((shown * (shown - 1.0)).sum()) / scale
        squares = float((lengths * np.arange(len(lengths)) ** 2).sum())
        return [number(value, (items * items - squares) / live / scale, UNIFORM)]
