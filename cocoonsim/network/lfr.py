"""Communities of different sizes and people with very different numbers of ties, as in real networks.

Numbers of ties follow a power law around `degree`, up to `most`; a part `mixing` of everybody's ties leads out of their
community. Communities are the groups of the population; where it has only one, community sizes are drawn from a power law
as well, between `least_size` and `most_size`.

How: drawn by NetworKit on one thread, from a seed of the run (extra `graphs`: pip install "cocoonsim[graphs]"). Ties go both
ways; with `mutual: false` each goes one way at random.

Also known as: LFR benchmark, Lancichinetti-Fortunato-Radicchi graphs.
Source: Lancichinetti, Fortunato & Radicchi (2008), Benchmark graphs for testing community detection algorithms; NetworKit:
Staudt, Sazonovs & Meyerhenke (2016), NetworKit: a tool suite for large-scale complex network analysis.
"""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from cocoonsim.core.chance import Chance
from cocoonsim.core.errors import UserError
from cocoonsim.core.follows import Follows
from cocoonsim.core.setting import setting
from cocoonsim.core.world import Columns
from cocoonsim.network import Network


class Lfr(Network):
    example_users: ClassVar[int] = 1000
    """How many users the promises try it with: small worlds have no room for power laws."""

    degree: float = setting(12.0, above=1.0, help="Mean number of ties", unit="users")
    most: int = setting(50, low=2, help="Largest number of ties", unit="users")
    degree_exponent: float = setting(2.75, above=1.0, high=10.0, help="How fast the numbers of ties fall off")
    mixing: float = setting(0.1, low=0.0, high=1.0, help="Part of the ties that lead out of the community")
    size_exponent: float = setting(1.1, above=1.0, high=10.0, help="How fast community sizes fall off (one group only)")
    least_size: int = setting(20, low=2, help="Smallest community (one group only)", unit="users")
    most_size: int = setting(100, low=2, help="Largest community (one group only)", unit="users")
    mutual: bool = setting(True, help="Ties go both ways: whoever is followed follows back")

    @classmethod
    def examples(cls, folder: Path) -> list[Lfr]:
        """What the promises try: sizes that are cut down leave no room for communities."""
        make: Any = cls
        return [make(), make(mutual=False), make(degree=8.0, most=30, mixing=0.4)]

    def problems(self) -> list[tuple[str, str]]:
        found = []
        if self.degree >= self.most:
            found.append(("most", f"{self.most} is not above degree = {self.degree:g}"))
        if self.least_size > self.most_size:
            found.append(("most_size", f"{self.most_size} lies below least_size = {self.least_size}"))
        return found

    def build(self, users: Columns, chance: Chance) -> Follows:
        nk = _networkit()
        n, generator = users.size, chance.generator("network")
        one_group = not np.ptp(users.group)
        if one_group:
            self._check_sizes(n)
        nk.setNumberOfThreads(1)
        nk.setSeed(int(generator.integers(1, 2**31)), False)
        try:
            lfr = nk.generators.LFRGenerator(n)
            lfr.generatePowerlawDegreeSequence(self.degree, self.most, -self.degree_exponent)
            if not one_group:
                label = np.unique(users.group, return_inverse=True)[1]
                communities = nk.Partition(n)
                communities.setUpperBound(int(label.max()) + 1)
                for user, community in enumerate(label.tolist()):
                    communities[user] = community
                lfr.setPartition(communities)
            else:
                lfr.generatePowerlawCommunitySizeSequence(self.least_size, self.most_size, -self.size_exponent)
            lfr.setMu(self.mixing)
            ties = np.array(sorted(lfr.generate().iterEdges()), np.int64).reshape(-1, 2)
        except RuntimeError as error:
            raise UserError(f"there is no such network of {n} users: {error}", where="network.lfr") from None
        one, other = ties.T
        if self.mutual:
            return Follows.from_arcs(n, np.concatenate([one, other]), np.concatenate([other, one]))
        turned = generator.random(len(ties)) < 0.5
        return Follows.from_arcs(n, np.where(turned, other, one), np.where(turned, one, other))

    def _check_sizes(self, n: int) -> None:
        """Refuse sizes that cannot add up to `n` users: NetworKit does not look, and may search for ever or crash."""
        fewest = -(-n // self.most_size)
        if self.most_size <= n and fewest * self.least_size <= n:
            return
        raise UserError(
            f"communities of {self.least_size} to {self.most_size} users do not add up to {n} users. "
            f"Use a most_size of at most {n}, and a smaller least_size",
            where="network.most_size",
        )


def _networkit() -> Any:
    try:
        return importlib.import_module("networkit")
    except ImportError:
        raise UserError(
            'this network is drawn by NetworKit, which is not installed: pip install "cocoonsim[graphs]"',
            where="network.lfr",
        ) from None
