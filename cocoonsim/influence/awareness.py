"""People choose among what they know of, and come to know of what they are shown in the first places.

In the beginning a person knows of an item with the chance w x prominence + (1 - w) x exp(-(d / reach)^2), where d is the
distance between the item's stance and the person's opinion: one knows what is near, and what everybody knows. With
`prominence: central` an item is the more prominent the nearer it is to the middle of the space, exp(-(distance from 0 /
reach)^2); with `none` nothing is known for its prominence. Whoever would know of nothing knows of the item that is nearest.
What stands in the first `places` of a feed is known ever after.

How: what people know is the user column `aware`, true or false for each person and item, by which the choice model
`spatial_logit` goes. Opinions and interests stay as they are.

Also known as: consideration set, awareness set, informative advertising.
Why it matters here: a recommender that tells people of something new widens their choice even where it concentrates sales.
Source: Fleder & Hosanagar (2009), Blockbuster culture's next rise or fall: the impact of recommender systems on sales
diversity.
"""

from __future__ import annotations

import numpy as np

from cocoonsim.core.chance import ALWAYS, Dice
from cocoonsim.core.positions import distances
from cocoonsim.core.setting import setting
from cocoonsim.core.world import World
from cocoonsim.influence import Influence

_MOST = 50_000_000  # pairs of a person and an item: a byte each


class Awareness(Influence):
    state = ("aware",)

    places: int = setting(1, low=0, unit="places", help="How many places of a feed people learn from; 0 = none")
    reach: float = setting(0.15, above=0.0, help="Distance at which the chance to know an item has fallen to 1/e")
    prominence: str = setting("none", choices=("none", "central"), help="What makes an item known to all")
    prominence_weight: float = setting(0.75, low=0.0, high=1.0, help="Weight w of prominence against nearness")

    def misfits(self, world: World, slate: int) -> list[tuple[str, str]]:
        """What everybody knows is kept for every item."""
        found = []
        if world.users.opinion.shape[1] != world.items.stance.shape[1]:
            dims = f"{world.users.opinion.shape[1]} and stances {world.items.stance.shape[1]}"
            found.append(("reach", f"needs people and items in one space, but opinions have dimension {dims}"))
        if world.n_users * world.n_items > _MOST:
            cells = f"{world.n_users:,} users times {world.n_items:,} items"
            found.append(("reach", f"keeps who knows of what: {cells} are too many. Use smaller numbers"))
        return found

    def ready(self, world: World, dice: Dice) -> World:
        known = world.users["aware"] if "aware" in world.users else np.zeros((world.n_users, 0), bool)
        if known.shape[1] == world.n_items and "aware" in world.users:
            return world
        if world.users.opinion.shape[1] != world.items.stance.shape[1]:  # a misfit, told as soon as there is a world
            return world.with_users(aware=np.zeros((world.n_users, world.n_items), bool))
        new = self._known_at_first(world, np.arange(known.shape[1], world.n_items), dice)
        if world.n_items and not known.shape[1]:  # nobody knows of nothing
            near = distances(world.users.opinion, world.items.stance).argmin(axis=1)
            lost = np.flatnonzero(~new.any(axis=1))
            new[lost, near[lost]] = True
        return world.with_users(aware=np.concatenate([known, new], axis=1))

    def _known_at_first(self, world: World, items: np.ndarray, dice: Dice) -> np.ndarray:
        """bool (n_users, n_new): who knows of these items without having been shown them."""
        stance = world.items.stance[items]
        far = distances(world.users.opinion, stance)
        chance = (1.0 - self.prominence_weight) * np.exp(-np.square(far / self.reach))
        if self.prominence == "central":
            middle = distances(np.zeros((1, stance.shape[1])), stance)
            chance = chance + self.prominence_weight * np.exp(-np.square(middle / self.reach))
        return np.asarray(Dice(dice.seed, ALWAYS).pairs("aware", np.arange(world.n_users), items) < chance)

    def move(
        self, world: World, users: np.ndarray, feed: np.ndarray, clicks: np.ndarray, dice: Dice
    ) -> dict[str, np.ndarray]:
        aware = world.users.aware[users].copy()
        told = feed[:, : self.places]
        row, place = np.nonzero(told >= 0)
        aware[row, told[row, place]] = True
        return {"aware": aware}
