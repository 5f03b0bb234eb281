"""Interests drawn from a Dirichlet distribution, around a taste that all may share.

With `hyper: 0` interests are symmetric: `concentration` says how broad they are. With `hyper` h above 0, one base taste is
drawn for all from the symmetric distribution, and each user's interests are Dirichlet with h times the base as weights:
some topics then suit most people, the more alike the larger h. Opinions are 0 unless `columns` says otherwise.

Also known as: Dirichlet-multinomial users, hierarchical Dirichlet preferences, shared base measure.
Source: Chaney, Stewart & Engelhardt (2018), How algorithmic confounding in recommendation systems increases homogeneity and
decreases utility (users ~ Dirichlet(10 x Dirichlet(1))).
"""

from __future__ import annotations

import numpy as np

from cocoonsim.core.chance import Chance
from cocoonsim.core.distributions import draw_column
from cocoonsim.core.setting import setting
from cocoonsim.core.world import Columns, people
from cocoonsim.population import Population


class Dirichlet(Population):
    users: int = setting(1000, low=1, help="Number of users", unit="users")
    concentration: float = setting(
        1.0, above=0.0, help="Breadth of interests, or of the base taste: small = few topics, large = all alike"
    )
    hyper: float = setting(0.0, low=0.0, help="How closely people follow a base taste drawn for all; 0 = there is none")

    def build(self, n_topics: int, chance: Chance) -> Columns:
        spec = {"distribution": "dirichlet", "concentration": self.concentration, "hyper": self.hyper}
        nobody = np.zeros(self.users, np.int64)
        return people(draw_column(spec, self.users, n_topics, chance.generator("population"), nobody))
