"""People give more weight to what supports what they think already.

Opinions are read as degrees of support between 0 and 1, (opinion + 1) / 2. A person with support x hears s = the sum of
their followees' support and d = how many they are. What speaks for it counts x^bias, what speaks against it (1 - x)^bias: x
becomes (own_weight x + x^bias s) / (own_weight + x^bias s + (1 - x)^bias (d - s)). Nobody's feed matters.

Also known as: biased opinion formation process, confirmation bias, biased assimilation.
Why it matters here: with a bias of 1 and more, mixed evidence drives people apart, although all hear the same.
Source: Dandekar, Goel & Lee (2013), Biased assimilation, homophily, and the dynamics of polarization; Lord, Ross & Lepper
(1979).
"""

from __future__ import annotations

import numpy as np

from cocoonsim.core.chance import Dice
from cocoonsim.core.setting import setting
from cocoonsim.core.world import World
from cocoonsim.influence import Influence


class BiasedAssimilation(Influence):
    drifts = True
    keeps_consensus = False  # who all agree a little convince each other of more
    needs = frozenset({"network"})

    bias: float = setting(1.0, low=0.0, high=100.0, help="How much what fits counts more; 0 = plain averaging")
    own_weight: float = setting(1.0, above=0.0, help="Weight of the own opinion against one followee's")

    def misfits(self, world: World, slate: int) -> list[tuple[str, str]]:
        if (np.abs(world.users.opinion) > 1).any():
            return [("bias", "needs opinions between -1 and 1, but some lie outside. Choose a population within")]
        return []

    def move(
        self, world: World, users: np.ndarray, feed: np.ndarray, clicks: np.ndarray, dice: Dice
    ) -> dict[str, np.ndarray]:
        support = (world.users.opinion + 1.0) / 2.0
        x = support[users]
        row, followee = world.follows.arcs_of(users)
        weight = (
            np.ones(row.size) if world.follows.weights is None else world.follows.weights[world.follows._arcs(users)[1]]
        )
        heard = np.bincount(row, weight, len(users))[:, None]
        said = np.stack(
            [np.bincount(row, weight * support[followee, d], len(users)) for d in range(x.shape[1])], axis=1
        )
        pro, contra = x**self.bias * said, (1.0 - x) ** self.bias * np.maximum(heard - said, 0.0)
        after = (self.own_weight * x + pro) / (self.own_weight + pro + contra)
        return {"opinion": np.where(heard > 0, np.clip(2.0 * after - 1.0, -1.0, 1.0), world.users.opinion[users])}
