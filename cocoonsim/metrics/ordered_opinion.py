"""The opinion that so many people lie below.

All opinions are put in order; this is the one at `place`, counted from 0 for the smallest, or from -1 downwards for the
largest. In small examples with a closed form it reads the whole vector of opinions, whoever holds them. With several
dimensions of opinion the first is used; people count as they stood when they looked at their feeds.

Null model: none. Undefined when there are not so many users.

Also known as: order statistic, sorted opinion vector, extreme opinions (0 and -1).
Source: own; for results such as those of Friedkin & Johnsen (1990), Social influence and opinions.
"""

from __future__ import annotations

import numpy as np

from cocoonsim.core.moment import Moment
from cocoonsim.core.setting import setting
from cocoonsim.core.world import World
from cocoonsim.metrics import Metric, Reading, number


class OrderedOpinion(Metric):
    bounds = (-np.inf, np.inf)
    usual = False
    title = "Opinion at a place in their order"

    place: int = setting(0, help="Which: 0 is the smallest, 1 the next, -1 the largest")

    def misfits(self, world: World, slate: int) -> list[tuple[str, str]]:
        if self._there(world.n_users):
            return []
        return [("place", f"there is no place {self.place} among {world.n_users} users, which are counted from 0")]

    def measure(self, moment: Moment) -> list[Reading]:
        opinion = np.sort(moment.world.users.opinion[:, 0])
        return [number(float(opinion[self.place]) if self._there(len(opinion)) else np.nan, stage="people")]

    def _there(self, n: int) -> bool:
        return -n <= self.place < n
