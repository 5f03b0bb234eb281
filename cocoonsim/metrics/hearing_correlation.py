"""How much people hold the opinion that they hear.

The correlation, over users, between a user's opinion and the column `heard`: the opinions of those who influenced the user
lately, as an influence notes them (`radicalisation` with `hearing` above 0). Ties need not last: in a network of fleeting
contacts this is what `neighbour_correlation` is among people who follow each other. With several dimensions of opinion the
first is used; people count as they stood when they looked at their feeds.

Null model: `opinions-shuffled`. If opinions changed hands at random the correlation would be 0. Undefined when all agree, or
all hear the same, or there are fewer than two.

Also known as: correlation of opinion and exposure, echo-chamber correlation, x against x^NN.
Source: Baumann, Lorenz-Spreen, Sokolov & Starnini (2020), Modeling echo chambers and polarization dynamics in social networks.
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from cocoonsim.core.moment import Moment
from cocoonsim.core.world import World
from cocoonsim.metrics import Metric, Reading, number


class HearingCorrelation(Metric):
    needs: ClassVar[frozenset[str]] = frozenset({"users.opinion"})
    bounds = (-1.0, 1.0)
    usual = False
    title = "Correlation of opinion and what is heard"

    def misfits(self, world: World, slate: int) -> list[tuple[str, str]]:
        if "heard" in world.users:
            return []
        return [("", "nobody notes what people hear. Use influence: radicalisation with hearing above 0")]

    def measure(self, moment: Moment) -> list[Reading]:
        users = moment.world.users
        own, heard = users.opinion[:, 0], users["heard"] if "heard" in users else np.zeros(users.size)
        if len(own) < 2 or np.ptp(own) == 0 or np.ptp(heard) == 0:
            return [number(np.nan, np.nan, "opinions-shuffled", "people")]
        value = float(np.corrcoef(own, heard)[0, 1])
        return [number(min(max(value, -1.0), 1.0), 0.0, "opinions-shuffled", "people")]
