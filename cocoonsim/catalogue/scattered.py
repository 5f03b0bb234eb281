"""Items are points, scattered evenly over the space of opinions.

Each stance is drawn evenly between `low` and `high` in each of the `dimensions`, whatever the topic; the topic is one of
`topics`, all as likely. With `items: 0` there is nothing at the beginning: all content is published as the run goes on.

Also known as: bits of information, random arguments, issue space.
Why it matters here: supply is as broad as can be and never changes, so all narrowing is made by those who filter.
Source: Geschke, Lorenz & Holtz (2019), The triple-filter bubble (bits of information in a plane of attitudes).
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

    def problems(self) -> list[tuple[str, str]]:
        return [("low", f"low = {self.low:g} is not below high = {self.high:g}")] if self.low >= self.high else []

    def build(self, chance: Chance) -> Columns:
        return self.make(self.items, chance.generator("catalogue"))

    def make(self, n: int, generator: np.random.Generator) -> Columns:
        stance = generator.uniform(self.low, self.high, (n, self.dimensions))
        topics = np.eye(self.topics, dtype=np.float32)[generator.integers(0, self.topics, n)]
        return content(topics, stance=stance)
