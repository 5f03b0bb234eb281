"""Everybody follows everybody else with the same small chance.

There are no groups and no hubs: a network on which any structure that appears later has been made by the run. The chance
is `degree` divided by the number of others. With `exact`, the number of ties is exactly its expected value, and every
such network is equally likely.

Also known as: random graph, Gilbert graph, G(n, p), G(n, m), gnp, gnm, binomial graph.
Source: Erdős & Rényi (1959), On random graphs I; Gilbert (1959), Random graphs; drawn by the gaps between ties as in
Batagelj & Brandes (2005), Efficient generation of large random networks.
"""

from __future__ import annotations

import numpy as np

from cocoonsim.core.chance import Chance
from cocoonsim.core.errors import UserError
from cocoonsim.core.follows import Follows
from cocoonsim.core.places import each_with_chance, exactly, unordered_pairs
from cocoonsim.core.setting import setting
from cocoonsim.core.world import Columns
from cocoonsim.network import Network


class ErdosRenyi(Network):
    degree: float = setting(10.0, low=0.0, help="How many people a user follows on average", unit="users")
    exact: bool = setting(False, help="Exactly degree times users follows, not only on average")
    mutual: bool = setting(False, help="Ties go both ways: whoever is followed follows back")
    repair: bool = setting(False, help="A user who would follow nobody follows one other user, drawn at random")

    def build(self, users: Columns, chance: Chance) -> Follows:
        n, generator = users.size, chance.generator("network")
        if self.degree > max(n - 1, 0):
            raise UserError(
                f"degree = {self.degree:g}, but there are only {n} users. Use a degree of at most {max(n - 1, 0)}",
                where="network.erdos_renyi",
            )
        n_places = n * (n - 1) // 2 if self.mutual else n * (n - 1)
        if self.exact:
            ties = round(self.degree * n / 2) if self.mutual else round(self.degree * n)
            places = exactly(n_places, min(ties, n_places), generator)
        else:
            places = each_with_chance(n_places, self.degree / max(n - 1, 1), generator)
        if self.mutual:
            one, other = unordered_pairs(places)
            follows = Follows.from_arcs(n, np.concatenate([one, other]), np.concatenate([other, one]))
        else:
            follows = _rows(n, places)
        return _repaired(follows, self.mutual, generator) if self.repair and n > 1 else follows

    def mean_degree(self, n_users: int) -> float:
        if not self.repair:
            return self.degree
        lonely = (1.0 - self.degree / max(n_users - 1, 1)) ** (n_users - 1)  # nearly so with `exact`
        return self.degree + lonely * (2.0 if self.mutual else 1.0)


def _rows(n: int, places: np.ndarray) -> Follows:
    """Place `u (n - 1) + v` is an arc from u to the v-th of the others; ascending places are rows in order."""
    source = places // max(n - 1, 1)
    target = places - source * (n - 1)
    target += target >= source  # skip oneself
    starts = np.concatenate([[0], np.cumsum(np.bincount(source, minlength=n))]).astype(np.int64)
    return Follows(starts, target.astype(np.int32))


def _repaired(follows: Follows, mutual: bool, generator: np.random.Generator) -> Follows:
    """The same, and whoever followed nobody follows one other user (who follows back where ties are mutual)."""
    n = follows.n_users
    lonely = np.flatnonzero(follows.degree == 0)
    friend = generator.integers(0, n - 1, len(lonely))
    friend += friend >= lonely
    sources, targets = [follows.sources(), lonely], [follows.targets, friend]
    if mutual:
        sources.append(friend)
        targets.append(lonely)
    return Follows.from_arcs(n, np.concatenate(sources), np.concatenate(targets))
