"""Whether ties lead out of people's groups or stay inside.

(external - internal) / (external + internal) over all follows: 1 when everybody follows other groups only, -1 when all ties
stay inside. It depends on the sizes of groups, so read it against its null.

Null model: `configuration`, exact in expectation: everybody keeps how many they follow and by how many they are followed,
and the ends are joined at random (self-follows, of the order of 1 in the number of users, are not taken out). Undefined
without ties.

Also known as: E-I index, Krackhardt-Stern index; 2 x (share of cross-group ties) - 1.
Source: Krackhardt & Stern (1988), Informal networks and organizational crises: an experimental simulation.
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from cocoonsim.core.moment import Moment
from cocoonsim.metrics import Metric, Reading, number


class EiIndex(Metric):
    needs: ClassVar[frozenset[str]] = frozenset({"network", "users.group"})
    bounds = (-1.0, 1.0)
    diverse = 1
    title = "E-I index of ties"

    def measure(self, moment: Moment) -> list[Reading]:
        follows, group = moment.world.follows, moment.world.users.group
        if not follows.n_arcs:
            return [number(np.nan, np.nan, "configuration", "people")]
        source, target = group[follows.sources()], group[follows.targets]
        size = int(group.max()) + 1
        out, back = np.bincount(source, minlength=size), np.bincount(target, minlength=size)
        inside = float((out.astype(np.float64) * back).sum()) / follows.n_arcs**2
        return [number(2.0 * float((source != target).mean()) - 1.0, 1.0 - 2.0 * inside, "configuration", "people")]
