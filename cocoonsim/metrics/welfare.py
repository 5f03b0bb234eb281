"""What the things people chose today are truly worth to them.

The mean worth of the items a user clicked: their own value of it where people have values (the column `true_value`, which
the influence rule `belief_update` brings), otherwise true utility (affinity times quality). People choose by what they
believe; this is what they get.

Null model: `uniform-pool`, the mean worth of all live items to that very user, exact. Undefined for who clicked nothing.

Also known as: consumer surplus, realised utility, ex-post payoff.
Source: Aridor, Goncalves & Sikdar (2020), Deconstructing the filter bubble: user decision-making and recommender systems.
"""

from __future__ import annotations

import numpy as np

from cocoonsim.core.arrays import count_true
from cocoonsim.core.moment import Moment
from cocoonsim.metrics import Reading, UserMetric
from cocoonsim.metrics._exposure import UNIFORM


class Welfare(UserMetric):
    bounds = (-np.inf, np.inf)
    usual = False
    title = "Worth of what was chosen"

    def per_user(self, moment: Moment) -> list[Reading]:
        world, users = moment.world, moment.users
        if "true_value" in world.users:
            worth = np.where(moment.seen, world.users.true_value[users[:, None], np.maximum(moment.feed, 0)], 0.0)
            pool = world.users.true_value[users][:, moment.live]
        else:
            worth = world.utility(users, moment.feed).astype(np.float64)
            pool = world.utility(users, moment.live).astype(np.float64)
        n = count_true(moment.clicks)
        values = np.where(n > 0, (worth * moment.clicks).sum(axis=1) / np.maximum(n, 1), np.nan)
        null = pool.mean(axis=1) if len(moment.live) else np.full(len(users), np.nan)
        return [Reading(values, null, UNIFORM, "clicked", users)]
