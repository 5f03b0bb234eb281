"""Show what scores well and is unlike what is already in the feed.

The feed is filled one place at a time from the best `shortlist` candidates. Each place goes to the one with the largest
balance x score - (1 - balance) x likeness, where likeness is the cosine of its topics with the most similar item already
chosen. At a balance of 1 the feed is that of `top`; at 0, after the best item, only difference counts.

How: with `rescale`, the scores of each user's short list are first stretched to the range from 0 to 1 (all 1 when they are
equal), so that a balance means the same for every ranking; without it, scores are taken as they are.

Also known as: MMR, maximal marginal relevance, diversity re-ranking.
Why it matters here: diversity within a feed at the smallest loss of score; it cannot bring back what the ranking never
puts into the short list.
Source: Carbonell & Goldstein (1998), The use of MMR, diversity-based reranking for reordering documents and producing
summaries.
"""

from __future__ import annotations

import numpy as np

from cocoonsim.core.arrays import NOBODY, row_products
from cocoonsim.core.setting import setting
from cocoonsim.core.view import View
from cocoonsim.core.world import item_vectors
from cocoonsim.feed import Feed
from cocoonsim.feed._shortlist import stretched


class MaximalMarginal(Feed):
    balance: float = setting(0.7, low=0.0, high=1.0, help="Weight of the score; the rest goes to being different")
    shortlist: int = setting(
        50, low=1, high=10_000, unit="items", help="How many of the best candidates to choose from"
    )
    rescale: bool = setting(True, help="Stretch each user's scores to 0 ... 1 first")

    def depth(self, slate: int) -> int:
        return max(self.shortlist, slate)

    def fill(self, scores: np.ndarray, items: np.ndarray, view: View, slate: int) -> np.ndarray:
        there = items >= 0
        worth = np.where(there, scores, np.float32(0))
        if self.rescale:
            worth = stretched(worth, there)
        worth = np.where(there, np.float32(self.balance) * worth, np.float32(-np.inf))
        vectors = np.take(item_vectors(view.platform.items).rows, items, axis=0, mode="clip")  # (n, depth, topics)
        likeness = np.zeros(items.shape, np.float32)  # with the most similar item chosen so far
        row = np.arange(len(items))
        feed = np.full((len(items), slate), NOBODY, np.int32)
        for place in range(slate):
            best = (worth - np.float32(1 - self.balance) * likeness).argmax(axis=1)  # of equals, the better scored
            feed[:, place] = np.where(worth[row, best] > -np.inf, items[row, best], np.int32(NOBODY))
            worth[row, best] = -np.inf
            # exact on the grid, so a feed does not depend on the users it is made with
            np.maximum(likeness, row_products(vectors, vectors[row, best]), out=likeness)
        return feed
