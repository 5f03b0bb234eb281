"""Everybody likes a random mixture of topics; opinions lie anywhere between -1 and 1.

Interests are drawn from a symmetric Dirichlet distribution, opinions from a uniform one, independently. There are no
groups: whatever clusters appear later, the run has made them.

Also known as: Dirichlet population, homogeneous mixing, unstructured population.
Source: Deffuant et al. (2000), Mixing beliefs among interacting agents (uniform opinions); Blei, Ng & Jordan (2003),
Latent Dirichlet allocation (topic mixtures).
"""

from __future__ import annotations

from cocoonsim.core.chance import Chance, mixtures
from cocoonsim.core.setting import setting
from cocoonsim.core.world import Columns, people
from cocoonsim.population import Population


class Uniform(Population):
    users: int = setting(1000, low=1, help="Number of users", unit="users")
    concentration: float = setting(
        0.5, above=0.0, help="Breadth of interests: small = one favourite topic each, large = everything alike"
    )
    dimensions: int = setting(1, low=1, high=32, help="Number of opinion dimensions")

    def build(self, n_topics: int, chance: Chance) -> Columns:
        generator = chance.generator("population")
        interests = mixtures(generator, self.concentration, n_topics, self.users)
        opinion = generator.uniform(-1.0, 1.0, (self.users, self.dimensions))
        return people(interests, opinion=opinion)
