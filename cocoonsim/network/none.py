"""Nobody follows anybody.

The control condition for everything that friends do.

Also known as: empty graph, isolated users.
Source: own; the null case of every network model.
"""

from __future__ import annotations

from cocoonsim.core.chance import Chance
from cocoonsim.core.follows import Follows
from cocoonsim.core.world import Columns
from cocoonsim.network import Network


class NoNetwork(Network):
    def build(self, users: Columns, chance: Chance) -> Follows:
        return Follows.none(users.size)

    def mean_degree(self, n_users: int) -> float:
        return 0.0
