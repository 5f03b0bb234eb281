"""Whether a group of items gets the attention that its number would give it.

The group's share of all exposure over its share of the live items: 1 is parity, 0.5 half of what equal attention would give, 2
twice as much. Places count by position, the first for 1, the r-th for 1 / log2(1 + r): a place at the bottom is worth less.

Null model: `uniform-pool`, exact: 1. Undefined when nothing is shown, or when all live items or none are of the group.

Also known as: exposure parity, disparate exposure, demographic parity of exposure, provider fairness.
Source: Singh & Joachims (2018), Fairness of exposure in rankings.
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from cocoonsim.core.arrays import gather
from cocoonsim.core.moment import Moment
from cocoonsim.core.setting import setting
from cocoonsim.metrics import PopulationMetric, Reading, number
from cocoonsim.metrics._exposure import UNIFORM


class ExposureParity(PopulationMetric):
    needs: ClassVar[frozenset[str]] = frozenset({"items.group"})
    bounds = (0.0, np.inf)
    usual = False
    title = "Exposure over share of the pool"

    group: int = setting(1, low=0, help="The group of items that is looked at")

    def tally(self, moment: Moment) -> dict[str, np.ndarray]:
        theirs = (gather(moment.world.items.group, moment.feed, empty=-1) == self.group) & moment.seen
        return {"theirs": theirs.sum(axis=0), "all": moment.seen.sum(axis=0)}

    def conclude(self, tally: dict[str, np.ndarray], moment: Moment) -> list[Reading]:
        worth = 1.0 / np.log2(np.arange(2, len(tally["all"]) + 2))
        theirs, whole = float((worth * tally["theirs"]).sum()), float((worth * tally["all"]).sum())
        live = moment.world.items.group[moment.live]
        pool = float((live == self.group).mean()) if live.size else 0.0
        if whole == 0 or pool in (0.0, 1.0):
            return [number(np.nan, np.nan, UNIFORM)]
        return [number(theirs / whole / pool, 1.0, UNIFORM)]
