"""Click the one item that is worth most after attention, if it is good enough.

Of the items whose true utility (affinity times quality) reaches `threshold`, people click the one with the largest
utility times rank^-attention_decay. Of equals, one is taken at random. Nobody clicks when nothing reaches the threshold;
with a threshold of 0 everybody clicks something.

Also known as: rational choice, deterministic choice, utility maximisation.
Source: the choice rule of Chaney, Stewart & Engelhardt (2018), How algorithmic confounding increases homogeneity.
"""

from __future__ import annotations

import numpy as np

from cocoonsim.choice import Choice
from cocoonsim.core.chance import Dice
from cocoonsim.core.setting import setting
from cocoonsim.core.world import World


class Argmax(Choice):
    attention_decay: float = setting(0.8, low=0.0, help="How fast attention falls with the place in the feed: rank^-a")
    threshold: float = setting(0.0, low=0.0, high=1.0, help="Least true utility that is worth a click")

    def choose(self, world: World, users: np.ndarray, feed: np.ndarray, dice: Dice) -> np.ndarray:
        slate = feed.shape[1]
        utility = world.utility(users, feed)
        good = (feed >= 0) & (utility >= np.float32(self.threshold))
        attention = np.arange(1, slate + 1, dtype=np.float32) ** np.float32(-self.attention_decay)
        value = np.where(good, utility * attention, np.float32(-1))
        equals = value == value.max(axis=1, keepdims=True)
        chosen = np.where(equals, dice.uniform("choice", users, slate), np.float32(-1)).argmax(axis=1)
        return (np.arange(slate) == chosen[:, None]) & good
