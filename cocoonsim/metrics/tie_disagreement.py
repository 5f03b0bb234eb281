"""How far people are from those they follow.

`statistic: distance` is the mean distance of the two opinions over all ties; `squares` the sum over ties of weight x squared
distance, where a tie that goes both ways counts once (as the mean of its two weights, which are 1 where ties have none): the
quadratic form of the graph's Laplacian. With several dimensions of opinion the first is used.

Null model: none for `squares`; for `distance`, `opinions-shuffled`: the mean distance of any two different people, which is
what random ties would give. Undefined (distance) when nobody follows anybody.

Also known as: network disagreement, z'Lz, edge disagreement, homogeneity of ties.
Source: Musco, Musco & Tsourakakis (2018), Minimizing polarization and disagreement in social networks; Chitra & Musco (2020),
Analyzing the impact of filter bubbles on social network polarization.
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from cocoonsim.core.moment import Moment
from cocoonsim.core.setting import setting
from cocoonsim.metrics import Metric, Reading, number


class TieDisagreement(Metric):
    needs: ClassVar[frozenset[str]] = frozenset({"network", "users.opinion"})
    bounds = (0.0, np.inf)
    usual = False
    title = "Disagreement along ties"

    statistic: str = setting("distance", choices=("distance", "squares"), help="How it is measured")

    def measure(self, moment: Moment) -> list[Reading]:
        follows, opinion = moment.world.follows, moment.world.users.opinion[:, 0]
        source, target = follows.sources(), follows.targets
        far = np.abs(opinion[source] - opinion[target])
        if self.statistic == "distance":
            ordered, n = np.sort(opinion), opinion.size
            left = np.arange(1, n)
            null = float((np.diff(ordered) * left * (n - left)).sum() * 2.0 / (n * (n - 1.0))) if n > 1 else np.nan
            return [number(float(far.mean()) if far.size else np.nan, null, "opinions-shuffled", "people")]
        weight = np.ones(far.size) if follows.weights is None else follows.weights
        keys = source.astype(np.int64) * follows.n_users + target
        mutual = np.isin(target.astype(np.int64) * follows.n_users + source, keys)
        return [number(float((np.where(mutual, 0.5, 1.0) * weight * far * far).sum()), stage="people")]
