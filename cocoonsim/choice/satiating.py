"""The more of a topic people had lately, the less they want of it.

The chance of a click is `most` times true utility (affinity times quality) times exp(-strength x fill), where the fill is
the person's satiation with the item's topics (column `satiation`, moved by the influence rule `fatigue`). Without that
column nobody is ever full.

Also known as: satiation, boredom, diminishing returns, variety seeking.
Why it matters here: a feed that serves only the favourite tires people out, so appetite itself can open a cocoon.
Source: McAlister (1982), A dynamic attribute satiation model of variety-seeking behavior; Leqi et al. (2021), Rebounding
bandits for modeling satiation effects.
"""

from __future__ import annotations

import numpy as np

from cocoonsim.choice import Choice
from cocoonsim.core.arrays import gather
from cocoonsim.core.chance import Dice
from cocoonsim.core.setting import setting
from cocoonsim.core.world import World


class Satiating(Choice):
    most: float = setting(0.5, low=0.0, high=1.0, help="Chance of a click on a perfect item when hungry for it")
    strength: float = setting(1.0, low=0.0, help="How much satiation spoils the appetite; 0 = not at all")

    def choose(self, world: World, users: np.ndarray, feed: np.ndarray, dice: Dice) -> np.ndarray:
        chance = np.float32(self.most) * world.utility(users, feed)
        if "satiation" in world.users and self.strength > 0:
            fill = (gather(world.items.topics, feed) * world.users.satiation[users][:, None, :]).sum(axis=2)
            chance = chance * np.exp(-np.float32(self.strength) * fill.astype(np.float32))
        return (dice.uniform("choice", users, feed.shape[1]) < chance) & (feed >= 0)
