"""People are what they remember: an opinion is the mean of the things one holds in mind.

A person remembers up to `capacity` items (column `memory`). Every clicked item is taken in, in the order of the feed; when
the memory is full a random one is dropped first. The opinion is then the mean stance of what is held; who holds nothing
keeps their opinion. A copy (a repost) is the same thing as its original.

How: with a `tolerance`, a person takes in a clicked item only with the chance L^k / (d^k + L^k), where d is its distance to
the opinion of that very moment, which moves while the person reads; k is the `sharpness`. (`choice: confidence_gate` judges
a whole feed by the opinion before reading.) Something that is held already changes nothing; or, with `repeats: forget`, it
is taken in like anything else, so that a full memory loses a random item to what it knew.

Also known as: bit memory, argument pool, triple-filter bubble memory, persuasive arguments.
Why it matters here: opinions move only through concrete content, so what is shown, integrated and forgotten are three
filters.
Source: Geschke, Lorenz & Holtz (2019), The triple-filter bubble; Mäs & Flache (2013), Differentiation without distancing.
"""

from __future__ import annotations

import numpy as np

from cocoonsim.core.arrays import NOBODY, count_true, gather, squares
from cocoonsim.core.chance import Dice
from cocoonsim.core.setting import setting
from cocoonsim.core.world import World, roots
from cocoonsim.influence import Influence


class Memory(Influence):
    state = ("memory",)

    capacity: int = setting(20, low=1, high=10_000, unit="items", help="How many items a person remembers")
    tolerance: float = setting(
        0.0, low=0.0, help="How far what is taken in may be, at the time; 0 = as far as you like"
    )
    sharpness: float = setting(20.0, above=0.0, high=1000.0, help="How sharply that falls off (with a tolerance)")
    repeats: str = setting(
        "ignored", choices=("ignored", "forget"), help="Whether a full memory drops an item for one it holds already"
    )

    def bytes_per_user(self, n_items: int, n_topics: int) -> int:
        return 4 * self.capacity

    def begin(self, world: World, dice: Dice) -> World:
        return world.with_users(memory=np.full((world.n_users, self.capacity), -1, np.int32))

    def misfits(self, world: World, slate: int) -> list[tuple[str, str]]:
        if world.items.stance.shape[1] != world.users.opinion.shape[1]:
            return [
                ("capacity", "opinions and stances have different numbers of dimensions: give the population the same")
            ]
        return []

    def move(
        self, world: World, users: np.ndarray, feed: np.ndarray, clicks: np.ndarray, dice: Dice
    ) -> dict[str, np.ndarray]:
        wide = int(np.flatnonzero(np.logical_or.reduce(clicks, axis=0)).max(initial=-1)) + 1  # nothing beyond is read
        feed, clicks = feed[:, :wide], clicks[:, :wide]
        opinion, stance, n = world.users.opinion[users], world.items.stance, len(users)
        slots = (dice.uniform("memory", users, wide) * self.capacity).astype(np.int64)
        slots = np.minimum(slots, self.capacity - 1)
        reach = self._reach(users, clicks, dice) if self.tolerance > 0 else None
        held, count = world.users.memory[users].copy(), count_true(clicks)
        size, total = (held >= 0).sum(axis=1), _sum(world, held, opinion)
        # people with most to read first, and what they read closed up: at each place those who are not done are the first
        order = np.argsort(-count, kind="stable")
        read = np.argsort(~clicks, axis=1, kind="stable")[order, : count.max(initial=0)]
        items = np.take_along_axis(roots(world.items, feed)[order], read, axis=1).T.copy()
        slots = np.take_along_axis(slots[order], read, axis=1).T * n + np.arange(n)  # as places of `flat` below
        reach = None if reach is None else np.take_along_axis(reach[order], read, axis=1).T.copy()
        notes = held[order].T.copy()  # a row for each slot
        size, total, start = size[order], total[order], opinion[order]
        where = stance.take(items, axis=0)
        away = where - start  # from the opinions before reading
        changed = np.zeros(n, bool)
        flat = notes.reshape(-1)  # one index is quicker than two
        for place, left in enumerate((np.arange(items.shape[0]) < count[:, None]).sum(axis=0).tolist()):
            item, slot, full = items[place, :left], slots[place, :left], size[:left] == self.capacity
            known = np.logical_or.reduce(notes[:, :left] == item, axis=0)
            fresh = ~known
            if reach is not None:
                now = start[:left] + total[:left] / np.maximum(size[:left], 1)[:, None]
                taken = squares(where[place, :left] - now) < reach[place, :left]
                fresh &= taken
                known &= taken
            if self.repeats == "forget":
                known &= full
                changed[:left] |= known
                again = known.nonzero()[0]
                out = slot[again]
                drop = flat[out]
                other = drop != item[again]
                if not other.all():
                    again, out, drop = again[other], out[other], drop[other]
                total[again] = _without(total, again, stance.take(drop, axis=0), start)
                flat[out] = notes[-1, again]
                notes[-1, again] = NOBODY
                size[again] -= 1
            row = fresh.nonzero()[0]
            if not row.size:
                continue
            # a full memory: the newcomer takes the place of one drawn at random
            changed[:left] |= fresh
            some = full[row]
            at = np.where(some, slot[row], size[row] * n + row)
            out = row[some]
            total[out] = _without(total, out, stance.take(flat[at[some]], axis=0), start)
            flat[at] = item[row]
            total[row] = total.take(row, axis=0) + away[place].take(row, axis=0)
            size[row] += ~some
        held[order] = notes.T
        mean = opinion + _sum(world, held, opinion) / np.maximum((held >= 0).sum(axis=1), 1)[:, None]
        moved = np.zeros(len(users), bool)
        moved[order] = changed
        return {"memory": held, "opinion": np.where(moved[:, None], mean, opinion)}

    def _reach(self, users: np.ndarray, clicks: np.ndarray, dice: Dice) -> np.ndarray:
        """float64 (n, places): the square of the distance up to which each clicked item would be taken in.

        That is where the chance equals the number drawn: u < L^k / (d^k + L^k) when d < L (1 / u - 1)^(1 / k).
        """
        luck = dice.uniform("memory gate", users, clicks.shape[1])[clicks].astype(np.float64)
        reach = np.zeros(clicks.shape)
        reach[clicks] = self.tolerance**2 * (1.0 / luck - 1.0) ** (2.0 / self.sharpness)
        return reach


def _without(total: np.ndarray, rows: np.ndarray, stance: np.ndarray, start: np.ndarray) -> np.ndarray:
    """The sums `total` of these rows when what has the given stance is dropped."""
    left: np.ndarray = total.take(rows, axis=0) - (stance - start.take(rows, axis=0))
    return left


def _sum(world: World, held: np.ndarray, opinion: np.ndarray) -> np.ndarray:
    """float64 (n, dims): the sum of how far what is held lies from the opinion."""
    slots = held.T
    gaps = np.where((slots >= 0)[:, :, None], gather(world.items.stance, slots) - opinion, 0.0)
    # slot by slot, the same order of adding for any block of users: `sum` would add in another for one person alone
    total: np.ndarray = np.add.accumulate(gaps, axis=0)[-1] + 0.0
    return total
