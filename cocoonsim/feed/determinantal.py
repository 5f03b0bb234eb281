"""Show a set of items that are good and span many directions.

Items are arrows in the space of topics, as long as exp(quality_weight x score). The more volume a set of them spans, the better
it is: long arrows help, and two copies of the same item span none. The feed is filled one place at a time, each with the item
that makes the squared volume, det L, largest, where L_ij = exp(quality_weight (r_i + r_j)) S_ij, r are the scores and S the
cosines between the topics of items. That is the most likely set of a determinantal point process, found greedily. At a weight
of 0 only diversity counts. The source's trade-off theta is quality_weight = theta / (2 (1 - theta)).

How: an item adds the logarithm of the squared length that is left of its arrow when all that points along the chosen ones is
taken away; a row of a Cholesky factor is carried along for each place. When nothing is left of any candidate (with K topics, at
the latest after K items), the places that remain go to the best scores. With `rescale`, the scores of each user's short list
are first stretched to 0 ... 1.

Also known as: DPP, determinantal point process, fast greedy MAP, volume maximisation.
Why it matters here: it looks at the feed as a whole, where `maximal_marginal` looks at the most similar pair only.
Source: Chen, Zhang & Zhou (2018), Fast greedy MAP inference for determinantal point process to improve recommendation
diversity.
"""

from __future__ import annotations

import numpy as np

from cocoonsim.core.arrays import row_products
from cocoonsim.core.setting import setting
from cocoonsim.core.view import View
from cocoonsim.core.world import item_vectors
from cocoonsim.feed._greedy import Greedy, Picking, at

_NOTHING = np.float32(1e-5)  # a squared length below this is rounding


class Determinantal(Greedy):
    quality_weight: float = setting(
        1.0, low=0.0, high=1e4, help="How much scores count against diversity; 0 = not at all"
    )

    def start(self, worth: np.ndarray, items: np.ndarray, view: View, users: np.ndarray) -> Picking:
        catalogue = view.platform.items
        rows = item_vectors(catalogue).rows
        lengths = catalogue.derived("squared lengths", lambda: (rows * rows).sum(axis=1))  # exact on the grid
        vectors = np.take(rows, items, axis=0, mode="clip")
        left = np.take(lengths, items, mode="clip")
        return _Volume(2 * np.float32(self.quality_weight) * worth, vectors, left)


class _Volume:
    def __init__(self, own: np.ndarray, vectors: np.ndarray, left: np.ndarray) -> None:
        self.own, self.vectors, self.left = own, vectors, left
        self.rows: list[np.ndarray] = []
        # below any candidate that adds something, best scored first
        least = self.own.min(axis=1, keepdims=True) + np.log(_NOTHING) - 1
        self.afterwards = least - np.arange(own.shape[1], dtype=np.float32)

    def values(self) -> np.ndarray:
        adds = self.own + np.log(np.maximum(self.left, _NOTHING))
        return np.where(self.left > _NOTHING, adds, self.afterwards)

    def add(self, best: np.ndarray) -> None:
        along = row_products(self.vectors, at(self.vectors, best))
        for earlier in self.rows:
            along -= earlier * at(earlier, best)[:, None]
        length = at(self.left, best)
        spans = length > _NOTHING
        along *= np.where(spans, 1 / np.sqrt(np.where(spans, length, np.float32(1))), np.float32(0))[:, None]
        self.rows.append(along)
        self.left -= along * along
