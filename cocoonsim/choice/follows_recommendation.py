"""People take what is put in the first place, unless they look for themselves.

With the chance `trust` a person clicks the first item of the feed, whatever it is; otherwise the one they truly like best
among those they look at (affinity times quality; of equals one at random).

Also known as: recommendation acceptance, default effect, obedience to the recommender.
Why it matters here: between a perfect guide and a perfect seducer lies how often people follow.
Source: own; acceptance probability r as in Hazrati & Ricci (2022), Recommender systems effect on the evolution of users'
choices distribution.
"""

from __future__ import annotations

import numpy as np

from cocoonsim.choice import Choice
from cocoonsim.core.chance import Dice
from cocoonsim.core.setting import setting
from cocoonsim.core.world import World


class FollowsRecommendation(Choice):
    trust: float = setting(0.5, low=0.0, high=1.0, help="Chance per step to take what stands first")

    def choose(self, world: World, users: np.ndarray, feed: np.ndarray, dice: Dice) -> np.ndarray:
        there = feed >= 0
        utility = np.where(there, world.utility(users, feed), np.float32(-1))
        best = utility == utility.max(axis=1, keepdims=True)
        own = np.where(best, dice.uniform("choice", users, feed.shape[1]), np.float32(-1)).argmax(axis=1)
        follows = dice.uniform("trust", users)[:, 0] < np.float32(self.trust)
        taken = np.where(follows, there.argmax(axis=1), own)
        return there & (np.arange(feed.shape[1]) == taken[:, None])
