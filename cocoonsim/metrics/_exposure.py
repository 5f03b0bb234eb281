"""What several metrics count: topics in feeds and in the pool, and how popular the items of the pool are.

Whatever concerns the catalogue is computed once per catalogue, whatever concerns the pool once per moment. Rows of users
are worked on one by one, in a fixed order, so that no number depends on how the users are divided.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from cocoonsim.core.arrays import NOBODY, count_true
from cocoonsim.core.moment import Moment
from cocoonsim.core.world import Columns

UNIFORM, POPULARITY = "uniform-pool", "popularity"
"""Two null models: any live item is as likely as any other; or in proportion to its clicks before today plus one."""


def topic_rows(items: Columns) -> np.ndarray:
    """float64 (n_items + 1, topics): the items' topics; the last row is 0, so that an empty place (-1) adds nothing."""

    def make() -> np.ndarray:
        return np.pad(items.topics.astype(np.float64), ((0, 1), (0, 0)))

    rows: np.ndarray = items.derived("topics of places", make)
    return rows


def topic_norms(items: Columns) -> np.ndarray:
    """float64 (n_items + 1,): the length of each item's topic vector; the last is 1, of an empty place."""

    def make() -> np.ndarray:
        wide = items.topics.astype(np.float64)
        return np.append(np.sqrt((wide * wide).sum(axis=1)), 1.0)

    norms: np.ndarray = items.derived("lengths of topics", make)
    return norms


def main_topics(items: Columns) -> np.ndarray:
    """int64 (n_items + 1,): the topic that weighs most in each item (the first of equals); n_topics for an empty place."""

    def make() -> np.ndarray:
        return np.append(items.topics.argmax(axis=1), items.topics.shape[1]).astype(np.int64)

    topics: np.ndarray = items.derived("main topics", make)
    return topics


def lengths(moment: Moment) -> np.ndarray:
    """int64 (n_users,): how many items each user was shown."""
    return count_true(moment.seen)


def sums_of_rows(rows: np.ndarray, feed: np.ndarray) -> np.ndarray:
    """float64 (n_users, d): the sum of the `rows` (n_items + 1, d) of the items in each feed, added place by place."""
    from scipy.sparse import csr_array

    if not feed.size:
        return np.zeros((len(feed), rows.shape[1]))
    ids = feed if feed.min() >= 0 else np.where(feed < 0, np.int32(len(rows) - 1), feed)
    # a product with ones: were there other factors, some processors would round once where others round twice
    each = (np.ones(ids.size), ids.reshape(-1), np.arange(0, ids.size + 1, ids.shape[1]))
    sums: np.ndarray = csr_array(each, shape=(len(ids), len(rows))) @ rows
    return sums


def main_counts(items: Columns, ids: np.ndarray) -> np.ndarray:
    """int64 (n_users, topics): how many of each user's `ids` (n_users, w) have each main topic; -1 is nobody's."""
    n_topics = items.topics.shape[1]
    cell = main_topics(items).take(ids) + np.arange(len(ids))[:, None] * (n_topics + 1)
    counts = np.bincount(cell.ravel(), minlength=len(ids) * (n_topics + 1))
    return counts.reshape(len(ids), n_topics + 1)[:, :n_topics]


def recent_counts(moment: Moment, window: int) -> np.ndarray:
    """int64 (n_users, topics): main topics of today's feed and of what was shown before, up to `window` items in all."""
    history, users, items = moment.history, moment.users, moment.world.items
    room = np.maximum(window - lengths(moment), 0)
    back = np.arange(1, min(int(room.max(initial=0)), history.memory) + 1)
    ids = history.recent[users[:, None], (history.shown[users][:, None] - back) % history.memory]
    before = np.where(back <= room[:, None], ids, np.int32(NOBODY))  # newest first
    return main_counts(items, moment.feed) + main_counts(items, before)


def pool_shares(moment: Moment) -> np.ndarray:
    """float64 (topics,): the share of the live items with each main topic."""

    def make() -> np.ndarray:
        main = main_topics(moment.world.items)[moment.live]
        return np.bincount(main, minlength=moment.world.n_topics) / max(len(main), 1)

    shares: np.ndarray = moment.shared("main topics of the pool", make)
    return shares


def popularity(moment: Moment) -> np.ndarray:
    """float64 (n_live,): each live item's chance of being drawn, in proportion to its clicks before today plus one."""

    def make() -> np.ndarray:
        weights = moment.history.item_clicks[moment.live] + 1.0
        return weights / weights.sum()

    chances: np.ndarray = moment.shared("popularity of the pool", make)
    return chances


def popular_shares(moment: Moment) -> np.ndarray:
    """float64 (topics,): the chance that an item drawn by popularity has each main topic."""

    def make() -> np.ndarray:
        main = main_topics(moment.world.items)[moment.live]
        return np.bincount(main, weights=popularity(moment), minlength=moment.world.n_topics)

    shares: np.ndarray = moment.shared("main topics by popularity", make)
    return shares


def by_length(moment: Moment, name: str, n: np.ndarray, expect: Callable[[int], float]) -> np.ndarray:
    """float64 like `n`: `expect(n)`, computed once in a moment for each length that occurs; NaN where n is 0."""
    table = np.full(int(n.max(initial=0)) + 1, np.nan)
    if len(moment.live):
        for length in np.flatnonzero(np.bincount(n)):
            if length:
                table[length] = moment.shared(f"{name} of {length}", partial(expect, int(length)))
    values: np.ndarray = table[n]
    return values


def exposures(moment: Moment) -> dict[str, np.ndarray]:
    """A tally that adds up over users: `shown` int64 (n_items,), how often; `lengths` int64 (slate + 1,), how many items."""
    return {
        "shown": np.bincount(moment.feed[moment.seen], minlength=moment.world.n_items),
        "lengths": np.bincount(lengths(moment), minlength=moment.feed.shape[1] + 1),
    }
