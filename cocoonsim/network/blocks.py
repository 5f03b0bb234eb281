"""People follow mostly their own group.

Every user follows `degree` people on average; a share `mixing` of them belong to other groups, drawn evenly from all other
users, the rest to their own. Both hold for every group, whatever its size. `mixing` = 0 separates the groups completely;
the share of people who belong to other groups would be no preference at all.

Groups are those of the population (`clustered`, `two_camps`, `from_data`); where there is only one, all ties are within it.

Also known as: planted partition, stochastic block model, community structure, homophily by group.
Source: Holland, Laskey & Leinhardt (1983), Stochastic blockmodels: first steps; Condon & Karp (2001), Algorithms for graph
partitioning on the planted partition model; drawn by the gaps between ties as in Batagelj & Brandes (2005).
"""

from __future__ import annotations

import numpy as np

from cocoonsim.core.chance import Chance
from cocoonsim.core.errors import UserError
from cocoonsim.core.follows import Follows
from cocoonsim.core.places import each_with_chance
from cocoonsim.core.setting import setting
from cocoonsim.core.world import Columns, World
from cocoonsim.network import Network


class Blocks(Network):
    degree: float = setting(10.0, low=0.0, help="How many people a user follows on average", unit="users")
    mixing: float = setting(0.1, low=0.0, high=1.0, help="Share of the followed who belong to another group")
    mutual: bool = setting(False, help="Ties go both ways: whoever is followed follows back")

    def build(self, users: Columns, chance: Chance) -> Follows:
        n, generator = users.size, chance.generator("network")
        by_group = np.argsort(users.group, kind="stable")  # positions in this order; a group is a range of them
        sizes = np.bincount(users.group)
        sources, targets = [], []
        start = 0
        for size in sizes[sizes > 0].tolist():
            mixing = self.mixing if size < n else 0.0  # a single group: see misfits
            inside = self._chance(self.degree * (1.0 - mixing), size - 1, f"its group, which has {size} users")
            outside = self._chance(self.degree * mixing, n - size, f"other groups, which have {n - size} users")
            if self.mutual:  # either of two draws makes a tie
                inside, outside = (1.0 - (1.0 - chance_of) ** 0.5 for chance_of in (inside, outside))
            own = each_with_chance(size * (size - 1), inside, generator)
            follower = own // max(size - 1, 1)
            followed = own - follower * (size - 1)
            followed += followed >= follower  # skip oneself
            sources.append(start + follower)
            targets.append(start + followed)
            cross = each_with_chance(size * (n - size), outside, generator)
            follower = cross // max(n - size, 1)
            followed = cross - follower * (n - size)
            followed += np.where(followed >= start, size, 0)  # skip one's own group
            sources.append(start + follower)
            targets.append(followed)
            start += size
        if not sources:
            return Follows.none(n)
        source, target = by_group[np.concatenate(sources)], by_group[np.concatenate(targets)]
        if self.mutual:
            source, target = np.concatenate([source, target]), np.concatenate([target, source])
        return Follows.from_arcs(n, source, target)

    def mean_degree(self, n_users: int) -> float:
        return self.degree

    def misfits(self, world: World, slate: int) -> list[tuple[str, str]]:
        """There must be another group to mix with."""
        if self.mixing > 0 and world.n_users and (world.users.group == world.users.group[0]).all():
            return [
                ("mixing", "all users are of one group. Use mixing: 0, or a population with groups, e.g. clustered")
            ]
        return []

    def _chance(self, wanted: float, available: int, where: str) -> float:
        """The chance of following each of those available. Raises UserError when there are not enough of them."""
        if wanted > max(available, 0):
            raise UserError(
                f"degree = {self.degree:g} and mixing = {self.mixing:g}: a user would follow {wanted:g} people of {where}. "
                "Use a smaller degree, another mixing, or a population with fewer, larger groups",
                where="network.blocks",
            )
        return wanted / available if available > 0 else 0.0
