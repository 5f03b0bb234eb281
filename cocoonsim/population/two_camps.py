"""Two camps with opposite opinions and, if they lean that way, different interests.

Opinions are normal around minus and plus `centre`. Topics lie on the opinion axis from -1 to 1 as in the catalogue
`topic_mix`, and a camp's mean interest in a topic is proportional to exp(lean x side x place of the topic): with a lean
of 0 the camps like the same things and only think differently. Group 0 is the left camp, group 1 the right.

Also known as: bimodal opinions, bipolar population, partisans.
Source: own; the bimodal, wide-in-each-party opinions measured in roll-call votes, as in Poole & Rosenthal (1985), A spatial
model for legislative roll call analysis.
"""

from __future__ import annotations

import numpy as np

from cocoonsim.core.chance import Chance
from cocoonsim.core.leaning import dirichlet_rows, leaning_weights
from cocoonsim.core.setting import setting
from cocoonsim.core.world import Columns, people
from cocoonsim.population import Population


class TwoCamps(Population):
    users: int = setting(1000, low=1, help="Number of users", unit="users")
    right_share: float = setting(0.5, low=0.0, high=1.0, help="Share of users in the right camp, group 1")
    centre: float = setting(0.5, low=0.0, high=1.0, help="Mean opinion of the right camp; minus this of the left")
    spread: float = setting(0.2, low=0.0, high=2.0, help="Standard deviation of opinions within a camp")
    lean: float = setting(
        1.0, low=0.0, high=20.0, help="How far interests lean to the camp's own topics; 0 = not at all"
    )
    concentration: float = setting(
        0.5, above=0.0, help="Breadth of interests: small = one favourite topic each, large = like the camp's mean"
    )
    dimensions: int = setting(1, low=1, high=32, help="Number of opinion dimensions, the camps apart in each")
    bounded: bool = setting(True, help="Opinions beyond -1 and 1 are moved to -1 and 1")

    def build(self, n_topics: int, chance: Chance) -> Columns:
        generator = chance.generator("population")
        n_right = round(self.right_share * self.users)
        group = generator.permutation((np.arange(self.users) < n_right).astype(np.int64))
        side = 2.0 * group - 1.0
        weights = leaning_weights(np.array([-1.0, 1.0]), n_topics, self.lean)
        interests = dirichlet_rows((self.concentration * n_topics * weights)[group], generator)
        opinion = self.centre * side[:, None] + self.spread * generator.standard_normal((self.users, self.dimensions))
        return people(interests, opinion=np.clip(opinion, -1.0, 1.0) if self.bounded else opinion, group=group)
