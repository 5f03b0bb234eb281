"""A small platform whose items, authors, follows and history are given by hand."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from cocoonsim.core.follows import Follows
from cocoonsim.core.history import History
from cocoonsim.core.world import PlatformView, World, content, people


@pytest.fixture
def platform() -> Callable[..., PlatformView]:
    """`platform(n_users, n_items, step=0, arcs=[(follower, followee)], seen=[(user, item, clicked)], **item columns)`."""

    def make(n_users, n_items, step=0, arcs=(), seen=(), **columns):
        sources, targets = np.array(arcs, np.int64).reshape(-1, 2).T
        items = content(np.ones((n_items, 1)), **{name: np.array(column) for name, column in columns.items()})
        world = World(step, people(np.ones((n_users, 1))), items, Follows.from_arcs(n_users, sources, targets))
        history = History(n_users, 1, n_items, memory=10, pairs=True)
        for user, item, clicked in seen:
            history.add(np.array([user]), np.array([[item]], np.int32), np.array([[clicked]]), items.topics)
        return PlatformView.of(world, history)

    return make
