"""Who changes a tie alone decides as among many: the short cuts for a single user give what the general rule gives."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from cocoonsim.core.chance import Dice
from cocoonsim.core.follows import Follows
from cocoonsim.core.world import World, content, people
from cocoonsim.rewiring._changes import one_of
from cocoonsim.rewiring._leaving import leavable, luckiest

N, ITEMS, SLATE = 12, 15, 6


@st.composite
def worlds(draw: st.DrawFn) -> tuple[World, np.ndarray, np.ndarray, Dice]:
    """A small world in which items have authors, feeds with empty places, clicks and dice."""
    rng = np.random.Generator(np.random.Philox(draw(st.integers(0, 2**32 - 1))))
    pairs = rng.integers(0, N, (draw(st.integers(0, 60)), 2))
    users = people(np.ones((N, 1)), opinion=rng.uniform(-1, 1, N))
    items = content(np.ones((ITEMS, 1)), author=rng.integers(-1, N, ITEMS), stance=rng.uniform(-1, 1, ITEMS))
    feed = rng.permuted(np.tile(np.arange(ITEMS), (N, 1)), axis=1)[:, :SLATE].astype(np.int32)
    feed[rng.random(feed.shape) < 0.3] = -1
    clicks = (rng.random(feed.shape) < 0.4) & (feed >= 0)
    follows = Follows.from_arcs(N, pairs[:, 0], pairs[:, 1])
    return World(3, users, items, follows), feed, clicks, Dice(draw(st.integers(0, 99)), 3)


@given(worlds(), st.sampled_from(["feed", "clicks", "opinion", "anybody"]))
@settings(max_examples=50)
def test_whom_one_may_leave_and_leaves(case: tuple, by: str) -> None:
    world, feed, clicks, dice = case
    everyone, reach = np.arange(N), np.full(N, 0.4)
    row, tag, left = leavable(by, world, everyone, feed, clicks, reach)
    at, chosen = luckiest(everyone, row, tag, left, dice)
    for user in range(N):
        one = slice(user, user + 1)
        mine = leavable(by, world, everyone[one], feed[one], clicks[one], reach[one])
        for found, expected in zip(mine, (row, tag, left), strict=True):
            assert (found + (user if expected is row else 0)).tolist() == expected[row == user].tolist()
        who, whom = luckiest(everyone[one], *mine, dice)
        assert whom.tolist() == chosen[at == user].tolist()
        assert who.tolist() == [0] * whom.size


@given(worlds(), st.booleans(), st.lists(st.tuples(st.integers(0, N - 1), st.integers(-1, N - 1)), max_size=60))
@settings(max_examples=50)
def test_whom_one_follows_next(case: tuple, distinct: bool, offered: list[tuple[int, int]]) -> None:
    """The more often somebody is offered, the likelier; unless only distinct people count. Nobody known, nobody who is -1."""
    world, _, _, dice = case
    everyone = np.arange(N)
    row, person = np.array(sorted(offered), np.int64).reshape(-1, 2).T
    together = one_of(row, person, world.follows, everyone, dice, distinct=distinct)
    for user in range(N):
        own = person[row == user]
        alone = one_of(
            np.zeros(own.size, np.int64), own, world.follows, everyone[user : user + 1], dice, distinct=distinct
        )
        assert alone.tolist() == [together[user]]
        new = set(own.tolist()) - {-1, user, *world.follows.of(user).tolist()}
        assert int(alone[0]) in new if new else int(alone[0]) == -1
