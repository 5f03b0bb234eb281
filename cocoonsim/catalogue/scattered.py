"""Items are points, scattered over the space of opinions.

Each stance is drawn evenly between `low` and `high` in each of the `dimensions`, whatever the topic; the topic is one of
`topics`, all as likely. With a `spread` above 0 stances are normal around the middle instead, most of them near it: products
that differ in a few attributes. With `items: 0` there is nothing at the beginning: all content is published as the run goes on.

How: normal stances beyond an end are moved to it; with a spread of a quarter of the way to the end, one in 16,000 is.

Also known as: bits of information, random arguments, issue space; attribute space, ideal-point model (normal).
Why it matters here: supply is as broad as can be and never changes, so all narrowing is made by those who filter.
Source: Geschke, Lorenz & Holtz (2019), The triple-filter bubble (bits of information in a plane of attitudes); Fleder &
Hosanagar (2009), Blockbuster culture's next rise or fall (products normal in the plane).
"""

from __future__ import annotations

import numpy as np

from cocoonsim.catalogue import Catalogue
from cocoonsim.core.chance import Chance
from cocoonsim.core.setting import setting
from cocoonsim.core.world import Columns, content


class Scattered(Catalogue):
    items: int = setting(1000, low=0, help="Number of items at the start", unit="items")
    topics: int = setting(1, low=1, high=1000, help="Number of topics", unit="topics")
    dimensions: int = setting(2, low=1, high=32, help="Number of dimensions of stances")
    low: float = setting(-1.0, help="The smallest stance in each dimension")
    high: float = setting(1.0, help="The largest")
    spread: float = setting(0.0, low=0.0, help="Standard deviation of normal stances; 0 = they are scattered evenly")

    def problems(self) -> list[tuple[str, str]]:
        return [("low", f"low = {self.low:g} is not below high = {self.high:g}")] if self.low >= self.high else []

    def build(self, chance: Chance) -> Columns:
        return self.make(self.items, chance.generator("catalogue"))

    def make(self, n: int, generator: np.random.Generator) -> Columns:
        size = (n, self.dimensions)
        if self.spread > 0:
            middle = (self.low + self.high) / 2
            stance = np.clip(middle + self.spread * generator.standard_normal(size), self.low, self.high)
        else:
            stance = generator.uniform(self.low, self.high, size)
        topics = np.eye(self.topics, dtype=np.float32)[generator.integers(0, self.topics, n)]
        return content(topics, stance=stance)
