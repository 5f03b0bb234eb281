"""How far the things that a person has chosen so far lie apart.

The mean distance of all pairs of different items that the user has clicked since the beginning. `by: topics` is 1 - cosine;
`stance` the Euclidean distance; `position` the shorter way round the ring as a part of it, so 1/4 is what chance gives on a
large ring.

Undefined for who has clicked fewer than two items. No null model.

Also known as: consumption diversity, average pairwise distance, individual diversity.
Source: Aridor, Goncalves & Sikdar (2020), Deconstructing the filter bubble: user decision-making and recommender systems;
Ziegler et al. (2005), Improving recommendation lists through topic diversification (intra-list dissimilarity).
"""

from __future__ import annotations

import numpy as np

from cocoonsim.core.moment import Moment
from cocoonsim.core.setting import setting
from cocoonsim.core.world import World
from cocoonsim.metrics import Reading, UserMetric
from cocoonsim.metrics._consumed import SPACES, apart, consumed, space_misfits


class ConsumptionSpread(UserMetric):
    by: str = setting("topics", choices=SPACES, help="What distance is taken in; position is a part of the ring")

    needs = frozenset({"pairs"})
    bounds = (0.0, np.inf)
    usual = False
    title = "Mean distance between consumed items"

    def misfits(self, world: World, slate: int) -> list[tuple[str, str]]:
        return space_misfits(self.by, world)

    def per_user(self, moment: Moment) -> list[Reading]:
        items, had = moment.world.items, consumed(moment)
        by = self.by if self.by != "position" or "position" in items else "topics"
        values = np.full(len(moment.users), np.nan)
        for row, (low, high) in enumerate(zip(had.indptr[:-1], had.indptr[1:], strict=True)):
            mine = had.indices[low:high]
            if mine.size > 1:
                one, other = np.triu_indices(mine.size, 1)
                values[row] = np.sort(
                    apart(items, mine[one], mine[other], by)
                ).mean()  # in an order that ids do not give
        return [Reading(values, np.array(np.nan), stage="clicked", users=moment.users)]
