"""What re-rankers share: a short list of the best, and a feed filled one place at a time.

Each place goes to the candidate that adds most to the feed as it is by then. How much it adds is the rule's own business.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np

from cocoonsim.core.setting import setting
from cocoonsim.core.view import View
from cocoonsim.core.world import Columns, item_shares
from cocoonsim.feed import Feed
from cocoonsim.feed._shortlist import Picks, stretched

_CELLS = 262_144  # numbers about topics worked on at once: 1 MiB stays in the cache
_FEWEST_ROWS = 64


class Picking(Protocol):
    """A feed on the way, for each of n users with w candidates."""

    def values(self) -> np.ndarray:
        """float32 (n, w), finite: what each candidate would add to the feed as it is now."""

    def add(self, best: np.ndarray) -> None:
        """Each user's feed gets a candidate: `best` (n,) says where they stand in the flattened table of candidates."""


class Greedy(Feed):
    """A rule that re-ranks a short list place by place."""

    shortlist: int = setting(
        50, low=1, high=10_000, unit="items", help="How many of the best candidates to choose from"
    )
    rescale: bool = setting(True, help="Stretch each user's scores to 0 ... 1 first")

    def depth(self, slate: int) -> int:
        return max(self.shortlist, slate)

    def start(self, worth: np.ndarray, items: np.ndarray, view: View, users: np.ndarray) -> Picking:
        """The empty feeds of `users` (n,): `worth` float32 (n, w) are their scores, of any value where `items` (n, w) is -1."""
        raise NotImplementedError(f"{type(self).__name__} does not start")

    def fill(self, scores: np.ndarray, items: np.ndarray, view: View, slate: int) -> np.ndarray:
        rows = max(_FEWEST_ROWS, _CELLS // max(1, items.shape[1] * view.platform.items.topics.shape[1]))
        cuts = range(0, max(len(items), 1), rows)
        feeds = [
            self._fill_some(
                scores[low : low + rows], items[low : low + rows], view, view.users[low : low + rows], slate
            )
            for low in cuts
        ]
        return np.concatenate(feeds)

    def _fill_some(
        self, scores: np.ndarray, items: np.ndarray, view: View, users: np.ndarray, slate: int
    ) -> np.ndarray:
        there = items >= 0
        worth = scores if there.all() else np.where(there, scores, np.float32(0))
        picking = self.start(stretched(worth, there) if self.rescale else worth, items, view, users)
        picks = Picks(items)
        for place in range(slate):
            best = picks.take(picking.values())
            if place < slate - 1:
                picking.add(best)
        return picks.feed()


def topic_shares(items: Columns, ids: np.ndarray) -> np.ndarray:
    """float32 (n, w, topics): the items' shares of topics on the exact grid, each at most 1 in sum; -1 gives any item's."""
    return np.take(item_shares(items).rows, ids, axis=0, mode="clip")


def at(table: np.ndarray, best: np.ndarray) -> np.ndarray:
    """(n, ...): of a table (n, w, ...) with something for each candidate, what it has for those that were chosen."""
    return table.reshape(-1, *table.shape[2:]).take(best, axis=0)


def clicked_shares(view: View, users: np.ndarray) -> np.ndarray:
    """float64 (n, topics): the topics of what each user clicked, as shares; zeros for who has not clicked."""
    clicked = view.platform.user("clicked_topics")[users].astype(np.float64)
    total = clicked.sum(axis=1, keepdims=True)
    return clicked / np.where(total > 0, total, 1.0)
