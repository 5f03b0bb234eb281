"""Show people what is clicked by the same people as what they clicked.

Two items are similar when the same users clicked them: the number of users who clicked both, over the root of the product
of how many clicked each (plus `shrink`). Of each item the `neighbours` most similar ones are kept; an item's score for a user
is the sum of its similarities to what the user has clicked.

Also known as: item-based collaborative filtering, item KNN, "people who liked this also liked".
Why it matters here: the workhorse of shops; it leads people along what goes together in the crowd's eyes.
Source: Sarwar, Karypis, Konstan & Riedl (2001), Item-based collaborative filtering recommendation algorithms; Linden, Smith &
York (2003), Amazon.com recommendations.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from cocoonsim.core.chance import Dice
from cocoonsim.core.setting import setting
from cocoonsim.core.view import View
from cocoonsim.core.world import PlatformView
from cocoonsim.ranking import Ranking
from cocoonsim.ranking._neighbours import clicked, cosines, nearest, wide_enough


@dataclass(frozen=True)
class Likeness:
    """CSR arrays: who has clicked what (n_users, n_items), and how similar items are (n_items, n_items)."""

    marks: Any
    similar: Any


class ItemKnn(Ranking):
    personalised = True
    needs = frozenset({"pairs"})

    neighbours: int = setting(20, low=1, high=10_000, unit="items", help="How many similar items are kept for each")
    shrink: float = setting(1.0, low=0.0, help="How cautious similarity is with few clicks; 0 = plain cosine")

    def learn(self, platform: PlatformView, dice: Dice) -> Likeness:
        marks = clicked(platform.history)
        by_item = marks.T.tocsr()
        return Likeness(
            marks, nearest(cosines(by_item, by_item, self.shrink), self.neighbours, np.arange(marks.shape[1]))
        )

    def score(self, view: View) -> np.ndarray:
        return view.pick(view.shared("item_knn", lambda: self._table(view)))

    @staticmethod
    def _table(view: View) -> Any:
        """CSR (these users, all items): summed similarities of each item's own neighbours."""
        model: Likeness = view.model
        return wide_enough((model.marks[view.users] @ model.similar.T).tocsr(), view.platform.n_items)
