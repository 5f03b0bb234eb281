"""What one person thinks.

The opinion of the user with the number `user` (counted from 0), in the dimension `dimension`, as it stood when people looked
at their feeds.

Null model: none. Undefined when there is no such user.

Also known as: trajectory of an agent, entry of the opinion vector.
Source: own; for small examples with a closed form, and to follow somebody through a run.
"""

from __future__ import annotations

import numpy as np

from cocoonsim.core.moment import Moment
from cocoonsim.core.setting import setting
from cocoonsim.core.world import World
from cocoonsim.metrics import Metric, Reading, number


class OpinionOfOne(Metric):
    bounds = (-np.inf, np.inf)
    usual = False
    title = "Opinion of one person"

    user: int = setting(0, low=0, help="Number of the user, from 0")
    dimension: int = setting(0, low=0, help="Dimension of the opinion, from 0")

    def misfits(self, world: World, slate: int) -> list[tuple[str, str]]:
        users, dimensions = world.users.opinion.shape
        if self.user >= users:
            return [("user", f"there is no user {self.user}: the {users} users are numbered from 0")]
        if self.dimension >= dimensions:
            return [("dimension", f"opinions have {dimensions} dimensions, numbered from 0; got {self.dimension}")]
        return []

    def measure(self, moment: Moment) -> list[Reading]:
        opinion = moment.world.users.opinion
        there = self.user < len(opinion) and self.dimension < opinion.shape[1]
        return [number(float(opinion[self.user, self.dimension]) if there else np.nan, stage="people")]
