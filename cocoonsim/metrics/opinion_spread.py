"""How far apart people are, in one number of your choice.

`statistic: sd` is the standard deviation of all opinions (over people, not a sample), `range` the distance between the two
furthest apart, `squares` the sum of squared distances from the mean, which network science calls polarisation, and `distance`
the mean distance of two different people. With several dimensions of opinion the first is used; people count as they stood
when they looked at their feeds.

Null model: none; compare with the start of the run or with another arm. Undefined when there are no users, or for `distance`
only one.

Also known as: dispersion, polarisation (squares), mean pairwise distance, Gini mean difference.
Source: Musco, Musco & Tsourakakis (2018), Minimizing polarization and disagreement in social networks (squares); Sîrbu,
Pedreschi, Giannotti & Kertész (2019), Algorithmic bias amplifies opinion fragmentation and polarization (distance).
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from cocoonsim.core.moment import Moment
from cocoonsim.core.setting import setting
from cocoonsim.metrics import Metric, Reading, number


class OpinionSpread(Metric):
    needs: ClassVar[frozenset[str]] = frozenset({"users.opinion"})
    bounds = (0.0, np.inf)
    usual = False
    title = "Spread of opinions"

    statistic: str = setting("sd", choices=("sd", "range", "squares", "distance"), help="How it is measured")

    def measure(self, moment: Moment) -> list[Reading]:
        opinion = moment.world.users.opinion[:, 0]
        n = opinion.size
        if not n or (self.statistic == "distance" and n < 2):
            return [number(np.nan, stage="people")]
        if self.statistic == "sd":
            value = opinion.std()
        elif self.statistic == "range":
            value = np.ptp(opinion)
        elif self.statistic == "squares":
            value = ((opinion - opinion.mean()) ** 2).sum()
        else:
            # in order, the gap after the k-th is crossed by k (n - k) pairs
            left = np.arange(1, n)
            value = (np.diff(np.sort(opinion)) * left * (n - left)).sum() * 2.0 / (n * (n - 1.0))
        return [number(float(value), stage="people")]
