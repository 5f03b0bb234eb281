"""How much of what people see and click comes from groups other than their own.

The share of items of another group (community, camp, language) than the user's among those shown, and among those clicked.

Null model: `uniform-pool`, exact: the share of such items in the pool, which differs from group to group. Undefined for
empty feeds, and where nothing was clicked.

Also known as: cross-group exposure, intergroup contact, out-group exposure share.
Source: own; the exposure index P* of Lieberson (1981), An asymmetrical approach to segregation, applied to feeds.
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from cocoonsim.core.arrays import gather
from cocoonsim.core.moment import Moment
from cocoonsim.metrics import Reading, UserMetric
from cocoonsim.metrics._shares import marked_shares


class CrossGroupShare(UserMetric):
    needs: ClassVar[frozenset[str]] = frozenset({"items.group", "users.group"})
    diverse = 1
    title = "Cross-group share"

    def per_user(self, moment: Moment) -> list[Reading]:
        group, own = moment.world.items.group, moment.world.users.group[moment.users]
        others = gather(group, moment.feed, empty=-1) != own[:, None]

        def shares() -> np.ndarray:
            """float64 (n_groups + 1,): the share of each group in the pool; 0 for a group that made nothing."""
            live = group[moment.live]
            size = int(max(moment.world.users.group.max(initial=0), live.max(initial=0))) + 1
            return np.bincount(live, minlength=size) / len(live) if len(live) else np.full(size, np.nan)

        return marked_shares(moment, others, 1.0 - moment.shared("groups of the pool", shares)[own])
