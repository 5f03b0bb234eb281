"""People pick what they believe to be best, minus a penalty for not being sure.

Of the items they look at, people click the one with the largest believed mean - (risk_aversion / 2) x believed variance:
the certainty equivalent of a normal belief. What they believe stands in the columns `belief_mean` and `belief_var`, a
number for each person and item; the influence rule `belief_update` moves them. Of equals, one is taken at random. Exactly
one item is clicked, if the feed holds any.

Also known as: certainty equivalent, mean-variance utility, CARA utility with normal beliefs.
Why it matters here: who fears the unknown stays near what they know, with no algorithm at all; a recommender can then
lead people further out.
Source: Aridor, Goncalves & Sikdar (2020), Deconstructing the filter bubble: user decision-making and recommender systems.
"""

from __future__ import annotations

import numpy as np

from cocoonsim.choice import Choice
from cocoonsim.core.chance import Dice
from cocoonsim.core.setting import setting
from cocoonsim.core.world import World


class RiskAverse(Choice):
    risk_aversion: float = setting(1.0, low=0.0, help="How much uncertainty is feared; 0 = not at all")

    def choose(self, world: World, users: np.ndarray, feed: np.ndarray, dice: Dice) -> np.ndarray:
        there, items, who = feed >= 0, np.maximum(feed, 0), users[:, None]
        if "belief_mean" in world.users:
            worth = np.asarray(world.users.belief_mean[who, items], np.float64)
            if "belief_var" in world.users:
                worth = worth - 0.5 * self.risk_aversion * world.users.belief_var[who, items]
        else:  # whoever has no beliefs knows what they like
            worth = world.utility(users, feed).astype(np.float64)
        worth = np.where(there, worth, -np.inf)
        best = worth == worth.max(axis=1, keepdims=True)
        chosen = np.where(best, dice.uniform("choice", users, feed.shape[1]), np.float32(-1)).argmax(axis=1)
        return there & (np.arange(feed.shape[1]) == chosen[:, None])
