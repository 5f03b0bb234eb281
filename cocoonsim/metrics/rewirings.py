"""How much of the network people have changed so far.

Changes of ties since the start of the run, for each tie of the network: one exchanged tie, or one added, is one change; a tie
that is changed twice counts twice. 0 where no rule of rewiring has changed anything yet. Ties count as they stood when people
looked at their feeds.

Null model: none. Undefined when nobody follows anybody.

Also known as: turnover of ties, rewiring count, churn.
Source: own; the number of rewirings that Cinus et al. (2022), The effect of people recommenders on echo chambers and
polarization, hold equal between recommenders.
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from cocoonsim.core.moment import Moment
from cocoonsim.metrics import Metric, Reading, number


class Rewirings(Metric):
    needs: ClassVar[frozenset[str]] = frozenset({"network"})
    bounds = (0.0, np.inf)
    usual = False
    title = "Changes of ties so far"

    def measure(self, moment: Moment) -> list[Reading]:
        users, ties = moment.world.users, moment.world.follows.n_arcs
        made = float(users["rewired"].sum()) if "rewired" in users else 0.0
        return [number(made / ties if ties else np.nan, stage="people")]
