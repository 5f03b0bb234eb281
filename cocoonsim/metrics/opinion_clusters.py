"""How many camps of opinion there are.

Opinions are put in order and parted wherever two neighbours lie further apart than `gap`. `statistic: major` counts the
camps that hold at least `minimum_share` of the people, `all` every camp; `effective` is the number of equal camps that would
be as uneven, (sum of sizes)^2 / (sum of squared sizes); `largest` is the share of people in the largest camp. With several
dimensions of opinion the first is used; people count as they stood when they looked at their feeds.

Null model: none; compare with the start of the run or with another arm. Undefined when there are no users.

Also known as: number of clusters, participation ratio, fragmentation, Laakso-Taagepera number (of effective parties).
Source: Deffuant, Neau, Amblard & Weisbuch (2000), Mixing beliefs among interacting agents (major clusters); Sîrbu, Pedreschi,
Giannotti & Kertész (2019), Algorithmic bias amplifies opinion fragmentation and polarization (effective clusters).
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from cocoonsim.core.moment import Moment
from cocoonsim.core.setting import setting
from cocoonsim.metrics import Metric, Reading, number


class OpinionClusters(Metric):
    needs: ClassVar[frozenset[str]] = frozenset({"users.opinion"})
    bounds = (0.0, np.inf)
    usual = False
    title = "Clusters of opinion"

    statistic: str = setting(
        "major", choices=("major", "all", "effective", "largest"), help="What is said of the camps"
    )
    gap: float = setting(0.01, above=0.0, help="Neighbouring opinions further apart than this are in different camps")
    minimum_share: float = setting(0.02, low=0.0, high=1.0, help="A major camp holds at least this share of the people")

    def measure(self, moment: Moment) -> list[Reading]:
        opinion = np.sort(moment.world.users.opinion[:, 0])
        if not opinion.size:
            return [number(np.nan, stage="people")]
        ends = np.flatnonzero(np.diff(opinion) > self.gap) + 1
        sizes = np.diff(np.concatenate([[0], ends, [opinion.size]])).astype(np.float64)
        value = {
            "major": float((sizes >= self.minimum_share * opinion.size).sum()),
            "all": float(sizes.size),
            "effective": float(opinion.size**2 / (sizes @ sizes)),
            "largest": float(sizes.max() / opinion.size),
        }[self.statistic]
        return [number(value, stage="people")]
