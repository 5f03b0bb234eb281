"""Items of which one is as good as another, and draws from them that need not look at each.

In a catalogue in which every item has one topic, thousands of items are equals to whoever goes by topics. A lottery over all
of them is then a lottery over topics, each with as many tickets as it has items left, and a blind draw of one of those.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from cocoonsim.core.chance import Dice
from cocoonsim.core.world import Columns

_WORTH = 2  # as many times the candidates that a draw looks at, before kinds are quicker than items


@dataclass(frozen=True)
class Kinds:
    """The live items, kind by kind: `ids` int32 (n_live,), `starts` and `sizes` int64 (kinds,), of which none is empty."""

    ids: np.ndarray
    starts: np.ndarray
    sizes: np.ndarray

    @property
    def first(self) -> np.ndarray:
        """int32 (kinds,): one item of each kind, to stand for all."""
        return self.ids[self.starts]

    def spread(self, scores: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The smallest and the largest score (n, kinds) of each kind, from scores (n, n_live) in the order of `ids`."""
        return np.minimum.reduceat(scores, self.starts, axis=1), np.maximum.reduceat(scores, self.starts, axis=1)

    def items(self, kind: np.ndarray, users: np.ndarray, dice: Dice) -> np.ndarray:
        """int32 (n, places): for each place an item of the wanted `kind` (n, places; -1 is none), drawn without repeats."""
        of = np.ascontiguousarray(kind.T)  # a row for each place: long rows are quicker
        same = of[:, None] == of
        same &= _earlier(len(of))
        taken = np.add.reduce(same, axis=1, dtype=np.int64)  # by earlier places with the same kind
        luck = fine_uniform(dice, "one of a kind", users, len(of)).T
        nth = taken + (luck * (self.sizes[of] - taken)).astype(np.int64)
        # the items of a kind as cards in a row, of which the next is swapped with any from there on (Fisher-Yates): only
        # whoever picks a place again finds another card in it than the first
        same &= nth[:, None] == nth
        for row in np.flatnonzero(np.logical_or.reduce(same, axis=(0, 1))):
            moved: dict[tuple[int, int], int] = {}
            cards = zip(of[:, row].tolist(), taken[:, row].tolist(), nth[:, row].tolist(), strict=True)
            for place, (which, front, back) in enumerate(cards):
                nth[place, row] = moved.get((which, back), back)
                moved[which, back] = moved.get((which, front), front)
        return np.where(of >= 0, self.ids[self.starts[of] + nth], np.int32(-1)).T.astype(np.int32, order="C")


@lru_cache(maxsize=64)
def _earlier(n: int) -> np.ndarray:
    """bool (n, n, 1): whether the second place comes before the first."""
    return np.tri(n, k=-1, dtype=bool)[:, :, None]


def kinds_of(items: Columns, live: np.ndarray, depth: int) -> Kinds | None:
    """The live items by topic where each has one topic only and there are many of a kind for `depth` draws; else None."""
    main = one_topic_each(items)
    if main is None or live.size < _WORTH * depth * items.topics.shape[1]:
        return None

    def make() -> Kinds:
        topic = main[live]
        sizes = np.bincount(topic, minlength=items.topics.shape[1])
        sizes = sizes[sizes > 0]
        return Kinds(live[np.argsort(topic, kind="stable")], np.cumsum(sizes) - sizes, sizes)

    if live.size == items.size:
        kinds: Kinds = items.derived("kinds of items", make)
        return kinds
    return make()


def one_topic_each(items: Columns) -> np.ndarray | None:
    """int64 (n_items,): the topic of each item where every item is about one topic only, else None."""

    def make() -> np.ndarray | None:
        pure = ((items.topics > 0).sum(axis=1) == 1).all()
        return items.topics.argmax(axis=1) if pure else None

    found: np.ndarray | None = items.derived("one topic each", make)
    return found


def fine_uniform(dice: Dice, stream: str, users: np.ndarray, n: int) -> np.ndarray:
    """float64 (n_users, n), 0 up to but without 1, with all 53 bits: for draws among very many."""
    return (dice.bits(stream, users, n) >> np.uint64(11)).astype(np.float64) * 2.0**-53
