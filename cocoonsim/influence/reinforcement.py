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

from cocoonsim.core.arrays import row_sums_to_one, sum_by_row
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
        before = world.users.interests[users]
        wide = before.astype(np.float64)
        after, moved = wide, np.zeros((len(users), 1), bool)
        if self.rate > 0:
            clicked, some = _mean_topics(world, feed, clicks)
            after, moved = after + np.where(some, self.rate * (clicked - wide), 0.0), moved | some
        if self.away > 0:
            passed, some = _mean_topics(world, feed, (feed >= 0) & ~clicks)
            after, moved = after - np.where(some, self.away * (passed - wide), 0.0), moved | some
        return {"interests": np.where(moved, row_sums_to_one(np.maximum(after, 0.0)), before)}


def _mean_topics(world: World, feed: np.ndarray, marked: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean topics of the marked items, float64 (n, topics), and whether there are any, bool (n, 1)."""
    row, place = np.divmod(np.flatnonzero(marked), feed.shape[1])
    total = sum_by_row(world.items.topics[feed[row, place]].astype(np.float64), row, len(feed))
    count = marked.sum(axis=1)[:, None]
    return total / np.maximum(count, 1), count > 0
