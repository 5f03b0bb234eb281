"""Items on a ring: what lies side by side is alike, in topics and in worth.

The n items stand at equal distances on a ring (column `position`, 0 to 1). A topic's share in an item falls off smoothly
with the way round the ring from the item to the topic. Each item has a `value` for everybody, drawn so that the values of
two items that are d places apart have the correlation `correlation`^d. The stance is the cosine of the position.

How: the values are one draw of a Gaussian with the covariance value_spread^2 x correlation^d, d being the shorter way round
in places. That matrix is circulant, so it is drawn exactly by a Fourier transform.

Also known as: circular item space, Salop circle, spatially correlated values.
Why it matters here: who has liked one item can tell what its neighbours are worth, and so stays near: a cocoon of knowledge,
not of taste.
Source: Aridor, Goncalves & Sikdar (2020), Deconstructing the filter bubble: user decision-making and recommender systems.
"""

from __future__ import annotations

import numpy as np

from cocoonsim.catalogue import Catalogue
from cocoonsim.core.chance import Chance
from cocoonsim.core.gaussian import ring_values
from cocoonsim.core.setting import setting
from cocoonsim.core.world import Columns, content


class Ring(Catalogue):
    endless = False

    items: int = setting(200, low=2, high=100_000, help="Number of items on the ring", unit="items")
    topics: int = setting(10, low=1, high=1000, help="Number of topics, spread over the ring", unit="topics")
    breadth: float = setting(0.1, above=0.0, help="How far a topic reaches, as a part of the ring")
    correlation: float = setting(0.5, low=0.0, below=1.0, help="Correlation of the values of neighbours; 0 = none")
    value_spread: float = setting(1.0, low=0.0, help="Standard deviation of the values")

    def build(self, chance: Chance) -> Columns:
        position = np.arange(self.items) / self.items
        centre = np.arange(self.topics) / self.topics
        way = np.abs(position[:, None] - centre[None, :])
        way = np.minimum(way, 1.0 - way)
        weights = np.exp(-0.5 * (way / self.breadth) ** 2)
        luck = chance.generator("catalogue").standard_normal((2, 1, self.items))
        value = ring_values(luck[0] + 1j * luck[1], self.correlation, self.value_spread)[0]
        return content(
            weights / weights.sum(axis=1, keepdims=True),
            stance=np.cos(2 * np.pi * position),
            position=position,
            value=value,
        )
