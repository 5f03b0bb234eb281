"""Who was shown what and clicked what: counts for ever, and a bounded log of the recent.

History is what a platform can know. It grows in place, at the end of a batch: a reader must take what it needs before
the next one. Kept are counts per user and topic, counts per item, the last `memory` exposures of each user, and, only
for components that need it, the exact counts of each (user, item) pair as a sparse matrix.
"""

from __future__ import annotations

from copy import copy
from threading import Lock
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from cocoonsim.core.arrays import NOBODY, all_empty, sum_by_row
from cocoonsim.core.blocks import Blocks

if TYPE_CHECKING:
    from cocoonsim.core.follows import Follows

_CHUNK = 8192  # users whose topics are added at a time
_FIRST = np.zeros(1, np.int64)
_CLICK_IN_THE_AIR = "a click in an empty place of a feed"
_COUNTED = 65_536  # users whose items are counted at a time


class History:
    """Counts of what was shown and clicked.

    >>> history = History(n_users=2, n_topics=1, n_items=3, memory=4)
    >>> topics = np.ones((3, 1), np.float32)
    >>> history.add(np.array([0]), np.array([[2, -1]]), np.array([[True, False]]), topics)
    >>> history.item_shown, history.clicks
    (array([0, 0, 1]), array([1, 0]))
    """

    USER: ClassVar[frozenset[str]] = frozenset({"shown_topics", "clicked_topics", "shown", "clicks"})
    ITEM: ClassVar[frozenset[str]] = frozenset({"shown", "clicks"})

    def __init__(
        self, n_users: int, n_topics: int, n_items: int, memory: int = 100, pairs: bool = False, times: bool = False
    ) -> None:
        self.n_users, self.memory = n_users, memory
        self.shown_topics = np.zeros((n_users, n_topics), np.float32)
        self.clicked_topics = np.zeros((n_users, n_topics), np.float32)
        self.shown = np.zeros(n_users, np.int64)
        self.clicks = np.zeros(n_users, np.int64)
        self.item_shown = np.zeros(n_items, np.int64)
        self.item_clicks = np.zeros(n_items, np.int64)
        self.recent = np.full((n_users, memory), NOBODY, np.int32)
        """int32 (n_users, memory): ids shown, a ring whose next place is `shown % memory`; -1 where still empty."""
        self.recent_clicked = np.zeros((n_users, memory), bool)
        self.recent_step = np.full((n_users, memory), -1, np.int32) if times else np.empty((0, memory), np.int32)
        """int32 (n_users, memory): when, where some component `needs` "times"; else there are no rows."""
        self.keeps_pairs = pairs
        self._pairs: dict[str, Any] = {}

    @property
    def n_items(self) -> int:
        return len(self.item_shown)

    def copy(self) -> History:
        """A history that no longer changes with this one."""
        twin = copy(self)
        for name, value in vars(self).items():
            if isinstance(value, np.ndarray):
                setattr(twin, name, value.copy())
        twin._pairs = dict(self._pairs)  # the matrices in it are replaced, never changed in place
        return twin

    def per_user(self, column: str) -> np.ndarray:
        """One of `USER` by name."""
        array: np.ndarray = getattr(self, column)
        return array

    def per_item(self, column: str) -> np.ndarray:
        """One of `ITEM` by name: int64 (n_items,)."""
        return self.item_shown if column == "shown" else self.item_clicks

    def grow(self, n_items: int) -> None:
        """Make room for items published since."""
        if n_items > self.n_items:
            self.item_shown = _longer(self.item_shown, n_items)
            self.item_clicks = _longer(self.item_clicks, n_items)

    def add(
        self, users: np.ndarray, feed: np.ndarray, clicks: np.ndarray, topics: np.ndarray, step: int = 0,
        blocks: Blocks | None = None,
    ) -> None:  # fmt: skip
        """Note that `users` (n,), all different, saw `feed` (n, slate) ids and clicked `clicks` (n, slate).

        `topics` are those of all items; `blocks` says on how many threads the work may be done.
        """
        self.grow(len(topics))
        if all_empty(feed) and not clicks.any():
            return
        if len(users) == 1:
            self._add_one(int(users[0]), feed[0], clicks[0], topics, step)
        else:
            self._add_many(users, feed, clicks, topics, step, blocks or Blocks(threads=1))
        if self.keeps_pairs:
            self._count_pairs("shown", users, feed, feed >= 0)
            self._count_pairs("clicks", users, feed, clicks)

    def _add_many(
        self, users: np.ndarray, feed: np.ndarray, clicks: np.ndarray, topics: np.ndarray, step: int, blocks: Blocks
    ) -> None:
        one_at_a_time = Lock()

        def count(part: slice) -> None:
            items = feed[part]
            seen = items >= 0
            if (clicks[part] & ~seen).any():
                raise ValueError(_CLICK_IN_THE_AIR)
            shown = np.bincount(items.ravel() if seen.all() else items[seen], minlength=self.n_items)
            clicked = np.bincount(items[clicks[part]], minlength=self.n_items)
            with one_at_a_time:  # whole numbers: the order does not matter
                self.item_shown += shown
                self.item_clicks += clicked

        def note(part: slice) -> None:
            seen, who = feed[part] >= 0, users[part]
            rows = slice(int(who[0]), int(who[-1]) + 1) if (np.diff(who) == 1).all() else who  # views are quicker
            self.shown_topics[rows] += _sum_of_shown(topics, feed[part], seen)
            self.clicked_topics[rows] += _sum_of_clicked(topics, feed[part], clicks[part])
            self._remember(who, feed[part], clicks[part], seen, step)
            self.shown[rows] += np.count_nonzero(seen, axis=1)
            self.clicks[rows] += np.count_nonzero(clicks[part], axis=1)

        for size, work in ((_COUNTED, count), (_CHUNK, note)):
            blocks.run(work, [slice(low, low + size) for low in range(0, len(users), size)])

    def _add_one(self, user: int, feed: np.ndarray, clicks: np.ndarray, topics: np.ndarray, step: int) -> None:
        """The same for a single user, in as few calls as possible: people may come one at a time."""
        if feed.size and feed.min() < 0:
            seen = feed >= 0
            if (clicks & ~seen).any():
                raise ValueError(_CLICK_IN_THE_AIR)
            feed, clicks = feed[seen], clicks[seen]
        n = len(feed)
        if not n:
            return
        for item in feed.tolist():
            self.item_shown[item] += 1
        # accumulated, as `sum` might add in another order
        self.shown_topics[user] += np.add.accumulate(topics.take(feed, axis=0), axis=0)[-1]
        before, kept = int(self.shown[user]), min(n, self.memory)
        low = (before + n - kept) % self.memory
        through = low + kept <= self.memory
        where: Any = slice(low, low + kept) if through else (low + np.arange(kept)) % self.memory
        self.recent[user, where] = feed[n - kept :]
        self.recent_clicked[user, where] = clicks[n - kept :]
        if len(self.recent_step):
            self.recent_step[user, where] = step
        self.shown[user] = before + n
        if count := np.count_nonzero(clicks):
            clicked = feed[clicks]
            for item in clicked.tolist():
                self.item_clicks[item] += 1
            self.clicked_topics[user] += np.add.reduceat(topics.take(clicked, axis=0), _FIRST, axis=0)[0]
            self.clicks[user] += count

    def _remember(self, users: np.ndarray, feed: np.ndarray, clicks: np.ndarray, seen: np.ndarray, step: int) -> None:
        slate = feed.shape[1]
        if slate <= self.memory and seen.all():
            where = (self.shown[users][:, None] + np.arange(slate)) % self.memory
            self.recent[users[:, None], where] = feed
            self.recent_clicked[users[:, None], where] = clicks
            if len(self.recent_step):
                self.recent_step[users[:, None], where] = step
            return
        row, place = np.nonzero(seen)
        order = np.cumsum(seen, axis=1)[row, place] - 1
        kept = order >= seen.sum(axis=1)[row] - self.memory  # a feed longer than the memory keeps its end
        row, place, order = row[kept], place[kept], order[kept]
        who = users[row]
        where = (self.shown[who] + order) % self.memory
        self.recent[who, where] = feed[row, place]
        self.recent_clicked[who, where] = clicks[row, place]
        if len(self.recent_step):
            self.recent_step[who, where] = step

    def _count_pairs(self, which: str, users: np.ndarray, feed: np.ndarray, marked: np.ndarray) -> None:
        from scipy.sparse import csr_array

        row, place = np.nonzero(marked)
        shape = (self.n_users, self.n_items)
        new = csr_array((np.ones(row.size, np.int32), (users[row], feed[row, place])), shape=shape)
        self._pairs[which] = self.pairs(which) + new

    def pairs(self, which: str) -> Any:
        """`shown` or `clicks` of each (user, item) pair: a scipy CSR array (n_users, n_items) of int32 counts.

        Raises RuntimeError unless some component in the scenario says that it `needs` "pairs".
        """
        if not self.keeps_pairs:
            raise RuntimeError('the history keeps no pairs: the component must say needs = frozenset({"pairs"})')
        from scipy.sparse import csr_array

        shape = (self.n_users, self.n_items)
        matrix = self._pairs.get(which)
        if matrix is None:
            return csr_array(shape, dtype=np.int32)
        if matrix.shape != shape:
            matrix = self._pairs[which] = matrix.copy()
            matrix.resize(shape)
        return matrix

    def know_pairs(self, follows: Follows) -> None:
        """Take each follow for an item that was shown once and clicked: for people as items."""
        from scipy.sparse import csr_array

        ones, shape = np.ones(follows.n_arcs, np.int32), (self.n_users, self.n_items)
        self._pairs = {
            which: csr_array((ones, follows.targets, follows.starts), shape=shape) for which in ("shown", "clicks")
        }

    def last_clicked(self, n: int, users: np.ndarray | None = None) -> np.ndarray:
        """int32 (n_users, n): ids each user clicked most recently, newest first, padded with -1; within memory.

        `users` asks for some users only.
        """
        who = np.arange(self.n_users) if users is None else users
        back = np.arange(1, self.memory + 1)
        where = (self.shown[who, None] - back) % self.memory
        items = np.take_along_axis(self.recent[who], where, axis=1)
        clicked = np.take_along_axis(self.recent_clicked[who], where, axis=1) & (items >= 0)
        rank = np.cumsum(clicked, axis=1) - 1
        out = np.full((len(who), n), NOBODY, np.int32)
        row, place = np.nonzero(clicked & (rank < n))
        out[row, rank[row, place]] = items[row, place]
        return out


