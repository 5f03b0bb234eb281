"""How far the next choice lies from the last.

For each user the mean distance between what they clicked and what they had clicked just before, in the order of the feed
where they clicked several. `by: topics` is 1 - cosine; `stance` the Euclidean distance; `position` counts places on the ring
of a `ring` catalogue, the shorter way round. Small values that get smaller are people who explore less and less.

The click before today's first is looked for in the platform's memory: give the scenario a `memory` of at least one slate.
Undefined for who clicked nothing today, or nothing before. No null model.

Also known as: consecutive distance, local consumption, step length, exploration distance.
Source: Aridor, Goncalves & Sikdar (2020), Deconstructing the filter bubble: user decision-making and recommender systems.
"""

from __future__ import annotations

import numpy as np

from cocoonsim.core.moment import Moment
from cocoonsim.core.setting import setting
from cocoonsim.core.world import World
from cocoonsim.metrics import Reading, UserMetric
from cocoonsim.metrics._consumed import SPACES, apart, space_misfits


class ChoiceDistance(UserMetric):
    by: str = setting("topics", choices=SPACES, help="What distance is taken in; position counts places on the ring")

    bounds = (0.0, np.inf)
    usual = False
    title = "Distance from the last choice"

    def misfits(self, world: World, slate: int) -> list[tuple[str, str]]:
        return space_misfits(self.by, world)

    def per_user(self, moment: Moment) -> list[Reading]:
        items, slate = moment.world.items, moment.feed.shape[1]
        by = self.by if self.by != "position" or "position" in items else "topics"
        last = moment.history.last_clicked(1, moment.users)[:, 0].astype(np.int64)
        total, steps = np.zeros(len(moment.users)), np.zeros(len(moment.users))
        for place in range(slate):
            now = moment.clicks[:, place]
            moved = now & (last >= 0)
            total[moved] += apart(items, last[moved], moment.feed[moved, place], by)
            steps += moved
            last[now] = moment.feed[now, place]
        places = items.size if by == "position" else 1
        values = np.where(steps > 0, total * places / np.maximum(steps, 1), np.nan)
        return [Reading(values, np.array(np.nan), stage="clicked", users=moment.users)]
