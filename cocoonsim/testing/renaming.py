"""The same tiny world with its users, items or topics numbered differently: a name must not matter."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from cocoonsim.core.arrays import gather
from cocoonsim.core.follows import Follows
from cocoonsim.core.history import History
from cocoonsim.core.world import Columns
from cocoonsim.testing.worlds import TinyWorld


def new_order(n: int) -> np.ndarray:
    """int64 (n,): an order that leaves few in their place; row `i` becomes what row `order[i]` was."""
    step = next(k for k in range(max(n // 3, 1) + 1, 2 * n + 2) if np.gcd(k, n) == 1)
    return (np.arange(n) * step + n // 2) % n


def new_ids(order: np.ndarray) -> np.ndarray:
    """int32: the new number of each old one."""
    return np.argsort(order).astype(np.int32)


def rename_items(tiny: TinyWorld, order: np.ndarray) -> TinyWorld:
    """The world in which the items are numbered by `order`."""
    ids = new_ids(order)
    old = tiny.history
    history = _copy(old)
    history.item_shown, history.item_clicks = old.item_shown[order], old.item_clicks[order]
    history.recent = gather(ids, old.recent, empty=-1)
    history._pairs = {which: matrix[:, order].tocsr() for which, matrix in old._pairs.items()}
    items = _rows(tiny.world.items, order)
    world = replace(tiny.world, items=items.with_(original=gather(ids, items.original, empty=-1)))
    return replace(tiny, world=world, history=history, feed=gather(ids, tiny.feed, empty=-1))


def rename_users(tiny: TinyWorld, order: np.ndarray) -> TinyWorld:
    """The world in which the users are numbered by `order`; authors are users too."""
    ids = new_ids(order)
    old, world = tiny.history, tiny.world
    history = _copy(old)
    for name in ("shown_topics", "clicked_topics", "shown", "clicks", "recent", "recent_clicked"):
        setattr(history, name, getattr(old, name)[order])
    if len(old.recent_step):
        history.recent_step = old.recent_step[order]
    history._pairs = {which: matrix[order].tocsr() for which, matrix in old._pairs.items()}
    follows = Follows.from_arcs(world.n_users, ids[world.follows.sources()], ids[world.follows.targets])
    items = world.items.with_(**{name: gather(ids, world.items[name], empty=-1) for name in ("author", "originator")})
    world = replace(world, users=_rows(world.users, order), items=items, follows=follows)
    return replace(tiny, world=world, history=history, feed=tiny.feed[order], clicks=tiny.clicks[order])


def rename_topics(tiny: TinyWorld, order: np.ndarray) -> TinyWorld:
    """The world in which the topics are numbered by `order`."""
    old, world = tiny.history, tiny.world
    history = _copy(old)
    history.shown_topics, history.clicked_topics = old.shown_topics[:, order], old.clicked_topics[:, order]
    names = tuple(world.topic_names[topic] for topic in order)
    world = replace(
        world,
        users=world.users.with_(interests=world.users.interests[:, order]),
        items=world.items.with_(topics=world.items.topics[:, order]),
        topic_names=names,
    )
    return replace(tiny, world=world, history=history)


def _rows(columns: Columns, order: np.ndarray) -> Columns:
    return Columns(**{name: column[order] for name, column in columns.items()})


def _copy(history: History) -> Any:
    new = History(history.n_users, history.shown_topics.shape[1], history.n_items, history.memory, history.keeps_pairs)
    for name, value in vars(history.settle()).items():
        setattr(new, name, value.copy() if isinstance(value, np.ndarray) else value)
    return new
