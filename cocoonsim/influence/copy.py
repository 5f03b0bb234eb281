"""People now and then take over somebody else's opinion, whole.

With the chance `chance` per step a person copies the opinion of one of those they follow, drawn at random (`among:
followees`), of anybody (`everyone`), or the stance of an item they clicked (`clicked`). All copy what was there before the
step.

Also known as: voter model, invasion process, imitation, herding.
Why it matters here: pure imitation ends in consensus by luck alone; how long that takes is the measure of a network's
cocoons.
Source: Clifford & Sudbury (1973), A model for spatial conflict; Holley & Liggett (1975), Ergodic theorems for weakly
interacting infinite systems and the voter model.
"""

from __future__ import annotations

import numpy as np

from cocoonsim.core.chance import Dice
from cocoonsim.core.setting import setting
from cocoonsim.core.world import World
from cocoonsim.influence import Influence


class Copy(Influence):
    drifts = True

    chance: float = setting(0.1, low=0.0, high=1.0, help="Chance per step to copy somebody")
    among: str = setting("followees", choices=("followees", "everyone", "clicked"), help="Who is copied")

    def misfits(self, world: World, slate: int) -> list[tuple[str, str]]:
        if self.among == "followees" and not world.follows.n_arcs:
            return [("among", "nobody follows anybody. Use a network, or among: everyone")]
        return []

    def move(
        self, world: World, users: np.ndarray, feed: np.ndarray, clicks: np.ndarray, dice: Dice
    ) -> dict[str, np.ndarray]:
        luck = dice.uniform("copy", users, 2).astype(np.float64)
        copies = luck[:, 0] < self.chance
        own = world.users.opinion[users]
        if self.among == "everyone":
            other = np.minimum((luck[:, 1] * (world.n_users - 1)).astype(np.int64), max(world.n_users - 2, 0))
            other += (other >= users) & (world.n_users > 1)
            return {"opinion": np.where(copies[:, None], world.users.opinion[other], own)}
        if self.among == "followees":
            follows = world.follows
            degree = follows.degree[users]
            copies &= degree > 0
            place = np.minimum((luck[:, 1] * degree).astype(np.int64), np.maximum(degree - 1, 0))
            arc = np.minimum(follows.starts[users] + place, max(follows.n_arcs - 1, 0))
            other = follows.targets[arc] if follows.n_arcs else users
            return {"opinion": np.where(copies[:, None], world.users.opinion[other], own)}
        count = clicks.sum(axis=1)
        copies &= count > 0
        wanted = np.minimum((luck[:, 1] * count).astype(np.int64), np.maximum(count - 1, 0)) + 1
        place = ((np.cumsum(clicks, axis=1) == wanted[:, None]) & clicks).argmax(axis=1)
        item = np.maximum(feed[np.arange(len(users)), place], 0)
        stance = world.items.stance[item]
        if stance.shape[1] != own.shape[1]:  # content speaks to the first dimensions only
            stance = np.concatenate([stance, own[:, stance.shape[1] :]], axis=1)[:, : own.shape[1]]
        return {"opinion": np.where(copies[:, None], stance, own)}
