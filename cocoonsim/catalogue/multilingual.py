"""Several communities write for themselves; a few items can be read by all.

Every item belongs to a community (its `group`), the first with the share `first_share` of the items, the others equally. Items
are closed to people of other communities, as texts in another language are, but for a share of `bridges`. Topics are random
mixtures; the stances of a community's items are normal around its own place on the opinion axis, which communities share
out evenly between -`gap`/2 and `gap`/2.

Also known as: language communities, cultural islands, segregated media with bridge items.
Why it matters here: between cultures the first filter is what one can read at all; the ranking comes second.
Source: own; bridges between language communities as in Hale (2012), Net increase? Cross-lingual linking in the blogosphere.
"""

from __future__ import annotations

import numpy as np

from cocoonsim.catalogue import Catalogue
from cocoonsim.core.chance import Chance, mixtures
from cocoonsim.core.setting import setting
from cocoonsim.core.world import Columns, content


class Multilingual(Catalogue):
    items: int = setting(1000, low=1, help="Number of items at the start", unit="items")
    topics: int = setting(20, low=1, high=1000, help="Number of topics", unit="topics")
    communities: int = setting(2, low=1, high=1000, help="Number of communities; people's groups are the same")
    first_share: float = setting(0.5, low=0.0, high=1.0, help="Share of items from the first community, group 0")
    bridges: float = setting(0.05, low=0.0, high=1.0, help="Share of items that everybody can read")
    gap: float = setting(1.0, low=0.0, high=2.0, help="How far the first and the last community are apart in stance")
    spread: float = setting(0.2, low=0.0, high=2.0, help="Standard deviation of stances within a community")
    concentration: float = setting(0.1, above=0.0, help="Breadth of items: small = one topic each, large = all topics")

    def build(self, chance: Chance) -> Columns:
        return self.make(self.items, chance.generator("catalogue"))

    def make(self, n: int, generator: np.random.Generator) -> Columns:
        topics = mixtures(generator, self.concentration, self.topics, n)
        luck = generator.random(n)
        share = self.first_share if self.communities > 1 else 1.0
        rest = np.floor((luck - share) / max(1.0 - share, 1e-12) * (self.communities - 1)).astype(np.int64)
        group = np.where(luck < share, 0, np.clip(rest + 1, 1, max(self.communities - 1, 1)))
        place = np.linspace(-self.gap / 2, self.gap / 2, self.communities) if self.communities > 1 else np.zeros(1)
        stance = np.clip(place[group] + self.spread * generator.standard_normal(n), -1.0, 1.0)
        return content(topics, stance=stance, group=group, closed=generator.random(n) >= self.bridges)
