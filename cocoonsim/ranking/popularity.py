"""Show everyone what most people clicked.

The score is the number of clicks so far to the power of `exponent`. With the feed rule `top` only the order counts, so
any exponent above 0 gives the same feed; with rules that draw, such as `softmax`, it says how much the rich get richer. Below 0
it is (clicks + 1)^exponent, a niche recommender: what fewest have clicked comes first.

Also known as: most popular, bestseller list, trending without decay, preferential attachment.
Why it matters here: everybody is shown the same, so people grow alike without anybody being profiled: homogeneity
without personalisation.
Source: Salganik, Dodds & Watts (2006), Experimental study of inequality and unpredictability in an artificial cultural
market.
"""

from __future__ import annotations

import numpy as np

from cocoonsim.core.setting import setting
from cocoonsim.core.view import View
from cocoonsim.ranking import Ranking


class Popularity(Ranking):
    exponent: float = setting(
        1.0, low=-5.0, high=5.0, help="How strongly clicks count; 0 ignores them, below 0 the least clicked come first"
    )

    def score(self, view: View) -> np.ndarray:
        clicks = view.item("clicks")
        return (clicks if self.exponent >= 0 else clicks + np.float32(1)) ** np.float32(self.exponent)
