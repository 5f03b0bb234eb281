"""What people click."""

from __future__ import annotations

import numpy as np

from cocoonsim.core.arrays import gather
from cocoonsim.core.chance import Dice
from cocoonsim.core.component import Component
from cocoonsim.core.setting import setting
from cocoonsim.core.world import World


class Choice(Component):
    """A model of clicking: what a person does with the items they look at.

    Subclasses write `choose`. The engine calls `respond`, which first decides what is looked at and can be read, and lets
    people who are warned or who act deliberately have second thoughts. Where nobody is and nothing is closed or labelled,
    the two are the same, bit for bit.

    Attention as a chance to look at a place at all (examination) is the same for every model: `places`, `attention_power`
    and `attention_discount` multiply. A model may weigh places of its own accord besides (`attention_decay`).
    """

    places: int = setting(0, low=0, unit="places", help="Only the first so many places are looked at; 0 = all")
    attention_power: float = setting(0.0, low=0.0, help="A place is looked at with the chance rank^-a; 0 = always")
    attention_discount: float = setting(
        1.0, low=0.0, high=1.0, help="A place is looked at with the chance b^(rank - 1); 1 = always"
    )

    def choose(self, world: World, users: np.ndarray, feed: np.ndarray, dice: Dice) -> np.ndarray:
        """bool (n, slate): what `users` (n,) click in their `feed` (n, slate; -1 is an empty place, never clicked).

        Called on blocks of users: a row must depend on its own user only.
        """
        raise NotImplementedError(f"{type(self).__name__} does not choose")

    def respond(self, world: World, users: np.ndarray, feed: np.ndarray, dice: Dice) -> np.ndarray:
        """bool (n, slate): what these users click in the end. The engine calls this."""
        noticed = _readable(world, users, self._looked_at(users, feed, dice), dice)
        clicks = self.choose(world, users, noticed, dice)
        return _deliberate(world, users, noticed, _heeded(world, users, noticed, clicks, dice), dice)

    def _looked_at(self, users: np.ndarray, feed: np.ndarray, dice: Dice) -> np.ndarray:
        """The feed, with -1 where nobody looked."""
        if 0 < self.places < feed.shape[1]:
            feed = np.where(np.arange(feed.shape[1]) < self.places, feed, np.int32(-1))
        if self.attention_power > 0 or self.attention_discount < 1:
            rank = np.arange(1, feed.shape[1] + 1, dtype=np.float64)
            chance = rank**-self.attention_power * self.attention_discount ** (rank - 1)
            looked = dice.uniform("attention", users, feed.shape[1]) < chance.astype(np.float32)
            feed = np.where(looked, feed, np.int32(-1))
        return feed


def _readable(world: World, users: np.ndarray, feed: np.ndarray, dice: Dice) -> np.ndarray:
    """The feed, with -1 in place of items that are closed to the user: made for another group, and not translated."""
    items = world.items
    if "closed" not in items or not items.derived("any closed", lambda: bool(items.closed.any()), "closed"):
        return feed
    foreign = gather(items.closed, feed) & (gather(items.group, feed) != world.users.group[users][:, None])
    if "translates" in world.users:
        # decided once for each person and item: what one can read today can be read tomorrow
        luck = Dice(dice.seed, -1).pairs("translation", users, np.maximum(feed, 0))
        foreign &= luck >= world.users.translates[users][:, None]
    return np.where(foreign, np.int32(-1), feed)


def _heeded(world: World, users: np.ndarray, feed: np.ndarray, clicks: np.ndarray, dice: Dice) -> np.ndarray:
    """The clicks that are left when warnings are heeded."""
    items, people = world.items, world.users
    if "labelled" not in items or "heeds" not in people:
        return clicks
    if not (items.derived("any labelled", lambda: bool(items.labelled.any()), "labelled")
            and people.derived("any heeds", lambda: bool((people.heeds > 0).any()), "heeds")):  # fmt: skip
        return clicks
    passed = gather(items.labelled, feed) & (dice.uniform("heed", users, feed.shape[1]) < people.heeds[users][:, None])
    return clicks & ~passed


def _deliberate(world: World, users: np.ndarray, feed: np.ndarray, clicks: np.ndarray, dice: Dice) -> np.ndarray:
    """The clicks, but those who act deliberately click the one item that is furthest from what they usually like."""
    people = world.users
    if not people.derived("any literate", lambda: bool((people.literacy > 0).any()), "literacy"):
        return clicks
    deliberate = dice.uniform("literacy", users)[:, 0] < people.literacy[users]
    distance = np.where(feed < 0, np.float32(-1), np.float32(1) - world.affinity(users, feed))
    furthest = np.arange(feed.shape[1]) == distance.argmax(axis=1)[:, None]
    return np.where(deliberate[:, None], furthest & (feed >= 0), clicks)


BASE = Choice
