"""Shares of marked items in what is shown and clicked, which have an exact null: the share in the pool."""

from __future__ import annotations

import numpy as np

from cocoonsim.core.arrays import count_true
from cocoonsim.core.moment import Moment
from cocoonsim.metrics import Reading
from cocoonsim.metrics._exposure import UNIFORM


def marked_shares(moment: Moment, marked: np.ndarray, pool: np.ndarray | float) -> list[Reading]:
    """Readings of the share of `marked` places, bool (n, slate), among those shown and those clicked; NaN where none are.

    `pool` is the share of such items among the live ones, for each user or one for all.
    """
    null = np.broadcast_to(np.asarray(pool, np.float64), (len(moment.users),))
    readings = []
    for stage, looked in (("shown", moment.seen), ("clicked", moment.clicks)):
        n = count_true(looked)
        with np.errstate(invalid="ignore"):
            values = count_true(marked & looked) / np.where(n > 0, n, np.nan)
        readings.append(Reading(values, null, UNIFORM, stage, moment.users))
    return readings
