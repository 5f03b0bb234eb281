"""Whether opinions have two humps.

Sarle's bimodality coefficient of opinions (first dimension), from skewness and kurtosis corrected for small samples:
(skewness^2 + 1) / (excess kurtosis + 3 (n - 1)^2 / ((n - 2)(n - 3))). It nears 1 for two opposite camps, is 5/9 for
opinions spread evenly and 1/3 for a normal distribution. Skewness alone raises it too, so look at the picture.

Null model: none; 5/9 is the usual yardstick. Undefined for fewer than four people, and when all agree.

Also known as: Sarle's coefficient, SAS bimodality coefficient, BC.
Source: Pfister, Schwarz, Janczyk, Dale & Freeman (2013), Good things peak in pairs: a note on the bimodality coefficient.
"""

from __future__ import annotations

import math
from typing import ClassVar

import numpy as np

from cocoonsim.core.moment import Moment
from cocoonsim.metrics import Metric, Reading, number


class Bimodality(Metric):
    needs: ClassVar[frozenset[str]] = frozenset({"users.opinion"})
    title = "Bimodality coefficient of opinions"

    def measure(self, moment: Moment) -> list[Reading]:
        opinion = moment.world.users.opinion[:, 0]
        n = len(opinion)
        if n < 4 or np.ptp(opinion) <= 1e-12 * max(1.0, float(np.abs(opinion).max())):
            return [number(np.nan, stage="people")]
        # summed exactly: libraries of other versions add in other orders, and numbers are to be the same everywhere
        off = opinion - math.fsum(opinion) / n
        square = off * off
        m2, m3, m4 = (math.fsum(power) / n for power in (square, square * off, square * square))
        g1 = math.sqrt(n * (n - 1)) / (n - 2) * m3 / (m2 * math.sqrt(m2))
        g2 = ((n * n - 1) * m4 / (m2 * m2) - 3.0 * (n - 1) ** 2) / ((n - 2) * (n - 3))
        value = (g1 * g1 + 1.0) / (g2 + 3.0 * (n - 1) ** 2 / ((n - 2) * (n - 3)))
        return [number(min(max(value, 0.0), 1.0), stage="people")]
