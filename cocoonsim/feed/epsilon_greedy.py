"""Show the best, but let chance have a place now and then.

Each place of the feed is, with the chance `explore`, given to a random candidate, else to the best one left. Nothing is
shown twice.

Also known as: epsilon-greedy exploration, random injection, serendipity slots.
Why it matters here: the simplest cure for a feedback loop. With K topics and one-item feeds, the favourite topic keeps a
share of 1 - explore + explore / K.
Source: Sutton & Barto (2018), Reinforcement learning: an introduction, chapter 2.
"""

from __future__ import annotations

import numpy as np

from cocoonsim.core.arrays import NOBODY
from cocoonsim.core.setting import setting
from cocoonsim.core.view import View
from cocoonsim.feed import Feed


class EpsilonGreedy(Feed):
    explore: float = setting(0.1, low=0.0, high=1.0, help="Chance of each place to show a random candidate")

    def shortlists(self, scores: np.ndarray, view: View) -> dict[str, np.ndarray]:
        if self.explore == 0:
            return {"best": scores}
        lottery = np.where(scores > -np.inf, view.uniform("lottery"), np.float32(-np.inf))
        return {"best": scores, "lottery": lottery}

    def fill(self, scores: np.ndarray, items: np.ndarray, view: View, slate: int) -> np.ndarray:
        if self.explore == 0:
            return items[:, :slate]
        lists = np.stack([items, view.lists["lottery"][1]])  # (2, n, depth)
        left = lists >= 0
        by_chance = (view.dice.uniform("epsilon", view.users, slate) < self.explore).astype(np.intp)
        row = np.arange(len(items))
        feed = np.full((len(items), slate), NOBODY, np.int32)
        for place in range(slate):
            which = by_chance[:, place]
            first = left[which, row].argmax(axis=1)  # the first that is left; both lists run out at the same time
            found = left[which, row, first]
            feed[:, place] = np.where(found, lists[which, row, first], np.int32(NOBODY))
            left &= lists != feed[:, place, None]
        return feed
