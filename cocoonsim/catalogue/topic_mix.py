"""Items that are mixtures of topics; each topic leans a little to one side.

An item's topics are drawn from a Dirichlet distribution. Topics are spread over the opinion axis from -1 to 1, and an
item's stance is the mean of its topics' places, times `leaning`, plus noise: so a person who is shown only some topics is
also shown only some opinions.

Also known as: Dirichlet catalogue, topic-mixture items.
Source: Blei, Ng & Jordan (2003), Latent Dirichlet allocation; item model as in Chaney, Stewart & Engelhardt (2018).
"""

from __future__ import annotations

import numpy as np

from cocoonsim.catalogue import Catalogue
from cocoonsim.core.chance import Chance, mixtures
from cocoonsim.core.leaning import mean_place
from cocoonsim.core.setting import setting
from cocoonsim.core.world import Columns, content


class TopicMix(Catalogue):
    items: int = setting(1000, low=1, help="Number of items at the start", unit="items")
    topics: int = setting(20, low=1, high=1000, help="Number of topics", unit="topics")
    concentration: float = setting(0.1, above=0.0, help="Breadth of items: small = one topic each, large = all topics")
    leaning: float = setting(1.0, low=0.0, high=1.0, help="How strongly an item's topics decide its stance")
    noise: float = setting(0.2, low=0.0, high=2.0, help="Spread of stances around what the topics say")
    quality_spread: float = setting(0.0, low=0.0, high=1.0, help="Qualities lie between 1 minus this and 1, evenly")

    one_topic: bool = setting(False, help="Every item is about its main topic alone")
    even: bool = setting(False, help="With one_topic: every topic has the same number of items, up to one")

    def problems(self) -> list[tuple[str, str]]:
        """Only whole items can be shared out."""
        return [("even", "shares out items of one topic each: set one_topic too")] if self.even > self.one_topic else []

    def build(self, chance: Chance) -> Columns:
        return self.make(self.items, chance.generator("catalogue"))

    def make(self, n: int, generator: np.random.Generator) -> Columns:
        topics = mixtures(generator, self.concentration, self.topics, n)
        if self.one_topic:
            main = topics.argmax(axis=1)
            if self.even:
                main = (np.arange(n) + generator.integers(self.topics)) % self.topics
            topics = np.eye(self.topics, dtype=np.float32)[main]
        stance = self.leaning * mean_place(topics) + self.noise * generator.standard_normal(n)
        quality = 1.0 - self.quality_spread * generator.random(n)
        return content(topics, stance=np.clip(stance, -1.0, 1.0), quality=quality)
