"""Items as points in a space of attributes, most of them near its centre.

Each item has a stance of `dims` dimensions, normal (or uniform) around 0: products that differ in size and colour, films in
pace and mood. People are points in the same space, by their opinions, and like what is near. All items have one and the same
topic.

How: stances are kept between -1 and 1; with a normal `spread` of 0.25 that ends at four standard deviations, and moves
one value in 16,000.

Also known as: attribute space, spatial product differentiation, Hotelling space, ideal-point model.
Source: Fleder & Hosanagar (2009), Blockbuster culture's next rise or fall: the impact of recommender systems on sales
diversity (consumers and products normal in the plane).
"""

from __future__ import annotations

import numpy as np

from cocoonsim.catalogue import Catalogue
from cocoonsim.core.chance import Chance
from cocoonsim.core.setting import setting
from cocoonsim.core.world import Columns, content


class Points(Catalogue):
    items: int = setting(100, low=1, help="Number of items at the start", unit="items")
    dims: int = setting(2, low=1, high=32, help="Number of attributes; people's opinions need as many")
    distribution: str = setting("normal", choices=("normal", "uniform"), help="How items are scattered")
    spread: float = setting(
        0.25,
        low=0.0,
        high=1.0,
        help="Standard deviation of normal points; uniform ones lie between minus and plus this",
    )

    def build(self, chance: Chance) -> Columns:
        return self.make(self.items, chance.generator("catalogue"))

    def make(self, n: int, generator: np.random.Generator) -> Columns:
        size = (n, self.dims)
        points = generator.standard_normal(size) if self.distribution == "normal" else generator.uniform(-1, 1, size)
        return content(np.ones((n, 1)), stance=np.clip(self.spread * points, -1.0, 1.0))
