"""What people truly get out of what they are shown, and out of what they click.

An item is worth affinity times quality to a user: the cosine of the user's true interests with the item's topics (or their
product, where the scenario says `liking: product`), times how good the item is. Stage `shown` is the mean over the feed, stage
`clicked` over the clicked items. No platform can measure it; only a simulation knows.

Null model: `uniform-pool`, the mean over all live items for that very user. The utility is linear in the item, so the
mean over the pool is one dot product for each user with the quality-weighted mean of the items' unit topic vectors.
Exact up to rounding. Undefined for empty feeds, and for stage `clicked` where nothing was clicked.

Also known as: consumer welfare, satisfaction, consumption value (utility minus nothing).
Source: own; the split of welfare from engagement follows Kleinberg, Mullainathan & Raghavan (2022), The challenge of
understanding what users want.
"""

from __future__ import annotations

import numpy as np

from cocoonsim.core.arrays import count_true
from cocoonsim.core.moment import Moment
from cocoonsim.metrics import Reading, UserMetric
from cocoonsim.metrics._exposure import UNIFORM


class TrueUtility(UserMetric):
    title = "True utility"

    def per_user(self, moment: Moment) -> list[Reading]:
        world = moment.world
        tastes = world.tastes(moment.users)
        utility = world.utility(moment.users, moment.feed, tastes).astype(np.float64)
        mean_item = moment.shared("true_utility", lambda: _mean_item(moment))
        null = (tastes.astype(np.float64) * mean_item).sum(axis=1)
        return [
            Reading(_mean_where(utility, mask), null, UNIFORM, stage, moment.users)
            for stage, mask in (("shown", moment.seen), ("clicked", moment.clicks))
        ]


def _mean_item(moment: Moment) -> np.ndarray:
    """float64 (topics,): the mean over live items of quality times unit topic vector; NaN when there are none."""
    world, live = moment.world, moment.live
    if not len(live):
        return np.full(world.n_topics, np.nan)

    def mean() -> np.ndarray:
        weighted = world.vectors.rows[live].astype(np.float64) * world.items.quality[live][:, None]
        found: np.ndarray = weighted.mean(axis=0)
        return found

    if len(live) == world.n_items:  # found once, as long as nothing comes or goes
        known: np.ndarray = world.items.derived(f"mean item by {world.liking}", mean)
        return known
    return mean()


def _mean_where(values: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """The mean of each row over the marked places; NaN where none is marked."""
    with np.errstate(invalid="ignore"):
        mean: np.ndarray = (values * mask).sum(axis=1) / count_true(mask)
    return mean
