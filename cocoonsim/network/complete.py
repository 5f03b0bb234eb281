"""Everybody follows everybody.

No filter by acquaintance at all: what separates people then is the algorithm, or they themselves. The number of ties grows
with the square of the number of users, so it is for small worlds.

Also known as: fully connected graph, complete mixing, mean-field, well-mixed population.
Source: the mean-field case of opinion dynamics, e.g. Deffuant et al. (2000), Mixing beliefs among interacting agents.
"""

from __future__ import annotations

import numpy as np

from cocoonsim.core.chance import Chance
from cocoonsim.core.errors import UserError
from cocoonsim.core.follows import Follows
from cocoonsim.core.world import Columns
from cocoonsim.network import Network

MOST = 5000
"""Users; with more, 25 million ties and up, models that ask everybody have quicker ways of their own."""


class Complete(Network):
    def build(self, users: Columns, chance: Chance) -> Follows:
        n = users.size
        if n > MOST:
            raise UserError(
                f"{n} users who all follow each other are {n * (n - 1):,} ties. Use at most {MOST} users, or an influence "
                "that asks everybody without a network (among: everyone)",
                where="network.complete",
            )
        place = np.arange(n * max(n - 1, 0))
        source = place // max(n - 1, 1)
        target = place % max(n - 1, 1)
        target += target >= source  # step over oneself
        return Follows((np.arange(n + 1) * max(n - 1, 0)).astype(np.int64), target.astype(np.int32))

    def mean_degree(self, n_users: int) -> float:
        return float(max(n_users - 1, 0))
