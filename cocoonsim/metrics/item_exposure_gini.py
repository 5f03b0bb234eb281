"""How unequally attention is spread over the items.

The Gini coefficient of how often each live item was shown today, items that nobody saw included: 0 when all are shown
equally often, near 1 when a few are shown to everybody. Chance alone is far from 0: with one place in the feeds for each
item it expects 0.52, as some items get none and others two or three.

Null model: `uniform-pool`, exact for any number of users. Each user is shown as many different live items as they were
today, any as likely as any other. Undefined when nothing is shown.

Also known as: Gini index of exposure, popularity concentration, blockbuster index.
Source: Gini (1912), Variabilità e mutabilità; Fleder & Hosanagar (2009), Blockbuster culture's next rise or fall.
"""

from __future__ import annotations

import numpy as np

from cocoonsim.core.moment import Moment
from cocoonsim.core.nulls import expected_gini
from cocoonsim.metrics import PopulationMetric, Reading, number
from cocoonsim.metrics._exposure import UNIFORM, exposures


class ItemExposureGini(PopulationMetric):
    diverse = -1
    title = "Gini coefficient of item exposure"

    def tally(self, moment: Moment) -> dict[str, np.ndarray]:
        return exposures(moment)

    def conclude(self, tally: dict[str, np.ndarray], moment: Moment) -> list[Reading]:
        shown, n = np.sort(tally["shown"][moment.live]), len(moment.live)
        total = int(shown.sum())
        rank = 2 * np.arange(1, n + 1) - n - 1
        value = float((rank * shown).sum()) / (n * total) if total else np.nan
        return [number(value, expected_gini(tally["lengths"], n), UNIFORM)]
