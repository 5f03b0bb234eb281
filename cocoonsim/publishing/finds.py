"""Each person comes across one item in each step, by themselves.

With `how: own` it is a new one from the scenario's catalogue that nobody else is shown. With `close` or `distant` it is drawn
from what others remember: any item whose stance is nearer to the person's opinion than `reach`, or not nearer, and which the
person does not hold; where there is none, a new one as with `own`. As long as fewer than `fewest` items are remembered by
anybody, everybody finds a new one.

How: finds have no author; their `originator` is who found them, and `candidates: direct` shows them to that person only,
in the step in which they were found. Forgotten by all, an item can no longer be found.

Also known as: individual information, search, self-selection, close and distant information filtering.
Why it matters here: a personalised search (close) and its opposite (distant) without any platform learning from anybody.
Source: Geschke, Lorenz & Holtz (2019), The triple-filter bubble (individual, select close and select distant information).
"""

from __future__ import annotations

import numpy as np

from cocoonsim.core.chance import Dice
from cocoonsim.core.history import History
from cocoonsim.core.positions import distances
from cocoonsim.core.setting import setting
from cocoonsim.core.world import World
from cocoonsim.publishing import Maker, Publishing
from cocoonsim.publishing._posts import copies

_TRIES = 32


class Finds(Publishing):
    makes_items = True

    how: str = setting("own", choices=("own", "close", "distant"), help="Something new, or something near or far away")
    reach: float = setting(0.3, low=0.0, help="What is nearer to the opinion than this is close; the rest is distant")
    fewest: int = setting(0, low=0, unit="items", help="With fewer items in anybody's memory, all find something new")

    def misfits(self, world: World, slate: int) -> list[tuple[str, str]]:
        if self.how != "own" and "memory" not in world.users:
            return [("how", "people have no memories to find anything in. Choose influence: memory, or how: own")]
        return []

    def publish(self, world: World, make: Maker, dice: Dice, history: History) -> World:
        n, users = world.n_users, np.arange(world.n_users)
        found = make(n)
        known = self._remembered(world)
        if known.size and known.size >= self.fewest:
            item = self._chosen(world, known, dice)
            old = np.flatnonzero(item >= 0)
            found = found.with_rows(old, **copies(world.items, item[old]))
        now = {"created": np.full(n, world.step), "lifespan": np.ones(n), "author": np.full(n, -1), "originator": users}
        return world.publish(found.with_(**{name: column.astype(np.int32) for name, column in now.items()}))

    def _remembered(self, world: World) -> np.ndarray:
        """int64: the items that anybody holds, ascending; none where they are not asked for."""
        if self.how == "own" or "memory" not in world.users:
            return np.empty(0, np.int64)
        held = np.zeros(world.n_items + 1, bool)
        held[world.users.memory] = True
        return np.flatnonzero(held[:-1])

    def _chosen(self, world: World, known: np.ndarray, dice: Dice) -> np.ndarray:
        """int64 (n,): for each user one of the known items that fit, each as likely; -1 where none fits."""
        users = np.arange(world.n_users)
        tried = known[dice.below("finds", users, _TRIES, known.size)]  # the first that fits is any of those that fit
        fits = self._fits(world, users, tried)
        chosen = np.where(fits.any(axis=1), tried[users, fits.argmax(axis=1)], -1)
        left = np.flatnonzero(chosen < 0)
        if left.size:
            fits = self._fits(world, left, known)
            count = fits.sum(axis=1)
            nth = np.minimum((dice.uniform("finds at last", left)[:, 0] * count).astype(np.int64), count - 1)
            place = (np.cumsum(fits, axis=1) <= nth[:, None]).sum(axis=1)
            chosen[left] = np.where(count > 0, known[np.minimum(place, known.size - 1)], -1)
        return chosen

    def _fits(self, world: World, users: np.ndarray, items: np.ndarray) -> np.ndarray:
        """bool (n, w): whether items, (w,) or (n, w) ids, are as near or far as is looked for, and not held."""
        near = distances(world.users.opinion[users], world.items.stance[items]) < self.reach
        fits = near if self.how == "close" else ~near
        for held in world.users.memory[users].T:
            fits &= items != held[:, None]
        return fits
