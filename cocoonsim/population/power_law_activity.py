"""A few people are very active, most hardly ever.

Activity follows a power law: its density falls as activity^-exponent between `least` and 1. Opinions lie anywhere between
-1 and 1, interests are random mixtures of topics; neither depends on activity.

Also known as: heterogeneous activity, heavy-tailed participation, activity-driven population.
Why it matters here: the loud few supply most content and most clicks, so a platform learns from them first.
Source: Baumann, Lorenz-Spreen, Sokolov & Starnini (2020), Modeling echo chambers and polarization dynamics in social networks
(exponent 2.1 from 0.01 to 1); Perra et al. (2012), Activity driven modeling of time varying networks.
"""

from __future__ import annotations

from cocoonsim.core.chance import Chance, mixtures
from cocoonsim.core.distributions import power_law
from cocoonsim.core.setting import setting
from cocoonsim.core.world import Columns, people
from cocoonsim.population import Population


class PowerLawActivity(Population):
    users: int = setting(1000, low=1, help="Number of users", unit="users")
    exponent: float = setting(2.1, low=0.0, high=10.0, help="How fast activity falls off; larger = fewer active people")
    least: float = setting(0.01, above=0.0, below=1.0, help="Activity of the least active; the most active have 1")
    concentration: float = setting(
        0.5, above=0.0, help="Breadth of interests: small = one favourite topic each, large = everything alike"
    )

    def build(self, n_topics: int, chance: Chance) -> Columns:
        generator = chance.generator("population")
        interests = mixtures(generator, self.concentration, n_topics, self.users)
        opinion = generator.uniform(-1.0, 1.0, self.users)
        activity = power_law(generator.random(self.users), self.exponent, self.least, 1.0)
        return people(interests, opinion=opinion, activity=activity)
