"""Who follows whom stands in the scenario itself, tie by tie.

`ties` has an entry for each tie: the follower, the followed, and if need be how much it counts: `[[0, 1, 0.3], [1, 0]]`.
Users are numbered from 0; without a weight a tie counts 1. Doubles become one tie, with the sum of their weights, and
self-follows are dropped. For examples on paper; larger graphs come from a file.

Also known as: explicit edge list, toy graph, influence matrix.
Source: own; for example the weights of DeGroot (1974), Reaching a consensus.
"""

from __future__ import annotations

import numpy as np

from cocoonsim.core.chance import Chance
from cocoonsim.core.errors import UserError
from cocoonsim.core.follows import Follows
from cocoonsim.core.setting import setting
from cocoonsim.core.world import Columns
from cocoonsim.network import Network


class Listed(Network):
    ties: tuple[tuple[float, ...], ...] = setting(
        ((0, 1),), help="Follower, followed and, if given, weight of each tie: [[0, 1, 0.5], [1, 0]]"
    )
    mutual: bool = setting(False, help="Each tie goes both ways")

    def problems(self) -> list[tuple[str, str]]:
        for number, tie in enumerate(self.ties):
            if len(tie) not in (2, 3):
                return [
                    (f"ties.{number}", f"must be a follower, a followed and at most a weight, got {len(tie)} numbers")
                ]
            if any(end < 0 or end != int(end) for end in tie[:2]):
                return [(f"ties.{number}", f"{tie[0]:g} and {tie[1]:g} must be numbers of users: 0, 1, 2, ...")]
        return []

    def mean_degree(self, n_users: int) -> float:
        """As many as are listed."""
        return self._follows(n_users).n_arcs / n_users

    def build(self, users: Columns, chance: Chance) -> Follows:
        most = max((int(end) for tie in self.ties for end in tie[:2]), default=-1)
        if most >= users.size:
            raise UserError(
                f"a tie names user {most}, but the population has {users.size} users, numbered from 0",
                where="network.listed",
            )
        return self._follows(users.size)

    def _follows(self, n_users: int) -> Follows:
        ends = np.array([tie[:2] for tie in self.ties], np.int64).reshape(-1, 2)
        weights = np.array([tie[2] if len(tie) > 2 else 1.0 for tie in self.ties], np.float64)
        if self.mutual:
            ends, weights = np.concatenate([ends, ends[:, ::-1]]), np.tile(weights, 2)
        weighted = any(len(tie) > 2 for tie in self.ties)
        return Follows.from_arcs(n_users, ends[:, 0], ends[:, 1], weights if weighted else None)
