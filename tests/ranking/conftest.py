"""A small platform with given items, follows and history, and a way to score on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pytest

from cocoonsim.core.chance import Dice
from cocoonsim.core.follows import Follows
from cocoonsim.core.history import History
from cocoonsim.core.view import View
from cocoonsim.core.world import PlatformView, World, content, people
from cocoonsim.ranking import Ranking


@dataclass(frozen=True)
class Stand:
    """A world with a history, on which policies are tried."""

    world: World
    history: History

    def scores(self, policy: Ranking, users=None, items=None, dice: Dice | None = None) -> np.ndarray:
        """float32 (n, w): what a policy says, after it has learnt."""
        platform = PlatformView.of(self.world, self.history)
        dice = dice or Dice(1, self.world.step)
        users = np.arange(self.world.n_users) if users is None else np.array(users)
        view = View(platform, users, platform.live if items is None else np.array(items, np.int32), dice)
        if policy.sees_minds:
            view._world = self.world
        view = replace(view, model=policy.learn_on(platform, dice, None))
        return np.broadcast_to(policy.score(view), view.shape)


@pytest.fixture
def stand() -> Callable[..., Stand]:
    """`stand(interests, topics, step=0, arcs=[(follower, followee)], seen=[(user, item, clicked)], **item columns)`."""

    def make(interests, topics, step=0, arcs=(), seen=(), **columns):
        topics = np.array(topics, np.float32)
        users = people(np.array(interests, np.float32))
        sources, targets = np.array(arcs, np.int64).reshape(-1, 2).T
        items = content(topics, **{name: np.array(column) for name, column in columns.items()})
        history = History(users.size, topics.shape[1], len(topics), memory=50, pairs=True)
        for user, item, clicked in seen:
            history.add(np.array([user]), np.array([[item]], np.int32), np.array([[clicked]]), topics)
        return Stand(World(step, users, items, Follows.from_arcs(users.size, sources, targets)), history)

    return make
