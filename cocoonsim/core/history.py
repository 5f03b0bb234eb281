"""Who was shown what and clicked what: counts for ever, and a bounded log of the recent.

History is what a platform can know. It grows in place, at the end of a batch: a reader must take what it needs before
the next one. Kept are counts per user and topic, counts per item, the last `memory` exposures of each user, and, only
for components that need it, the exact counts of each (user, item) pair as a sparse matrix.

How: small batches wait until somebody asks for what would change, and are then added up together. Most models never look at
most of it, and people who come one at a time would pay for all of it at every visit.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from functools import partial
from threading import Lock, RLock
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from cocoonsim.core.arrays import NOBODY, all_empty, count_true
from cocoonsim.core.batches import Batch, add_rows, places_in_order, sum_of_clicked, sum_of_shown, together
from cocoonsim.core.blocks import Blocks

if TYPE_CHECKING:
    from cocoonsim.core.follows import Follows

PARTS = ("topics shown", "topics clicked", "items", "log", "pairs shown", "pairs clicks")
"""The parts of a history that are brought up to date apart from each other."""
_SETTLING = RLock()
_CHUNK = 8192  # users whose topics are added at a time
_COUNTED = 65_536  # users whose items are counted at a time
_AT_ONCE = 4096  # users whose feeds do not wait: adding them up costs no more now than later
_MANY = 1024  # places of feeds that are worth a look at whether the last are empty
_MOST = 2_000_000  # places of feeds that may wait: 10 MB


class _Kept:
    """Something that a history holds, brought up to date when it is looked at."""

    def __init__(self, *parts: str) -> None:
        self.parts = parts

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, history: History | None, owner: type | None = None) -> Any:
        if history is None:
            return self
        history.settle(*self.parts)
        return history.__dict__[self.name]

    def __set__(self, history: History, value: Any) -> None:
        history.settle(*self.parts)
        history.__dict__[self.name] = value


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

    shown_topics, clicked_topics = _Kept("topics shown"), _Kept("topics clicked")
    item_shown, item_clicks = _Kept("items"), _Kept("items")
    shown, clicks = _Kept("log"), _Kept("log")
    recent, recent_clicked, recent_step = _Kept("log"), _Kept("log"), _Kept("log")
    _pairs = _Kept("pairs shown", "pairs clicks")

    def __init__(
        self, n_users: int, n_topics: int, n_items: int, memory: int = 100, pairs: bool = False, times: bool = False
    ) -> None:
        self.n_users, self.n_items, self.memory = n_users, n_items, memory
        self._waiting: dict[str, list[Batch]] = {}
        """What is still to be added, by the part of the history that it is to be added to."""
        self._places = 0
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
        self._pairs = {}

    def copy(self) -> History:
        """A history that no longer changes with this one."""
        twin = copy(self)
        for name, value in vars(self).items():
            if isinstance(value, np.ndarray):
                vars(twin)[name] = value.copy()
        twin._waiting = {part: list(batches) for part, batches in self._waiting.items()}
        vars(twin)["_pairs"] = dict(vars(self)["_pairs"])  # the matrices in it are replaced, never changed in place
        return twin

    def per_user(self, column: str) -> np.ndarray:
        """One of `USER` by name."""
        array: np.ndarray = getattr(self, column)
        return array

    def per_item(self, column: str) -> np.ndarray:
        """One of `ITEM` by name: int64 (n_items,)."""
        array: np.ndarray = self.item_shown if column == "shown" else self.item_clicks
        return array

    def grow(self, n_items: int) -> None:
        """Make room for items published since."""
        self.n_items = max(self.n_items, n_items)

    def add(
        self, users: np.ndarray, feed: np.ndarray, clicks: np.ndarray, topics: np.ndarray, step: int = 0,
        blocks: Blocks | None = None,
    ) -> None:  # fmt: skip
        """Note that `users` (n,), all different, saw `feed` (n, slate) ids and clicked `clicks` (n, slate).

        `topics` are those of all items; `blocks` says on how many threads the work may be done. The arrays may wait to be
        added up, and must not be changed any more.
        """
        self.grow(len(topics))
        if all_empty(feed) and not clicks.any():
            return
        if feed.min() < 0 and (clicks & (feed < 0)).any():
            raise ValueError("a click in an empty place of a feed")
        wide = feed.shape[1]
        if feed[0, -1] == NOBODY and feed.size >= _MANY:  # places at the end that are empty for all are not kept
            wide = int(np.flatnonzero((feed >= 0).any(axis=0))[-1]) + 1
        batch = Batch(users, feed[:, :wide], clicks[:, :wide], topics, step)
        if len(users) > _AT_ONCE:
            self.settle()
            notes = [note for part in reversed(self._parts()) for note in self._notes(part, batch)]  # long ones first
            (blocks or Blocks(threads=1)).each(lambda note: note(), notes)
            return
        for part in self._parts():
            self._waiting.setdefault(part, []).append(batch)
        self._places += feed.size
        if self._places > _MOST:
            self.settle()

    def _parts(self) -> tuple[str, ...]:
        return PARTS if self.keeps_pairs else PARTS[:4]

    def settle(self, *parts: str) -> History:
        """Add up what waits to be added to these parts of the history, or to all. Gives the history itself."""
        kept = self.__dict__
        for part in parts or PARTS:
            if part in self._waiting or (part == "items" and len(kept.get("item_clicks", ())) < self.n_items):
                with _SETTLING:  # several threads may ask at the same time
                    for batch in together(self._waiting.get(part, ()), part == "topics shown"):
                        for note in self._notes(part, batch):
                            note()
                    if part == "items":
                        self._make_room()
                    self._waiting.pop(part, None)  # only now: until then the others wait
        if not parts:
            self._places = 0
        return self

    def _notes(self, part: str, batch: Batch) -> list[Callable[[], None]]:
        """What is to be done to add a batch to one part of the history, in any order or at the same time."""
        if part == "items":
            self._make_room()
            one_at_a_time = Lock()
            return [partial(self._note_items, some, one_at_a_time) for some in batch.parts(_COUNTED)]
        if part.startswith("pairs"):
            return [partial(self._note_pairs, part.removeprefix("pairs "), batch)]
        note = {
            "topics shown": self._note_shown_topics,
            "topics clicked": self._note_clicked_topics,
            "log": self._note_log,
        }[part]
        return [partial(note, some) for some in (batch.parts(_CHUNK) if batch.different else [batch])]

    def _make_room(self) -> None:
        kept = self.__dict__
        for name in ("item_shown", "item_clicks"):
            if name in kept and len(kept[name]) < self.n_items:
                kept[name] = _longer(kept[name], self.n_items)

    def _note_items(self, batch: Batch, one_at_a_time: Lock) -> None:
        items, n = batch.feed, self.n_items
        seen = items >= 0
        counted = items.ravel() if seen.all() else items[seen], items[batch.clicks]
        if items.size < n:  # few: one by one
            with one_at_a_time:
                np.add.at(self.__dict__["item_shown"], counted[0], 1)
                np.add.at(self.__dict__["item_clicks"], counted[1], 1)
            return
        shown, clicked = (np.bincount(one, minlength=n) for one in counted)
        with one_at_a_time:  # whole numbers: the order does not matter
            self.__dict__["item_shown"] += shown
            self.__dict__["item_clicks"] += clicked

    def _note_shown_topics(self, batch: Batch) -> None:
        more = sum_of_shown(batch.topics, batch.feed, batch.feed >= 0)
        add_rows(self.__dict__["shown_topics"], batch.users, more, batch.different)

    def _note_clicked_topics(self, batch: Batch) -> None:
        more = sum_of_clicked(batch.topics, batch.feed, batch.clicks)
        add_rows(self.__dict__["clicked_topics"], batch.users, more, batch.different)

    def _note_log(self, batch: Batch) -> None:
        users, feed, clicks, kept = batch.users, batch.feed, batch.clicks, self.__dict__
        seen, slate = feed >= 0, feed.shape[1]
        if batch.different and seen.all():
            first = max(slate - self.memory, 0)  # what is overwritten at once need not be written
            who: Any = users[:, None]
            items, clicked, steps = feed[:, first:], clicks[:, first:], batch.steps
            where = (kept["shown"][users][:, None] + np.arange(first, slate)) % self.memory
        else:
            row, place = np.nonzero(seen)
            order, total = places_in_order(users, row, batch.different)
            last = order >= total[row] - self.memory
            row, place, order = row[last], place[last], order[last]
            who, items, clicked = users[row], feed[row, place], clicks[row, place]
            steps = batch.steps if isinstance(batch.steps, int) else batch.steps[row, 0]
            where = (kept["shown"][who] + order) % self.memory
        kept["recent"][who, where] = items
        kept["recent_clicked"][who, where] = clicked
        if len(kept["recent_step"]):
            kept["recent_step"][who, where] = steps
        add_rows(kept["shown"], users, count_true(seen), batch.different)
        add_rows(kept["clicks"], users, count_true(clicks), batch.different)

    def _note_pairs(self, which: str, batch: Batch) -> None:
        from scipy.sparse import csr_array

        row, place = np.nonzero(batch.feed >= 0 if which == "shown" else batch.clicks)
        shape = (self.n_users, self.n_items)
        new = csr_array((np.ones(row.size, np.int32), (batch.users[row], batch.feed[row, place])), shape=shape)
        self.__dict__["_pairs"][which] = self._matrix(which) + new

    def pairs(self, which: str) -> Any:
        """`shown` or `clicks` of each (user, item) pair: a scipy CSR array (n_users, n_items) of int32 counts.

        Raises RuntimeError unless some component in the scenario says that it `needs` "pairs".
        """
        if not self.keeps_pairs:
            raise RuntimeError('the history keeps no pairs: the component must say needs = frozenset({"pairs"})')
        return self.settle(f"pairs {which}")._matrix(which)

    def _matrix(self, which: str) -> Any:
        from scipy.sparse import csr_array

        kept, shape = self.__dict__["_pairs"], (self.n_users, self.n_items)
        matrix = kept.get(which)
        if matrix is None:
            return csr_array(shape, dtype=np.int32)
        if matrix.shape != shape:
            matrix = kept[which] = matrix.copy()
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
