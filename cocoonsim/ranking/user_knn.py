"""Show people what those clicked who click alike.

For each user the `neighbours` users with the most similar clicks are found: similarity is the number of items both have
clicked, over the root of the product of how many each has clicked (plus `shrink`, so that a single click in common does not
make twins). An item's score is the sum of the similarities of the neighbours who have clicked it.

Also known as: user-based collaborative filtering, user KNN, nearest neighbours, kNN.
Why it matters here: the oldest way to profile people by their likes: it builds circles of taste that nobody chose to join.
Source: Resnick et al. (1994), GroupLens: an open architecture for collaborative filtering of netnews; cosine and shrinkage
as in Aiolli (2013), Efficient top-N recommendation for very large scale binary rated datasets.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from cocoonsim.core.chance import Dice
from cocoonsim.core.setting import setting
from cocoonsim.core.view import View
from cocoonsim.core.world import PlatformView
from cocoonsim.ranking import Ranking
from cocoonsim.ranking._neighbours import clicked, cosines, nearest, wide_enough


class UserKnn(Ranking):
    personalised = True
    needs = frozenset({"pairs"})

    neighbours: int = setting(20, low=1, high=10_000, unit="users", help="How many similar users count")
    shrink: float = setting(1.0, low=0.0, help="How cautious similarity is with few clicks; 0 = plain cosine")

    def learn(self, platform: PlatformView, dice: Dice) -> Any:
        return clicked(platform.history)

    def score(self, view: View) -> np.ndarray:
        return view.pick(view.shared("user_knn", lambda: self._table(view)))

    def _table(self, view: View) -> Any:
        """CSR (these users, all items): summed similarities."""
        marks = view.model
        similar = nearest(cosines(marks[view.users], marks, self.shrink), self.neighbours, view.users)
        return wide_enough((similar @ marks).tocsr(), view.platform.n_items)