def _longer(counts: np.ndarray, n: int) -> np.ndarray:
    """The counts with zeros behind them, and spare room for more."""
    room = counts.base
    if not isinstance(room, np.ndarray) or room.shape != (room.size,) or room.dtype != counts.dtype or n > room.size:
        room = np.zeros(n + n // 4 + 64, counts.dtype)
        room[: len(counts)] = counts
    return room[:n]


def _sum_of_shown(topics: np.ndarray, feed: np.ndarray, seen: np.ndarray) -> np.ndarray:
    """float32 (n, topics): the sum of the topics of all that each user saw, added place by place."""
    total = np.zeros((len(feed), topics.shape[1]), np.float32)
    if feed.shape[1] > len(feed):  # few users with long feeds: user by user, in the same order of adding
        for row in range(len(feed)):
            if seen[row].any():  # accumulated, as `sum` may add in another order
                total[row] = np.add.accumulate(topics[feed[row, seen[row]]], axis=0)[-1]
        return total
    full = bool(seen.all())
    for place in range(feed.shape[1]):
        shown = np.take(topics, feed[:, place], axis=0, mode="clip")
        total += shown if full else np.where(seen[:, place, None], shown, np.float32(0))
    return total


def _sum_of_clicked(topics: np.ndarray, feed: np.ndarray, clicks: np.ndarray) -> np.ndarray:
    """float32 (n, topics): the sum of the topics of what each user clicked, which is little."""
    row, place = np.divmod(np.flatnonzero(clicks), feed.shape[1])
    return sum_by_row(np.take(topics, feed[row, place], axis=0), row, len(feed))
