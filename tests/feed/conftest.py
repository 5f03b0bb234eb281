"""A way to fill feeds for any number of users from a table of scores."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from cocoonsim.core.chance import Dice
from cocoonsim.core.follows import Follows
from cocoonsim.core.history import History
from cocoonsim.core.view import View
from cocoonsim.core.world import PlatformView, World, content, people
from cocoonsim.feed import Feed
from cocoonsim.testing.scoring import shortlist


@pytest.fixture
def fill() -> Callable[..., np.ndarray]:
    """`fill(rule, scores, slate, topics=None, seed=1, tile=1000)`: the feeds from scores (n_users, n_items).

    Where more than topics matter: a `world`, and a `history` of what its people were shown and clicked.
    """

    def make(rule: Feed, scores, slate, topics=None, seed=1, tile=1000, world=None, history=None):
        scores = np.asarray(scores, np.float32)
        n_users, n_items = scores.shape
        topics = np.ones((n_items, 1)) if topics is None else np.asarray(topics)
        if world is None:
            world = World(0, people(np.ones((n_users, 1))), content(topics), Follows.none(n_users))
        if history is None:
            history = History(n_users, world.n_topics, n_items)
        platform = PlatformView.of(world, history)
        view = View(platform, np.arange(n_users), np.arange(n_items, dtype=np.int32), Dice(seed, 0))
        shortlist(rule, view, scores, slate, tile)
        best_scores, view.items = view.lists["best"]
        return rule.fill(best_scores, view.items, view, slate)

    return make
