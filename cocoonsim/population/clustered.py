"""People come in clusters with similar interests, and think as their interests suggest.

Every cluster has a profile of interests; its people differ a little from it, the less the greater the `cohesion`. Topics
are spread over the opinion axis from -1 to 1 as in the catalogue `topic_mix`; a person's opinion is the mean place of
their topics, times `leaning`, plus noise. The group of a person is their cluster. Clusters are of equal size, and a
person's number says nothing about their cluster.

How: a profile is a draw from a symmetric Dirichlet distribution; interests are Dirichlet with the profile as their mean
and `cohesion` as their weight. In opinion dimensions after the first, the topics lie at the same places in another order.

Also known as: latent communities, mixture of Dirichlets, interest communities.
Source: own; profiles and draws around them as in the hierarchical Dirichlet user model of Chaney, Stewart & Engelhardt
(2018), How algorithmic confounding in recommendation systems increases homogeneity and decreases utility.
"""

from __future__ import annotations

import numpy as np

from cocoonsim.core.chance import Chance
from cocoonsim.core.leaning import dirichlet_rows, mean_place, topic_places
from cocoonsim.core.setting import setting
from cocoonsim.core.world import Columns, people
from cocoonsim.population import Population


class Clustered(Population):
    users: int = setting(1000, low=1, help="Number of users", unit="users")
    clusters: int = setting(5, low=1, help="Number of clusters")
    concentration: float = setting(
        0.3, above=0.0, help="Breadth of a cluster's interests: small = one favourite topic, large = everything alike"
    )
    cohesion: float = setting(20.0, above=0.0, help="How alike the people of a cluster are; large = all the same")
    leaning: float = setting(1.0, low=0.0, high=1.0, help="How strongly interests decide the opinion")
    noise: float = setting(0.1, low=0.0, high=2.0, help="Spread of opinions around what the interests say")
    dimensions: int = setting(1, low=1, high=32, help="Number of opinion dimensions")
    bounded: bool = setting(True, help="Opinions beyond -1 and 1 are moved to -1 and 1")

    def problems(self) -> list[tuple[str, str]]:
        """Every cluster has somebody in it."""
        if self.clusters > self.users:
            return [
                ("clusters", f"{self.clusters} clusters for {self.users} users. Use at most {self.users}"),
                *super().problems(),
            ]
        return super().problems()

    def build(self, n_topics: int, chance: Chance) -> Columns:
        generator = chance.generator("population")
        group = generator.permutation(np.arange(self.users) % self.clusters)
        profiles = dirichlet_rows(np.full((self.clusters, n_topics), self.concentration), generator)
        # a weight of 0 is no distribution at all; the floor is far below what any draw can show
        interests = dirichlet_rows(np.maximum(self.cohesion * profiles, 1e-6)[group], generator)
        places = topic_places(n_topics)
        orders = [places, *(generator.permutation(places) for _ in range(self.dimensions - 1))]
        opinion = self.leaning * np.stack([mean_place(interests, order) for order in orders], axis=1)
        opinion += self.noise * generator.standard_normal(opinion.shape)
        return people(interests, opinion=np.clip(opinion, -1.0, 1.0) if self.bounded else opinion, group=group)
