"""How much of the disagreement runs between groups.

The share of the variance of opinions (first dimension) that lies between groups: 1 when groups hold opinions without any
overlap, 0 when they hold the same ones.

Null model: `groups-shuffled`, exact: with group labels dealt out at random the expectation is (groups - 1) / (people - 1).
Undefined when all agree, or with one group.

Also known as: eta squared, correlation ratio, group divergence, sorting.
Source: Fisher (1925), Statistical methods for research workers; partisan sorting as in Mason (2015), "I disrespectfully
agree".
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from cocoonsim.core.moment import Moment
from cocoonsim.metrics import Metric, Reading, number


class GroupOpinionGap(Metric):
    needs: ClassVar[frozenset[str]] = frozenset({"users.group", "users.opinion"})
    diverse = -1
    title = "Share of opinion variance between groups"

    def measure(self, moment: Moment) -> list[Reading]:
        opinion, group = moment.world.users.opinion[:, 0], moment.world.users.group
        centred = opinion - opinion.mean()
        sizes = np.bincount(group)
        groups, whole = int((sizes > 0).sum()), float((centred * centred).sum())
        if groups < 2 or whole <= 1e-24 * len(opinion):
            return [number(np.nan, np.nan, "groups-shuffled", "people")]
        means = np.bincount(group, centred) / np.maximum(sizes, 1)
        between = float((sizes * means * means).sum())
        return [number(min(between / whole, 1.0), (groups - 1) / (len(opinion) - 1), "groups-shuffled", "people")]
