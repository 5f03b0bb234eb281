"""People learn what things are worth from the things they have tried, and from how alike those are.

Every person has a true value for every item (column `true_value`): an own part and `common_weight` times a part that all
share (the item column `value`). At first they hold a normal belief: an own guess as the mean, and a covariance that falls
with the distance of items on the ring. Each clicked item reveals its true value, and the belief about all others is
conditioned on it exactly. The columns `belief_mean` and `belief_var` are what the choice model `risk_averse` goes by.

How: own values are Gaussian around the guess with covariance spread^2 x correlation^(places apart on the ring); guesses are
Gaussian with the variance `guess_variance`. `knows: nothing`: the shared part is unknown too, and the covariance is (1 +
common_weight^2) times that; `common`: a recommender has told the shared part; `everything`: an oracle has told all.

Also known as: Gaussian belief updating, Bayesian learning, Gaussian process regression on a ring.
Why it matters here: a filter bubble of knowledge: people stay near what they know because they cannot judge what is far.
Source: Aridor, Goncalves & Sikdar (2020), Deconstructing the filter bubble: user decision-making and recommender systems.
"""

from __future__ import annotations

import numpy as np

from cocoonsim.core.chance import Dice
from cocoonsim.core.gaussian import condition, ring_covariance, ring_values
from cocoonsim.core.setting import setting
from cocoonsim.core.world import World
from cocoonsim.influence import Influence

_MOST_CELLS = 50_000_000  # 400 MB


class BeliefUpdate(Influence):
    no_new_items = "is about those of the first day only"
    state = ("true_value", "first_guess", "belief_mean", "belief_var", "tried")

    knows: str = setting(
        "nothing", choices=("nothing", "common", "everything"), help="What people are told of the values"
    )
    correlation: float = setting(0.5, low=0.0, below=1.0, help="Correlation of the own values of neighbours")
    spread: float = setting(1.0, above=0.0, help="Standard deviation of own values around the guess")
    common_weight: float = setting(1.0, low=0.0, help="How much the shared part of values counts")
    guess_variance: float = setting(0.1, low=0.0, help="Variance of the first guesses")
    capacity: int = setting(50, low=1, high=1000, unit="items", help="How many tried items are remembered")

    def misfits(self, world: World, slate: int) -> list[tuple[str, str]]:
        for who, n in (("users", world.n_users), ("items, each of which says something of each other", world.n_items)):
            if n * world.n_items > _MOST_CELLS:
                cells = f"{world.n_items:,} items times {n:,} {who}"
                return [("capacity", f"beliefs about everything are kept: {cells}, are too many. Use smaller numbers")]
        return []

    def bytes_per_user(self, n_items: int, n_topics: int) -> int:
        return 4 * 8 * n_items + 4 * self.capacity

    def begin(self, world: World, dice: Dice) -> World:
        users, n = np.arange(world.n_users), world.n_items
        guess = np.sqrt(self.guess_variance) * dice.normal("belief guess", users, n)
        noise = dice.normal("belief value", users, 2 * n)
        own = guess + ring_values(noise[:, :n] + 1j * noise[:, n:], self.correlation, self.spread)
        common = world.items["value"] if "value" in world.items else np.zeros(n)
        value = own + self.common_weight * common
        told = {"nothing": guess, "common": guess + self.common_weight * common, "everything": value}[self.knows]
        variance = 0.0 if self.knows == "everything" else self._scale() * self.spread**2
        return world.with_users(
            true_value=value, first_guess=told, belief_mean=told.copy(), belief_var=np.full(value.shape, variance),
            tried=np.full((world.n_users, self.capacity), -1, np.int32),
        )  # fmt: skip

    def _scale(self) -> float:
        """How much wider the belief is than the own values alone."""
        return 1.0 + self.common_weight**2 if self.knows == "nothing" else 1.0

    def move(
        self, world: World, users: np.ndarray, feed: np.ndarray, clicks: np.ndarray, dice: Dice
    ) -> dict[str, np.ndarray]:
        tried = world.users.tried[users].copy()
        for place in range(feed.shape[1]):
            new = clicks[:, place] & ~(tried == feed[:, place, None]).any(axis=1)
            free = (tried < 0).argmax(axis=1)
            new &= tried[np.arange(len(users)), free] < 0  # a full memory takes in nothing more
            tried[np.flatnonzero(new), free[new]] = feed[new, place]
        if self.knows == "everything":
            return {"tried": tried}
        covariance = self._scale() * ring_covariance(world.users.true_value.shape[1], self.correlation, self.spread)
        mean, variance = condition(world.users.first_guess[users], covariance, tried, world.users.true_value[users])
        return {"tried": tried, "belief_mean": mean, "belief_var": variance}
