from types import SimpleNamespace

import numpy as np
import pytest

from cocoonsim.core.chance import Dice
from cocoonsim.core.follows import Follows
from cocoonsim.core.world import World, content, people


def _world(opinion, arcs, tolerance=1.0, author=(), stance=(), originator=(), group=(), step=0):
    n = len(opinion)
    more = {"group": np.array(group)} if len(group) else {}
    users = people(np.ones((n, 1)), opinion=np.array(opinion, float), tolerance=np.full(n, tolerance), **more)
    items = content(np.ones((max(len(author), 1), 1)))
    if len(author):
        made = {"originator": np.array(originator)} if len(originator) else {}
        items = content(np.ones((len(author), 1)), author=np.array(author), stance=np.array(stance, float), **made)
    sources, targets = np.array(arcs).T
    return World(step, users, items, Follows.from_arcs(n, sources, targets))


def _played(rule, world, users=None, feed=None, clicks=None, seed=1, step=0):
    users = np.arange(world.n_users) if users is None else np.array(users)
    feed = np.full((len(users), 2), -1, np.int32) if feed is None else np.array(feed, np.int32)
    clicks = np.zeros(feed.shape, bool) if clicks is None else np.array(clicks, bool)
    return rule.update(world, users, feed, clicks, Dice(seed, step))


def _ties(world):
    return {user: set(world.follows.of(user).tolist()) for user in range(world.n_users)}


@pytest.fixture
def small():
    """Small worlds by hand: `small.world(opinions, arcs)`, `small.played(rule, world)`, `small.ties(world)`."""
    return SimpleNamespace(world=_world, played=_played, ties=_ties)
