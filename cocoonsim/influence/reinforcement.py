"""People come to like what they click, and to dislike what they pass over.

Interests move by `rate` of the way to the mean topics of the clicked items, and by `away` in the direction opposite to the
mean topics of the items shown but not clicked. Interests are shares of attention by definition: one that would fall below
0 becomes 0, and the rest is scaled to sum to 1.

Also known as: preference reinforcement, taste drift, mere exposure, drift to consumed.
Why it matters here: with this rule the platform no longer only finds a taste, it makes one; the loop is closed on both sides.
Source: own; the feedback of Jiang et al. (2019), Degenerate feedback loops in recommender systems, on shares of interest.
"""

from __future__ import annotations

import numpy as np

from cocoonsim.core.arrays import first_of_each, row_sums_to_one
from cocoonsim.core.chance import Dice
from cocoonsim.core.setting import setting
from cocoonsim.core.world import World
from cocoonsim.influence import Influence


class Reinforcement(Influence):
    rate: float = setting(
        0.05, low=0.0, high=1.0, help="Part of the way that interests move to what is clicked, per step"
    )
    away: float = setting(0.0, low=0.0, high=1.0, help="Part of the way that interests move from what is passed over")

    def move(
        self, world: World, users: np.ndarray, feed: np.ndarray, clicks: np.ndarray, dice: Dice
    ) -> dict[str, np.ndarray]:
        if self.rate == 0 and self.away == 0:
            return {}
        interests = world.users.interests.take(users, axis=0)
        pulls = [(self.rate, *_mean_topics(world, feed, clicks))] if self.rate > 0 else []
        if self.away > 0:
            pulls.append((-self.away, *_mean_topics(world, feed, (feed >= 0) & ~clicks)))
        moved = pulls[0][2] if len(pulls) == 1 else np.union1d(pulls[0][2], pulls[1][2])
        if moved.size:
            wide = interests.take(moved, axis=0).astype(np.float64)
            if len(pulls) == 1:
                after = wide + pulls[0][0] * (pulls[0][1] - wide)
            else:
                after = wide.copy()
                for rate, topics, rows in pulls:
                    some = np.searchsorted(moved, rows)
                    after[some] += rate * (topics - wide[some])
            interests[moved] = row_sums_to_one(np.maximum(after, 0.0))
        return {"interests": interests}


def _mean_topics(world: World, feed: np.ndarray, marked: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean topics of the marked items, float64 (m, topics), for the m rows (m,) that have any."""
    row, place = np.divmod(np.flatnonzero(marked), marked.shape[1])  # far quicker than to look for both at once
    first = first_of_each(row)
    topics = world.items.topics.take(feed[row, place], axis=0).astype(np.float64)
    if len(first) == len(row):  # nobody has two
        return topics, row
    count = np.bincount(row)[row[first]]
    return np.add.reduceat(topics, first, axis=0) / count[:, None], row[first]
