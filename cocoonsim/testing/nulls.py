"""Feeds drawn from the null models that metrics name, so that a stated null can be tried.

The world is that of `cold_start` with authors drawn at random. For six steps it is a market in which some items are
clicked more than others; then, with popularity as it is, nothing is clicked for six steps in which every feed is drawn
from the null. The step after that is what a metric gets to see: so whatever it remembers of feeds comes from the null.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache

import numpy as np

from cocoonsim.core.chance import Chance, Dice
from cocoonsim.core.history import History
from cocoonsim.core.moment import Moment
from cocoonsim.core.world import PlatformView, World
from cocoonsim.testing.worlds import ITEMS, MEMORY, SLATE, STEP, TOPICS, USERS, cold_start

REPEATS = 60
"""How many times a null is played. A play counts as one observation: users of one play may hang together."""


def uniform_pool(world: World, history: History, dice: Dice) -> np.ndarray:
    """Feeds of live items, each as likely as any other, none twice."""
    live = world.live()
    luck = dice.pairs("null feed", np.arange(world.n_users), live)
    return live[np.argsort(luck, axis=1)[:, :SLATE]].astype(np.int32)


def popularity(world: World, history: History, dice: Dice) -> np.ndarray:
    """Feeds of live items, drawn independently (so one may come twice) in proportion to clicks so far plus one."""
    live = world.live()
    below = np.cumsum(history.item_clicks[live] + 1.0)
    luck = dice.uniform("null feed", np.arange(world.n_users), SLATE).astype(np.float64)
    return live[np.searchsorted(below, luck * below[-1], side="right")].astype(np.int32)


def own_history(world: World, history: History, dice: Dice) -> np.ndarray:
    """Feeds drawn independently from what the user has clicked; at random for who has clicked nothing."""
    feed = uniform_pool(world, history, dice)
    luck = dice.uniform("own history", np.arange(world.n_users), SLATE)
    for user in range(world.n_users):
        clicked = history.recent[user][history.recent_clicked[user]]
        if clicked.size:
            feed[user] = clicked[(luck[user] * clicked.size).astype(np.int64)]
    return feed


NULLS: dict[str, Callable[[World, History, Dice], np.ndarray]] = {
    "uniform-pool": uniform_pool,
    "popularity": popularity,
    "own-history": own_history,
    "opinions-shuffled": uniform_pool,  # in each play, opinions have changed hands
}
"""How feeds of a null model are drawn, by the name that readings give it."""


@lru_cache(maxsize=len(NULLS))
def played(null_name: str) -> tuple[Moment, ...]:
    """Moments in worlds in which feeds have been drawn from this null, one for each of `REPEATS` seeds."""
    draw, first = NULLS[null_name], cold_start().world
    users, moments = np.arange(USERS), []
    for repeat in range(REPEATS):
        history, chance = History(USERS, TOPICS, ITEMS, MEMORY, pairs=True), Chance(1000 + repeat)
        author = chance.always.below("author", np.arange(ITEMS), 1, USERS)[:, 0].astype(np.int32)
        appeal = chance.always.uniform("appeal", np.arange(ITEMS))[:, 0]
        by_chance = first.with_items(author=author, originator=author)
        if null_name == "opinions-shuffled":
            order = np.argsort(chance.always.bits("opinions", users)[:, 0])
            by_chance = by_chance.with_users(opinion=first.users.opinion[order])
        for step in range(2 * STEP + 1):
            world, dice, coin = (
                replace(by_chance, step=step),
                chance.at(step),
                chance.at(step).uniform("coin", users, SLATE),
            )
            market = step < STEP
            feed = (uniform_pool if market else draw)(world, history, dice)
            clicks = coin < appeal[feed] if market else coin < 0.5
            if step < 2 * STEP:
                history.add(users, feed, clicks & market, world.items.topics)
        whole = Moment(2 * STEP, world, world, history, users, feed, clicks, PlatformView.of(world, history), dice)
        moments.append(whole.only(slice(repeat % 4, None, 4)))  # a few, or every item would be seen by somebody
    return tuple(moments)
