"""Cover every interest of the user, the larger ones first.

A user's interests are topics, each as important as its share of what the user clicked. An item that is about a topic not yet
covered by the feed is worth more than one more item about a topic that is. Each place goes to the item with the largest

    balance x score + (1 - balance) x sum over topics of importance x share of the topic x not yet covered,

where "not yet covered" is the product of (1 - share of the topic) over the items already chosen. At a balance of 1 the feed
is that of `top`.

How: `aspects: equal` makes all topics equally important, as do clicks that are not there yet. Importances and shares are cut
to multiples of 2^-12. With `rescale`, the scores of each user's short list are first stretched to 0 ... 1.

Also known as: explicit query aspect diversification, intent-aware diversification, coverage re-ranking.
Why it matters here: it serves small interests too, but only those the user has shown; topics never clicked stay uncovered
unless `aspects: equal`.
Source: Santos, Macdonald & Ounis (2010), Exploiting query reformulations for web search result diversification.
"""

from __future__ import annotations

import numpy as np

from cocoonsim.core.arrays import row_products, row_sums_to_one, shares_on_grid
from cocoonsim.core.setting import setting
from cocoonsim.core.view import View
from cocoonsim.feed._greedy import Greedy, Picking, at, clicked_shares, topic_shares


class Xquad(Greedy):
    balance: float = setting(0.5, low=0.0, high=1.0, help="Weight of the score; the rest goes to covering topics")
    aspects: str = setting(
        "clicked", choices=("clicked", "equal"), help="What makes topics important: the user's clicks, or all alike"
    )

    def start(self, worth: np.ndarray, items: np.ndarray, view: View, users: np.ndarray) -> Picking:
        clicked = clicked_shares(view, users)
        importance = row_sums_to_one(np.zeros_like(clicked) if self.aspects == "equal" else clicked)
        shares = topic_shares(view.platform.items, items)
        return _Coverage(worth, shares, shares_on_grid(importance), np.float32(self.balance))


class _Coverage:
    def __init__(self, worth: np.ndarray, shares: np.ndarray, wanted: np.ndarray, balance: np.float32) -> None:
        self.own = balance * worth
        self.shares, self.wanted, self.rest = shares, wanted, 1 - balance

    def values(self) -> np.ndarray:
        # both on the grid and at most 1 in sum: exact in any order
        gains = row_products(self.shares, self.wanted)
        values: np.ndarray = self.own + self.rest * gains
        return values

    def add(self, best: np.ndarray) -> None:
        self.wanted = shares_on_grid(self.wanted * (1 - at(self.shares, best)))
