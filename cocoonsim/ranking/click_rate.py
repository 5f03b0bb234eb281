"""Show everyone what was clicked most often for the number of times it was shown.

The score is (clicks + prior x average) / (shown + prior): the item's click rate, pulled towards the average rate of all items
as long as it has been shown little. Before anything was shown all items tie.

Also known as: CTR ranking, empirical click-through rate, Bayesian average.
Why it matters here: unlike plain counts it does not punish what was never shown; the rich get richer more slowly.
Source: own; the smoothed rate of Richardson, Dominowska & Ragno (2007), Predicting clicks.
"""

from __future__ import annotations

import numpy as np

from cocoonsim.core.setting import setting
from cocoonsim.core.view import View
from cocoonsim.ranking import Ranking


class ClickRate(Ranking):
    prior: float = setting(10.0, above=0.0, unit="views", help="How many views outweigh the average rate")

    def score(self, view: View) -> np.ndarray:
        history, prior = view.platform.history, np.float32(self.prior)
        views = int(history.item_shown.sum())
        average = np.float32(int(history.item_clicks.sum()) / views if views else 1.0)
        return (view.item("clicks") + prior * average) / (view.item("shown") + prior)
