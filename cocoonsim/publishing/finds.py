"""Each person comes across one item in each step, by themselves.

With `how: own` it is a new one from the scenario's catalogue that nobody else is shown. With `close` or `distant` it is drawn
from what there is: any item that anybody remembers or has just found, whose stance is nearer to the person's opinion than
`reach`, or not nearer, and which the person does not hold; where there is none, a new one as with `own`. As long as there are
fewer than `fewest` items, people find new ones: one after another, in an order that is shuffled anew, until there are enough.

How: finds have no author; their `originator` is who found them, and `candidates: direct` shows them to that person only,
in the step in which they were found. What is found anew where nothing fits can be found by others from the next step on, if
the finder remembers it. Forgotten by all, an item can no longer be found.

Also known as: individual information, search, self-selection, close and distant information filtering.
Why it matters here: a personalised search (close) and its opposite (distant) without any platform learning from anybody.
Source: Geschke, Lorenz & Holtz (2019), The triple-filter bubble (individual, select close and select distant information).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from cocoonsim.core.chance import Dice
from cocoonsim.core.history import History
from cocoonsim.core.positions import distances
from cocoonsim.core.setting import setting
from cocoonsim.core.world import Columns, World
from cocoonsim.publishing import Maker, Publishing
from cocoonsim.publishing._posts import copies

_TRIES = 32


class _There(NamedTuple):
    """What can be found: int64 (m,) ids, of new items those that they will have, and stances (m, dims)."""

    ids: np.ndarray
    stance: np.ndarray


class Finds(Publishing):
    makes_items = True

    how: str = setting("own", choices=("own", "close", "distant"), help="Something new, or something near or far away")
    reach: float = setting(0.3, low=0.0, help="What is nearer to the opinion than this is close; the rest is distant")
    fewest: int = setting(0, low=0, unit="items", help="As long as there are fewer items, people find new ones")

    def misfits(self, world: World, slate: int) -> list[tuple[str, str]]:
        if self.how != "own" and "memory" not in world.users:
            return [("how", "people have no memories to find anything in. Choose influence: memory, or how: own")]
        return []

    def publish(self, world: World, make: Maker, dice: Dice, history: History) -> World:
        n, users = world.n_users, np.arange(world.n_users)
        found = make(n)
        if self.how != "own" and "memory" in world.users:
            found = self._looked_up(world, found, dice)
        now = {"created": np.full(n, world.step), "lifespan": np.ones(n), "author": np.full(n, -1), "originator": users}
        return world.publish(found.with_(**{name: column.astype(np.int32) for name, column in now.items()}))

    def _looked_up(self, world: World, found: Columns, dice: Dice) -> Columns:
        """New items, of which `found` has one for each person, and for those who need none copies of what there is."""
        held = np.zeros(world.n_items + 1, bool)
        held[world.users.memory] = True
        known = np.flatnonzero(held[:-1])  # the place after the last is where -1 was noted
        order = np.argsort(dice.bits("finds in turn", np.arange(world.n_users))[:, 0], kind="stable")
        first, others = np.split(order, [max(self.fewest - known.size, 0)])
        there = _There(
            np.concatenate([known, world.n_items + first]),
            np.concatenate([world.items.stance[known], found.stance[first]]),
        )
        if not there.ids.size or not others.size:
            return found
        item = self._chosen(world, others, there, dice)
        some, new = item >= 0, item >= world.n_items
        old, made = some & ~new, item[new] - world.n_items
        taken = found.with_rows(others[old], **copies(world.items, item[old]))
        return taken.with_rows(others[new], **found.rows(made, original=item[new].astype(np.int32)))

    def _chosen(self, world: World, users: np.ndarray, there: _There, dice: Dice) -> np.ndarray:
        """int64 (n,): for each of `users` one of the items that fit, each as likely; -1 where none fits."""
        tried = dice.below("finds", users, _TRIES, there.ids.size)  # the first that fits is any of those that fit
        fits = self._fits(world, users, there.ids[tried], there.stance[tried])
        chosen = np.where(fits.any(axis=1), there.ids[tried[np.arange(users.size), fits.argmax(axis=1)]], -1)
        left = np.flatnonzero(chosen < 0)
        if left.size:
            fits = self._fits(world, users[left], there.ids, there.stance)
            count = fits.sum(axis=1)
            nth = np.minimum((dice.uniform("finds at last", users[left])[:, 0] * count).astype(np.int64), count - 1)
            place = (np.cumsum(fits, axis=1) <= nth[:, None]).sum(axis=1)
            chosen[left] = np.where(count > 0, there.ids[np.minimum(place, there.ids.size - 1)], -1)
        return chosen

    def _fits(self, world: World, users: np.ndarray, items: np.ndarray, stance: np.ndarray) -> np.ndarray:
        """bool (n, w): whether items, (w,) or (n, w) ids, are as near or far as is looked for, and not held."""
        near = distances(world.users.opinion[users], stance) < self.reach
        fits = near if self.how == "close" else ~near
        for held in world.users.memory[users].T:
            fits &= items != held[:, None]
        return fits
