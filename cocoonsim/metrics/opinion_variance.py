"""How far people's opinions lie apart.

The variance of the opinions of all users (those online or not) as they stood when people looked at their feeds: 0 when
all agree, 1 when one half holds -1 and the other +1. With several dimensions of opinion, the mean of their variances.

Null model: none; compare with the start of the run or with another arm. Undefined when there are no users.

Also known as: dispersion, spread of opinions.
Source: Bramson et al. (2016), Disambiguation of social polarization concepts and measures.
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from cocoonsim.core.moment import Moment
from cocoonsim.metrics import Metric, Reading, number


class OpinionVariance(Metric):
    needs: ClassVar[frozenset[str]] = frozenset({"users.opinion"})
    bounds = (0.0, np.inf)
    """At most 1 where opinions are held between -1 and 1; not every model does."""
    title = "Variance of opinions"

    def measure(self, moment: Moment) -> list[Reading]:
        opinion = moment.world.users.opinion
        value = float(opinion.var(axis=0).mean()) if opinion.size else np.nan
        return [number(value, stage="people")]
