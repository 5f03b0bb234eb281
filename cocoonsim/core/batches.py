"""Batches of feeds, and what is added up of them: the sums and counts of a history."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from cocoonsim.core.arrays import sum_by_row

_PLACES = 8192  # of feeds that are put together: more would leave the cache
_ROWS = 2048  # feeds that are put together where each place of all of them is looked at in turn


class Batch(NamedTuple):
    """Feeds that were looked at, and what came of them."""

    users: np.ndarray
    """int64 (n,): all different, unless several batches were put `together`; then in the order in which they came."""
    feed: np.ndarray
    """int32 (n, slate): ids, -1 in an empty place."""
    clicks: np.ndarray
    """bool (n, slate)"""
    topics: np.ndarray
    """float32 (items, topics): those of all items."""
    steps: int | np.ndarray
    """When; int32 (n, 1) of several batches."""
    different: bool = True
    """Whether nobody comes twice."""

    def part(self, rows: slice) -> Batch:
        """Some of the rows."""
        steps = self.steps if isinstance(self.steps, int) else self.steps[rows]
        return Batch(self.users[rows], self.feed[rows], self.clicks[rows], self.topics, steps, self.different)

    def parts(self, size: int) -> list[Batch]:
        """The batch in pieces of at most so many rows, all of about the same size."""
        n = len(self.users)
        if n <= size:
            return [self]
        even = -(-n // -(-n // size))
        return [self.part(slice(low, low + even)) for low in range(0, n, even)]


def together(batches: Sequence[Batch], by_place: bool = False) -> Iterator[Batch]:
    """The same batches in their order, small ones as few large ones; `by_place` for what goes through feeds place by place."""
    first = size = 0
    for number in range(1, len(batches) + 1):
        before = batches[number - 1]
        size += len(before.feed) if by_place else before.feed.size
        full = size >= (_ROWS if by_place else _PLACES)
        if number < len(batches) and not full and _fit(before, batches[number]):
            continue
        size = 0
        some, first = batches[first:number], number
        if len(some) == 1:
            yield some[0]
            continue
        users, feed, clicks = (np.concatenate(column) for column in list(zip(*some, strict=True))[:3])
        steps = np.repeat(np.array([one.steps for one in some], np.int32), [len(one.users) for one in some])
        # topics of a growing catalogue: those of its last state
        yield Batch(users, feed, clicks, some[-1].topics, steps[:, None], False)


def _fit(one: Batch, after: Batch) -> bool:
    """Whether the topics of the later batch are those of the earlier, and perhaps of more items."""
    same = one.topics is after.topics
    grown = (
        one.topics.base is not None and one.topics.base is after.topics.base and len(one.topics) <= len(after.topics)
    )
    return (same or grown) and one.feed.shape[1] == after.feed.shape[1]


def add_rows(total: np.ndarray, users: np.ndarray, more: np.ndarray, different: bool) -> None:
    """Add `more` (n, ...) to the rows `users` of `total`, one after another where somebody comes twice."""
    if not different:
        np.add.at(total, users, more)
    else:
        total[consecutive(users)] += more


def consecutive(users: np.ndarray) -> slice | np.ndarray:
    """The same rows as a slice where they follow each other: views are quicker."""
    low, high = int(users[0]), int(users[-1]) + 1
    if high - low == len(users) and (len(users) == 1 or bool((users[1:] > users[:-1]).all())):
        return slice(low, high)
    return users


def sum_of_shown(topics: np.ndarray, feed: np.ndarray, seen: np.ndarray) -> np.ndarray:
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


def sum_of_clicked(topics: np.ndarray, feed: np.ndarray, clicks: np.ndarray) -> np.ndarray:
    """float32 (n, topics): the sum of the topics of what each user clicked, which is little."""
    row, place = np.divmod(np.flatnonzero(clicks), feed.shape[1])
    return sum_by_row(np.take(topics, feed[row, place], axis=0), row, len(feed))


def places_in_order(users: np.ndarray, row: np.ndarray, different: bool) -> tuple[np.ndarray, np.ndarray]:
    """Of exposures in the rows `row`, ascending: the how manieth each is of its user, and how many each row's user has."""
    who = row if different else users[row]
    order = np.argsort(who, kind="stable")
    counts = np.bincount(who, minlength=len(users) if different else 0)
    nth = np.empty(row.size, np.int64)
    nth[order] = np.arange(row.size) - np.repeat(np.cumsum(counts) - counts, counts)
    if different:
        return nth, counts
    total = np.zeros(max(counts.size, int(users.max(initial=0)) + 1), np.int64)
    total[: counts.size] = counts
    return nth, total[users]
