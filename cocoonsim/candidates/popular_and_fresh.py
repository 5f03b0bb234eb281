"""What is popular and what is new may be shown; the rest of the catalogue may not.

Candidates are the `popular` items with the most clicks so far and the `fresh` newest of the others, the same for
everybody. Ties are drawn at random, anew in each step, so before the first click the popular ones are any.

Also known as: trending plus recent retrieval, head-and-new candidate generation, exploit and explore pools.
Why it matters here: what is neither popular nor new any more is out of reach of any ranking: the middle of the catalogue
disappears before a single taste is looked at.
Source: own; a common first stage of industrial recommenders, as described by Covington, Adams & Sargin (2016), Deep neural
networks for YouTube recommendations (who stress freshness).
"""

from __future__ import annotations

import numpy as np

from cocoonsim.candidates import Candidates
from cocoonsim.core.chance import Dice
from cocoonsim.core.setting import setting
from cocoonsim.core.world import PlatformView


class PopularAndFresh(Candidates):
    popular: int = setting(100, low=0, unit="items", help="How many of the most clicked items are candidates")
    fresh: int = setting(100, low=0, unit="items", help="How many of the newest of the other items are")

    def problems(self) -> list[tuple[str, str]]:
        if not self.popular + self.fresh:
            return [("popular", "neither popular nor fresh items: nothing could be shown. Make one of them larger")]
        return []

    def offer(self, platform: PlatformView, users: np.ndarray, dice: Dice) -> np.ndarray:
        live = platform.live
        if live.size <= self.popular + self.fresh:
            return live
        luck = dice.pairs("popular_and_fresh", np.zeros(1, np.int64), live)[0]
        popular = _most(platform.history.item_clicks[live], luck, self.popular)
        others = np.setdiff1d(np.arange(live.size), popular, assume_unique=True)
        created = platform.items.created[live[others]].astype(np.int64)
        fresh = others[_most((created << 32) + platform.items.turn[live[others]], luck[others], self.fresh)]
        return live[np.sort(np.concatenate([popular, fresh]))]


def _most(worth: np.ndarray, luck: np.ndarray, k: int) -> np.ndarray:
    """int64 (k,): where the largest are, ties by luck."""
    if k >= worth.size or not k:
        return np.arange(min(k, worth.size))
    least = np.partition(worth, worth.size - k)[worth.size - k]
    sure, ties = np.flatnonzero(worth > least), np.flatnonzero(worth == least)
    return np.concatenate([sure, ties[np.argsort(luck[ties], kind="stable")[: k - sure.size]]])
