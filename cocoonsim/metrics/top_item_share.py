"""How much of all attention goes to the most shown items.

The share of today's exposures that falls to the 1 % (or `part`) of the live items that were shown most.

Null model: none that is exact; `item_exposure_gini` measures the same concentration and has one. Undefined when nothing is
shown.

Also known as: top-1 % share, concentration ratio, superstar share.
Source: own; concentration of attention as in Hindman (2009), The myth of digital democracy.
"""

from __future__ import annotations

import numpy as np

from cocoonsim.core.moment import Moment
from cocoonsim.core.setting import setting
from cocoonsim.metrics import PopulationMetric, Reading, number
from cocoonsim.metrics._exposure import exposures


class TopItemShare(PopulationMetric):
    usual = False
    diverse = -1
    title = "Share of exposure of the most shown items"

    part: float = setting(
        0.01, above=0.0, high=1.0, help="Part of the items that count as the most shown, at least one"
    )

    def tally(self, moment: Moment) -> dict[str, np.ndarray]:
        return exposures(moment)

    def conclude(self, tally: dict[str, np.ndarray], moment: Moment) -> list[Reading]:
        shown = np.sort(tally["shown"][moment.live])[::-1]
        total = int(shown.sum())
        most = max(1, round(self.part * len(shown)))
        return [number(float(shown[:most].sum()) / total if total else np.nan)]
