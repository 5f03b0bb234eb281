"""Opinions spaced evenly from one end to the other.

User 0 holds the opinion `low`, the last user `high`, and all others lie at equal distances in between: no luck in the start,
so that whatever clusters appear are the model's own. All like all topics equally, unless `columns` says otherwise.

Also known as: regular opinion profile, deterministic initial condition, uniform grid.
Source: the standard profile of Hegselmann & Krause (2002), Opinion dynamics and bounded confidence.
"""

from __future__ import annotations

import numpy as np

from cocoonsim.core.chance import Chance
from cocoonsim.core.setting import setting
from cocoonsim.core.world import Columns, people
from cocoonsim.population import Population


class Equispaced(Population):
    users: int = setting(1000, low=1, help="Number of users", unit="users")
    low: float = setting(-1.0, low=-1.0, high=1.0, help="Opinion of the first user")
    high: float = setting(1.0, low=-1.0, high=1.0, help="Opinion of the last user")

    def problems(self) -> list[tuple[str, str]]:
        """The ends must be in order."""
        wrong = [("high", f"{self.high:g} is not above low = {self.low:g}")] if self.high <= self.low else []
        return wrong + super().problems()

    def build(self, n_topics: int, chance: Chance) -> Columns:
        opinion = (
            np.linspace(self.low, self.high, self.users) if self.users > 1 else np.array([(self.low + self.high) / 2])
        )
        return people(np.full((self.users, n_topics), 1.0 / n_topics), opinion=opinion)
