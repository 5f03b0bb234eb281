"""Places of a feed that are kept for certain items: used by feed rules and by interventions."""

from __future__ import annotations

import math

import numpy as np

from cocoonsim.core.arrays import NOBODY, gather
from cocoonsim.core.positions import stance_of_clicks
from cocoonsim.core.view import View
from cocoonsim.core.world import World


def outside(view: View, items: np.ndarray, by: str) -> np.ndarray:
    """bool (n, w): which of `items`, (w,) or (n, w) ids, lie outside what each user is used to.

    `by: topic`: the main topic is not the one the user has clicked most; `stance`: the item leans to the other side than
    the mean of what the user clicked lately; `group`: the item belongs to another group than the user's.
    """
    of_items = view.platform.items
    if by == "group":
        return np.asarray(gather(of_items.group, items) != view.user("group"))
    if by == "topic":
        main = of_items.derived("main topic", lambda: of_items.topics.argmax(axis=1))
        clicked = view.user("clicked_topics")
        usual = np.where(clicked.any(axis=1), clicked.argmax(axis=1), -1)[:, None]
        return np.asarray((usual >= 0) & (gather(main, items) != usual))
    history = view.platform.history
    side = view.shared("side of clicks", lambda: stance_of_clicks(history, of_items.stance, view.users)[0])
    stance = gather(of_items.stance, items)  # (w, dims) or (n, w, dims)
    return np.asarray((stance * side[:, None, :]).sum(axis=2) < 0)


def nothing_outside(world: World, by: str) -> list[tuple[str, str]]:
    """What is wrong with a quota `by` a topic, stance or group that all items share, for `Component.misfits`."""
    items = world.items
    columns = {"topic": items.topics.argmax(axis=1), "stance": np.sign(items.stance), "group": items.group}
    column = columns[by]
    if not len(column) or (column != column[0]).any():
        return []
    return [("by", f"by = {by}, but all items have the same {by}. Use another, or a catalogue where they differ")]


def places_of(share: float, slate: int) -> int:
    """How many whole places a share of a feed is, rounded up.

    >>> places_of(0.7, 10), places_of(0.01, 10)  # 0.7 x 10 is a little more than 7 in binary
    (7, 1)
    """
    return math.ceil(share * slate - 1e-9)


def reserve(feed: np.ndarray, special: np.ndarray, reserves: np.ndarray, places: int) -> np.ndarray:
    """Feeds (n, slate) in which at least `places` places hold special items, where there are that many.

    `special` bool (n, slate) marks those that are there already; `reserves` (n, m) are further special items, best first,
    padded with -1. The last of the other items give way; an item that is there is not put in twice.
    """
    fresh = np.where((reserves[:, :, None] == feed[:, None, :]).any(axis=2), np.int32(NOBODY), reserves)
    there = np.cumsum(fresh >= 0, axis=1)
    wanted = np.minimum(np.maximum(places - (special & (feed >= 0)).sum(axis=1), 0), there[:, -1])
    usual_after = np.cumsum(~special[:, ::-1], axis=1)[:, ::-1]  # this place and later ones
    gives_way = ~special & (usual_after <= wanted[:, None])
    enters = (fresh >= 0) & (there <= wanted[:, None])
    changed = feed.copy()
    changed[gives_way] = fresh[enters]  # as many in each row, and rows come in the same order
    filled_first = np.argsort(changed < 0, axis=1, kind="stable")
    return np.take_along_axis(changed, filled_first, axis=1)


def by_turns(one: np.ndarray, other: np.ndarray, turns: np.ndarray) -> np.ndarray:
    """Feeds (n, slate) from two lists (n, m) of different items, best first, padded with -1.

    `turns` bool (n, slate) says whose turn each place is: `one` where true. A list that has run out leaves its turns to the
    other; when both have, the rest is empty.
    """
    row = np.arange(len(turns))
    width = max(one.shape[1], other.shape[1])
    lists = np.full((2, len(turns), width), NOBODY, np.int32)
    lists[0, :, : other.shape[1]], lists[1, :, : one.shape[1]] = other, one
    sizes = (lists >= 0).sum(axis=2)
    used = np.zeros((2, len(turns)), np.int64)
    feed = np.full(turns.shape, NOBODY, np.int32)
    for place in range(turns.shape[1]):
        which = turns[:, place].astype(np.intp)
        which = np.where(used[which, row] < sizes[which, row], which, 1 - which)
        left = used[which, row] < sizes[which, row]
        feed[left, place] = lists[which, row, np.minimum(used[which, row], lists.shape[2] - 1)][left]
        used[which, row] += left
    return feed


def fair_turns(share: float | np.ndarray, luck: np.ndarray, slate: int) -> np.ndarray:
    """bool (n, slate): turns such that each place is taken with the chance `share`, and any first r places hold share x r.

    Up to rounding, by one uniform number for each user: the r-th place is taken when floor(share x r + luck) goes up.

    >>> fair_turns(0.5, np.array([0.2, 0.7]), 4).astype(int).tolist()
    [[0, 1, 0, 1], [1, 0, 1, 0]]
    """
    counts = np.floor(np.asarray(share) * np.arange(slate + 1) + luck[:, None].astype(np.float64) + 1e-9)
    return np.asarray(counts[:, 1:] > counts[:, :-1])
