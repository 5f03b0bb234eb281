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

from cocoonsim.core.arrays import products_across
from cocoonsim.core.setting import setting
from cocoonsim.core.view import View
from cocoonsim.core.world import item_vectors
from cocoonsim.feed._greedy import Greedy, Picking, at


class MaximalMarginal(Greedy):
    balance: float = setting(0.7, low=0.0, high=1.0, help="Weight of the score; the rest goes to being different")

    def start(self, worth: np.ndarray, items: np.ndarray, view: View, users: np.ndarray) -> Picking:
        vectors = np.take(item_vectors(view.platform.items).rows, items, axis=0, mode="clip")  # (n, w, topics)
        return _Difference(np.float32(self.balance) * worth, vectors, np.float32(1 - self.balance))


class _Difference:
    def __init__(self, own: np.ndarray, vectors: np.ndarray, toll: np.float32) -> None:
        self.own, self.vectors, self.toll = own, vectors, toll
        # (n, topics, w): products of long rows are quicker
        self.across = np.ascontiguousarray(vectors.transpose(0, 2, 1))
        self.likeness = np.zeros_like(own)  # with the most similar item chosen so far

    def values(self) -> np.ndarray:
        values = self.toll * self.likeness
        return np.subtract(self.own, values, out=values)

    def add(self, best: np.ndarray) -> None:
        # exact on the grid, so a feed does not depend on the users it is made with
        np.maximum(self.likeness, products_across(at(self.vectors, best), self.across), out=self.likeness)
