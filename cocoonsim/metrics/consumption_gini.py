"""How unequally people's choices so far are spread over the items.

The Gini coefficient of how often each item has been clicked since the beginning, today included; items that nobody has
clicked count as well. 0 when all have had the same share, near 1 when a few have it all. `item_exposure_gini` says the same of
what is shown in a step.

Undefined when nothing has been clicked. No null model: compare with the same people under another policy.

Also known as: sales concentration, Gini of consumption, blockbuster index, popularity concentration.
Source: Fleder & Hosanagar (2009), Blockbuster culture's next rise or fall: the impact of recommender systems on sales
diversity.
"""

from __future__ import annotations

import numpy as np

from cocoonsim.core.moment import Moment
from cocoonsim.metrics import PopulationMetric, Reading, number


class ConsumptionGini(PopulationMetric):
    diverse = -1
    usual = False
    title = "Gini coefficient of consumption"

    def tally(self, moment: Moment) -> dict[str, np.ndarray]:
        return {"clicks": np.bincount(moment.feed[moment.clicks], minlength=moment.world.n_items)}

    def conclude(self, tally: dict[str, np.ndarray], moment: Moment) -> list[Reading]:
        clicks = tally["clicks"].copy()
        clicks[: moment.history.n_items] += moment.history.item_clicks
        clicks, n = np.sort(clicks), len(clicks)
        total = int(clicks.sum())
        rank = 2 * np.arange(1, n + 1) - n - 1
        return [number(float((rank * clicks).sum()) / (n * total) if total else np.nan, stage="clicked")]
