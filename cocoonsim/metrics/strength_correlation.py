"""Whether people of a kind hold stronger opinions.

The correlation, over users, between a column of theirs (by default how active they are) and the distance of their opinion
from 0. With several dimensions of opinion the first is used; people count as they stood when they looked at their feeds.

Null model: `opinions-shuffled`. If opinions changed hands at random the correlation would be 0. Undefined when all users are
equal in either of the two, or fewer than two.

Also known as: correlation of activity and extremity, engagement-extremity correlation.
Source: Baumann, Lorenz-Spreen, Sokolov & Starnini (2020), Modeling echo chambers and polarization dynamics in social
networks: the more active hold the more extreme opinions.
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from cocoonsim.core.moment import Moment
from cocoonsim.core.setting import setting
from cocoonsim.metrics import Metric, Reading, number


class StrengthCorrelation(Metric):
    needs: ClassVar[frozenset[str]] = frozenset({"users.opinion"})
    bounds = (-1.0, 1.0)
    usual = False
    title = "Correlation with strength of opinion"

    column: str = setting(
        "activity", choices=("activity", "tolerance", "stubbornness", "literacy"), help="Of what in a user"
    )

    def measure(self, moment: Moment) -> list[Reading]:
        users = moment.world.users
        kind, strength = users[self.column].astype(np.float64), np.abs(users.opinion[:, 0])
        if len(kind) < 2 or np.ptp(kind) == 0 or np.ptp(strength) == 0:
            return [number(np.nan, np.nan, "opinions-shuffled", "people")]
        value = float(np.corrcoef(kind, strength)[0, 1])
        return [number(min(max(value, -1.0), 1.0), 0.0, "opinions-shuffled", "people")]
