"""News from two sides: the more extreme, the more inflammatory and the poorer.

An outlet stands left or right; its items' stances are normal around minus or plus `centre`, and its topics lean to its own
side (`lean`, as in the population `two_camps`). How extreme an item is, the distance of its stance from 0, raises its
arousal and lowers its quality, each with noise on top. Items that are both inflammatory and poor are flagged as harmful.
The group of an item is the side of its outlet: 0 left, 1 right.

What is beyond the allowed range is moved to its end: stances to -1 or 1, arousal and quality to 0 or 1.

Also known as: polarised media, partisan outlets, hyperpartisan news, engagement bait.
Why it matters here: a policy that ranks by engagement finds the inflammatory; what that costs in quality, and on which
side, can only be seen where the two hang together.
Source: own; the joint pattern of leaning, factuality and engagement is that of Silverman et al. (2016), Hyperpartisan
Facebook pages are publishing false and misleading information at an alarming rate.
"""

from __future__ import annotations

import numpy as np

from cocoonsim.catalogue import Catalogue
from cocoonsim.core.chance import Chance
from cocoonsim.core.leaning import dirichlet_rows, leaning_weights
from cocoonsim.core.setting import setting
from cocoonsim.core.world import Columns, content


class PartisanNews(Catalogue):
    items: int = setting(1000, low=1, help="Number of items at the start", unit="items")
    topics: int = setting(20, low=1, high=1000, help="Number of topics", unit="topics")
    concentration: float = setting(0.1, above=0.0, help="Breadth of items: small = one topic each, large = all topics")
    lean: float = setting(1.0, low=0.0, high=20.0, help="How far topics lean to the outlet's side; 0 = not at all")
    right_share: float = setting(0.5, low=0.0, high=1.0, help="Share of items from outlets of the right, group 1")
    centre: float = setting(0.5, low=0.0, high=1.0, help="Mean stance of the right; minus this of the left")
    spread: float = setting(0.25, low=0.0, high=2.0, help="Standard deviation of stances within a side")
    arousal_base: float = setting(0.2, low=0.0, high=1.0, help="Mean arousal of an item with stance 0")
    arousal_rise: float = setting(0.5, low=0.0, high=1.0, help="How much more arousal an item with stance -1 or 1 has")
    quality_base: float = setting(0.9, low=0.0, high=1.0, help="Mean quality of an item with stance 0")
    quality_fall: float = setting(0.5, low=0.0, high=1.0, help="How much less quality an item with stance -1 or 1 has")
    noise: float = setting(0.15, low=0.0, high=1.0, help="Spread of arousal and quality around what extremity says")
    harmful_arousal: float = setting(0.6, low=0.0, high=1.0, help="From this arousal on an item may be harmful")
    harmful_quality: float = setting(0.5, low=0.0, high=1.0, help="Below this quality an inflammatory item is harmful")

    def build(self, chance: Chance) -> Columns:
        return self.make(self.items, chance.generator("catalogue"))

    def make(self, n: int, generator: np.random.Generator) -> Columns:
        group = (generator.random(n) < self.right_share).astype(np.int64)
        weights = leaning_weights(np.array([-1.0, 1.0]), self.topics, self.lean)
        topics = dirichlet_rows((self.concentration * self.topics * weights)[group], generator)
        stance = self.centre * (2.0 * group - 1.0) + self.spread * generator.standard_normal(n)
        stance = np.clip(stance, -1.0, 1.0)
        extremity = np.abs(stance)
        luck = self.noise * generator.standard_normal((2, n))
        arousal = np.clip(self.arousal_base + self.arousal_rise * extremity + luck[0], 0.0, 1.0)
        quality = np.clip(self.quality_base - self.quality_fall * extremity + luck[1], 0.0, 1.0)
        harmful = (arousal >= self.harmful_arousal) & (quality < self.harmful_quality)
        return content(topics, stance=stance, quality=quality, arousal=arousal, harmful=harmful, group=group)
