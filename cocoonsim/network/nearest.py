"""Everybody follows the people most like themselves.

Each user follows the `degree` others who are nearest: `by: interests` the cosine of true interests, `by: opinion` the
distance of opinions. Of equally near people some are drawn by lot. Following need not be mutual: a loner follows a crowd that
does not follow back.

How: all pairs are compared, some users at a time, so it is meant for up to some ten thousand users.

Also known as: k-nearest-neighbour graph, kNN graph, assortative ties, perfect homophily.
Source: the social system of Chaney, Stewart & Engelhardt (2018), How algorithmic confounding in recommendation systems
increases homogeneity and decreases utility, where people are connected to those of like preferences.
"""

from __future__ import annotations

import numpy as np

from cocoonsim.core.arrays import unit_rows
from cocoonsim.core.chance import Chance
from cocoonsim.core.errors import UserError
from cocoonsim.core.follows import Follows
from cocoonsim.core.setting import setting
from cocoonsim.core.world import Columns
from cocoonsim.network import Network

_ROWS = 256  # users compared with all others at a time


class Nearest(Network):
    degree: int = setting(10, low=0, help="How many people each user follows", unit="users")
    by: str = setting("interests", choices=("interests", "opinion"), help="In what people are near")

    def build(self, users: Columns, chance: Chance) -> Follows:
        n, generator = users.size, None
        if self.degree > max(n - 1, 0):
            raise UserError(
                f"degree = {self.degree}, but there are only {n} users. Use a degree of at most {max(n - 1, 0)}",
                where="network.nearest",
            )
        if not self.degree:
            return Follows.none(n)
        found = []
        for low in range(0, n, _ROWS):
            rows = np.arange(low, min(low + _ROWS, n))
            far = self._distance(users, rows)
            far[np.arange(len(rows)), rows] = np.inf
            order = np.argsort(far, axis=1, kind="stable")
            ranked = np.take_along_axis(far, order, axis=1)
            if (ranked[:, self.degree - 1] == ranked[:, self.degree]).any():  # the last who is followed has equals
                generator = generator or chance.generator("network")
                order = np.lexsort((generator.random(far.shape), far), axis=1)
            found.append(order[:, : self.degree])
        return Follows.from_arcs(n, np.repeat(np.arange(n), self.degree), np.concatenate(found).ravel())

    def mean_degree(self, n_users: int) -> float:
        return float(self.degree)

    def _distance(self, users: Columns, rows: np.ndarray) -> np.ndarray:
        """float64 (n_rows, n_users): how far these users are from all."""
        if self.by == "interests":
            units = unit_rows(users.interests)
            return 1.0 - (units[rows] @ units.T).astype(np.float64)
        gap = users.opinion[rows][:, None, :] - users.opinion
        return np.asarray(np.sqrt((gap * gap).sum(axis=2)))
