"""What is left of a history when some of it may not be kept or used: for privacy rules.

Each function gives a history of its own; the one it was made from stays as it was. Counts per item are totals over
everybody, which say nothing of anybody: they stay.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from cocoonsim.core.arrays import NOBODY
from cocoonsim.core.history import History

_ROWS = 8192  # users at a time: bounds the memory


def forgotten(history: History, users: np.ndarray) -> History:
    """The history without anything about the users marked in `users`, bool (n_users,); counts per item stay.

    >>> history = History(n_users=2, n_topics=1, n_items=3, memory=4)
    >>> history.add(np.arange(2), np.array([[2], [0]]), np.ones((2, 1), bool), np.ones((3, 1), np.float32))
    >>> forgotten(history, np.array([True, False])).clicks, history.clicks
    (array([0, 1]), array([1, 1]))
    """
    kept = history.copy()
    for column in (kept.shown_topics, kept.clicked_topics, kept.shown, kept.clicks, kept.recent_clicked):
        column[users] = 0
    kept.recent[users] = NOBODY
    if kept.keeps_pairs:
        kept._pairs = {which: _rows_out(history.pairs(which), users) for which in ("shown", "clicks")}
    return kept


def limited(history: History, users: np.ndarray, keep: np.ndarray, topics: np.ndarray) -> History:
    """The history in which of the users marked in `users` only those of their recent exposures count that `keep` marks.

    `keep` bool (n_users, memory) marks places of the ring `recent`; `topics` are those of all items. What lies further
    back than the ring reaches is gone for these users.
    """
    kept = history.copy()
    keep = keep & (kept.recent >= 0)
    for low in range(0, history.n_users, _ROWS):
        part = low + np.flatnonzero(users[low : low + _ROWS])
        items, seen = history.recent[part], keep[part]
        clicked = history.recent_clicked[part] & seen
        kept.shown_topics[part] = _sums(topics, items, seen)
        kept.clicked_topics[part] = _sums(topics, items, clicked)
        kept.recent[part] = np.where(seen, items, NOBODY)
        kept.recent_clicked[part] = clicked
        # `shown` says where the ring goes on, so it stays; only how often people clicked is told anew
        kept.clicks[part] = clicked.sum(axis=1)
    if kept.keeps_pairs:
        kept._pairs = {
            "shown": _rows_out(history.pairs("shown"), users) + _pairs(kept, users, kept.recent >= 0),
            "clicks": _rows_out(history.pairs("clicks"), users) + _pairs(kept, users, kept.recent_clicked),
        }
    return kept


def ages(history: History) -> np.ndarray:
    """int64 (n_users, memory): how many exposures ago each place of the ring `recent` was filled; 1 is the last one."""
    where = np.arange(history.memory)
    return (history.shown[:, None] - 1 - where) % history.memory + 1


def coarsened(history: History, users: np.ndarray, groups: int) -> History:
    """The history in which the topics of the users marked in `users` are known by group only: `groups` equal parts.

    What was counted for a topic becomes its group's mean, so the platform cannot tell the topics of a group apart.
    """
    n_topics = history.shown_topics.shape[1]
    if groups >= n_topics:
        return history
    group = np.arange(n_topics) * groups // n_topics
    mean = (group[:, None] == group[None, :]) / np.bincount(group)[group][None, :]
    kept = history.copy()
    for column in (kept.shown_topics, kept.clicked_topics):
        total = np.zeros((int(users.sum()), n_topics), np.float64)
        mine = column[users].astype(np.float64)
        for topic in range(n_topics):  # topic by topic: the same order of adding for any number of users
            total += mine[:, topic, None] * mean[topic]
        column[users] = total
    return kept


def _sums(topics: np.ndarray, items: np.ndarray, marked: np.ndarray) -> np.ndarray:
    """float32 (n, topics): the topics of the marked items of each row, added place by place."""
    total = np.zeros((len(items), topics.shape[1]), np.float32)
    for place in range(items.shape[1]):
        mine = marked[:, place]
        total[mine] += topics[items[mine, place]]
    return total


def _rows_out(matrix: Any, users: np.ndarray) -> Any:
    """A CSR array (n_users, n_items) without the rows marked in `users`."""
    from scipy.sparse import csr_array

    row = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    stays = ~users[row]
    return csr_array((matrix.data[stays], (row[stays], matrix.indices[stays])), shape=matrix.shape)


def _pairs(history: History, users: np.ndarray, marked: np.ndarray) -> Any:
    """Counts of the marked places of the ring, of the users marked in `users`, as a CSR array (n_users, n_items)."""
    from scipy.sparse import csr_array

    row, place = np.nonzero(marked & users[:, None])
    shape = (history.n_users, history.n_items)
    return csr_array((np.ones(row.size, np.int32), (row, history.recent[row, place])), shape=shape)
