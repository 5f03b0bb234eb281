"""A world with given minds and content, and a way to let people look and click."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from cocoonsim.core.blocks import Blocks
from cocoonsim.core.chance import Dice
from cocoonsim.core.follows import Follows
from cocoonsim.core.world import World, content, people
from cocoonsim.influence import Influence


@pytest.fixture
def world() -> Callable[..., World]:
    """`world(opinion, follows=..., **columns)`: people with these opinions, and one item that is nobody's concern."""

    def make(opinion, follows: Follows | None = None, **columns) -> World:
        n = len(opinion)
        return World(
            0, people(np.ones((n, 1)), opinion=np.asarray(opinion, float), **columns), content(np.ones((1, 1))),
            follows or Follows.none(n),
        )  # fmt: skip

    return make


@pytest.fixture
def after() -> Callable[..., World]:
    """`after(rule, feed, clicks, interests=..., topics=..., opinion=..., stance=..., tolerance=...)`: the world one step on."""

    def make(
        rule: Influence, feed, clicks, interests=((1.0,),), topics=((1.0,),), opinion=0.0, stance=0.0, tolerance=1.0
    ):
        n_users, interests = len(feed), np.array(interests)
        if len(interests) == 1:
            interests = interests.repeat(n_users, axis=0)
        topics, stance = np.array(topics), np.array(stance, float)
        if len(topics) == 1 and stance.ndim:
            topics = topics.repeat(len(stance), axis=0)
        if not stance.ndim:
            stance = np.full(len(topics), stance)
        opinion, tolerance = np.array(opinion, float), np.broadcast_to(tolerance, n_users)
        opinion = np.full(n_users, opinion) if not opinion.ndim else opinion
        world = World(
            0, people(interests, opinion=opinion, tolerance=tolerance), content(topics, stance=stance),
            Follows.none(n_users),
        )  # fmt: skip
        feed, clicks = np.array(feed, np.int32), np.array(clicks, bool)
        return rule.update(world, np.arange(n_users), feed, clicks, Dice(1, 0), Blocks(threads=1))

    return make
