"""Newcomers tie themselves to those who already have many ties, and so a few become hubs.

Users join one after the other. Each newcomer picks `ties` different earlier users, a user being picked in proportion to
the ties they have. Degrees then fall off as the third power: most have few, a handful have a great many. With `mutual`
(the default) ties go both ways; without it newcomers follow their picks and are not followed back, so that everybody
follows `ties` people and only the number of followers has hubs.

How: picking in proportion to ties is copying an end of an earlier tie drawn evenly. The numbers of all the copied ties are
drawn at once and the copies looked up until nothing is left to look up. A newcomer who picks someone twice draws again,
exactly as if they had come one by one. The start is a star of ties + 1 users.

Also known as: preferential attachment, Barabási-Albert model, rich get richer, power-law network.
Source: Barabási & Albert (1999), Emergence of scaling in random networks; the list of tie ends as in Batagelj & Brandes
(2005), Efficient generation of large random networks.
"""

from __future__ import annotations

import numpy as np

from cocoonsim.core.chance import Chance
from cocoonsim.core.errors import UserError
from cocoonsim.core.follows import Follows
from cocoonsim.core.setting import setting
from cocoonsim.core.world import Columns
from cocoonsim.network import Network


class ScaleFree(Network):
    ties: int = setting(5, low=1, help="How many earlier users each newcomer ties themselves to", unit="users")
    mutual: bool = setting(True, help="Ties go both ways; otherwise newcomers follow and are not followed back")

    def build(self, users: Columns, chance: Chance) -> Follows:
        n, generator = users.size, chance.generator("network")
        if self.ties >= n:
            raise UserError(
                f"ties = {self.ties}, but there are only {n} users. Use fewer ties than users",
                where="network.scale_free",
            )
        picked = preferential(n, self.ties, generator)
        # ages must not show in the ids: elsewhere the order of the users has no meaning
        name = generator.permutation(n)
        newcomer, picked = name[_newcomers(np.arange(len(picked)), self.ties)], name[picked]
        if not self.mutual:
            return Follows.from_arcs(n, newcomer, picked)
        return Follows.from_arcs(n, np.concatenate([newcomer, picked]), np.concatenate([picked, newcomer]))

    def mean_degree(self, n_users: int) -> float:
        ties = (n_users - self.ties) * self.ties
        return (2.0 if self.mutual else 1.0) * ties / n_users


def _newcomers(edges: np.ndarray, ties: int) -> np.ndarray:
    """Who made each edge: first the star's leaves 1 ... ties, an edge each; then users ties + 1, ..., `ties` edges each."""
    return np.where(edges < ties, edges + 1, edges // ties + ties)


def preferential(n: int, ties: int, generator: np.random.Generator) -> np.ndarray:
    """int64 (edges,): whom the maker of each edge picked; users in the order in which they came.

    Edge e has the ends 2e (the newcomer) and 2e + 1 (the picked). Users arrive in waves, each as large as all before, so
    that most copies are of settled ends.
    """
    picked = np.zeros((n - ties) * ties, np.int64)  # the star's leaves have picked user 0
    first = ties + 1
    while first < n:
        last = min(2 * first, n)
        edges = np.arange((first - ties) * ties, (last - ties) * ties)
        picked[edges] = -1
        ends_before = np.repeat(2 * ties * (np.arange(first, last) - ties), ties)  # nobody copies their own edges
        source = (generator.random(len(edges)) * ends_before).astype(np.int64)
        waiting = np.arange(len(edges))
        while waiting.size:
            edge, copied = source[waiting] // 2, source[waiting] % 2 == 0
            found = np.where(copied, _newcomers(edge, ties), picked[edge])
            known = found >= 0
            there, value = waiting[known], found[known]
            fresh = _not_picked_yet(picked[edges[0] :][: len(edges)].reshape(-1, ties), there, value)
            picked[edges[there[fresh]]] = value[fresh]
            again = there[~fresh]
            source[again] = (generator.random(len(again)) * ends_before[again]).astype(np.int64)
            waiting = np.sort(np.concatenate([waiting[~known], again]))
        first = last
    return picked


def _not_picked_yet(rows: np.ndarray, places: np.ndarray, values: np.ndarray) -> np.ndarray:
    """bool: which new `values` may settle in the flat `places` of `rows` (users, ties; -1 = open): no user picked twice.

    Of equal new values of one newcomer the first settles. What has settled stays: others may have copied it.
    """
    ties = rows.shape[1]
    row = places // ties
    fresh = np.ones(len(places), bool)
    for column in range(ties):
        fresh &= rows[row, column] != values
    # equal pairs of (row, value) among the new ones: `places` ascend, so a stable sort keeps the first of them first
    order = np.lexsort((places, values, row))
    twice = (row[order][1:] == row[order][:-1]) & (values[order][1:] == values[order][:-1])
    fresh[order[1:][twice]] = False
    return fresh
