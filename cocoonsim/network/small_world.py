"""Everybody knows their neighbours on a ring, but some ties lead anywhere.

Users stand on a ring in the order of their ids, tied both ways to the `neighbours` nearest. Each tie is then, with the
chance `rewire`, moved: one end stays, the other goes to a user drawn at random. A few moved ties make everybody near to
everybody while friends of friends stay friends.

All ties are moved at once and not one after the other: a moved tie never lands on a place of the ring's own ties, nor on
another moved one. Friends on the ring share no taste or group; for that see `blocks`.

Also known as: Watts-Strogatz model, rewired ring lattice.
Source: Watts & Strogatz (1998), Collective dynamics of 'small-world' networks.
"""

from __future__ import annotations

import numpy as np

from cocoonsim.core.chance import Chance
from cocoonsim.core.errors import UserError
from cocoonsim.core.follows import Follows
from cocoonsim.core.setting import setting
from cocoonsim.core.world import Columns
from cocoonsim.network import Network

TRIES = 100
"""A tie that finds no free place in so many tries stays where it is; only a nearly full network needs more than a few."""


class SmallWorld(Network):
    neighbours: int = setting(10, low=0, help="Nearest users on the ring each is tied to; an even number", unit="users")
    rewire: float = setting(0.1, low=0.0, high=1.0, help="Share of ties that are moved to a user drawn at random")

    def problems(self) -> list[tuple[str, str]]:
        """Half of the neighbours stand on either side."""
        if self.neighbours % 2:
            return [
                ("neighbours", f"{self.neighbours} is odd, but half of them stand on either side. Use an even number")
            ]
        return []

    def build(self, users: Columns, chance: Chance) -> Follows:
        n, half, generator = users.size, self.neighbours // 2, chance.generator("network")
        if self.neighbours >= max(n, 1):
            raise UserError(
                f"neighbours = {self.neighbours}, but there are only {n} users. Use fewer neighbours than users",
                where="network.small_world",
            )
        one = np.repeat(np.arange(n, dtype=np.int64), half)
        other = (one + np.tile(np.arange(1, half + 1), n)) % max(n, 1)
        free = n - 1 - 2 * half  # users a tie can be moved to, seen from one end
        if free > 0:
            moved = np.flatnonzero(generator.random(len(one)) < self.rewire)
            other[moved] = _moved(n, half, free, one[moved], other[moved], generator)
        return Follows.from_arcs(n, np.concatenate([one, other]), np.concatenate([other, one]))

    def mean_degree(self, n_users: int) -> float:
        return float(self.neighbours)


def _moved(
    n: int, half: int, free: int, one: np.ndarray, old: np.ndarray, generator: np.random.Generator
) -> np.ndarray:
    """The new other ends of the ties from `one` to `old`: no two ties join the same pair."""
    new = old.copy()
    keys = np.full(len(one), -1, np.int64)  # the pair a tie has found
    waiting = np.arange(len(one))
    for _ in range(TRIES):
        if not waiting.size:
            break
        end = (one[waiting] + half + 1 + generator.integers(0, free, len(waiting))) % n
        pair = np.minimum(one[waiting], end) * n + np.maximum(one[waiting], end)
        first = _first_to_name(pair, keys[keys >= 0])
        keys[waiting[first]] = pair[first]
        new[waiting[first]] = end[first]
        waiting = waiting[~first]
    return new


def _first_to_name(pairs: np.ndarray, taken: np.ndarray) -> np.ndarray:
    """bool: which of `pairs` are neither among `taken` nor an earlier one's repetition."""
    order = np.argsort(pairs, kind="stable")
    ranked = pairs[order]
    fresh = np.ones(len(pairs), bool)
    fresh[1:] = ranked[1:] != ranked[:-1]
    if taken.size:
        taken = np.sort(taken)
        at = np.minimum(np.searchsorted(taken, ranked), len(taken) - 1)
        fresh &= taken[at] != ranked
    first = np.empty(len(pairs), bool)
    first[order] = fresh
    return first
