"""Pick one thing among those one knows of: the nearer the better, and what is recommended has a bonus.

The appeal of an item is -sensitivity x log(distance between its stance and the person's opinion), plus `salience` x
`salience_discount`^(rank - 1) if it stands in one of the first `recommended` places, plus luck (a Gumbel number): the chance
of a choice is proportional to distance^-sensitivity, times e^salience for the item recommended. The choice is among what
people know of (the column `aware`, which the influence rule `awareness` brings; without it all that is in the feed) and what is
recommended. Whoever knows of nothing in the feed picks nothing.

How: distances below `floor` count as that. With `recommended: 0` the feed is a shelf, and its order means nothing.

Also known as: multinomial logit with spatial utilities, ideal-point choice, discrete choice with awareness and salience.
Source: Fleder & Hosanagar (2009), Blockbuster culture's next rise or fall: the impact of recommender systems on sales
diversity; the discount of salience as in Bountouridis et al. (2019), SIREN.
"""

from __future__ import annotations

import numpy as np

from cocoonsim.choice import Choice
from cocoonsim.core.chance import Dice
from cocoonsim.core.positions import distances
from cocoonsim.core.setting import setting
from cocoonsim.core.world import World


class SpatialLogit(Choice):
    sensitivity: float = setting(10.0, low=0.0, help="How much nearness counts against luck; 0 = pure luck")
    salience: float = setting(5.0, low=0.0, help="Bonus of what is recommended in the first place")
    salience_discount: float = setting(0.9, low=0.0, high=1.0, help="What is left of the bonus from place to place")
    recommended: int = setting(1, low=0, unit="places", help="How many places of the feed are a recommendation")
    floor: float = setting(1e-6, above=0.0, help="Distances below this count as this")

    def choose(self, world: World, users: np.ndarray, feed: np.ndarray, dice: Dice) -> np.ndarray:
        items, place = np.maximum(feed, 0), np.arange(feed.shape[1])
        far = np.maximum(distances(world.users.opinion[users], world.items.stance[items]), self.floor)
        bonus = self.salience * self.salience_discount ** place.astype(np.float64)
        appeal = -self.sensitivity * np.log(far) + np.where(place < self.recommended, bonus, 0.0)
        known = np.ones(feed.shape, bool)
        if "aware" in world.users:
            aware = world.users.aware
            there = items < aware.shape[1]
            known = there & aware[users[:, None], np.where(there, items, 0)]
        open_to = (feed >= 0) & (known | (place < self.recommended))
        luck = dice.pairs("choice", users, items).astype(np.float64)  # by item: the same taste of the day in any place
        total = np.where(open_to, appeal - np.log(-np.log(luck)), -np.inf)
        return open_to & (place == total.argmax(axis=1)[:, None])
