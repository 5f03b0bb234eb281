"""People only take in what does not stray too far from their own opinion.

An item passes when the distance between its stance and the person's opinion (Euclidean) is small enough. With `gate: hard`
it passes below the tolerance and never above; with `gate: hill` it passes with the chance L^k / (d^k + L^k): surely at
distance 0, with one half at the tolerance L, hardly ever far beyond it, the more sharply the larger k.

How: `tolerance: 0` uses each person's own column `tolerance`. At the border itself (d = L) the hard gate is shut unless
`inclusive`.

Also known as: bounded confidence, selective exposure, latitude of acceptance, confirmation bias.
Why it matters here: people have a filter of their own; it is the control for what an algorithm's filter adds.
Source: Deffuant et al. (2000), Mixing beliefs among interacting agents (hard); Geschke, Lorenz & Holtz (2019), The
triple-filter bubble (hill).
"""

from __future__ import annotations

import numpy as np

from cocoonsim.choice import Choice
from cocoonsim.core.arrays import lengths
from cocoonsim.core.chance import Dice
from cocoonsim.core.setting import setting
from cocoonsim.core.world import World


class ConfidenceGate(Choice):
    tolerance: float = setting(0.0, low=0.0, help="How far a stance may be; 0 = each person's own tolerance decides")
    gate: str = setting("hard", choices=("hard", "hill"), help="Whether the border is a wall or a slope")
    sharpness: float = setting(20.0, above=0.0, high=1000.0, help="How steep the slope is (hill only)")
    inclusive: bool = setting(False, help="The hard gate is open at the border itself")

    def choose(self, world: World, users: np.ndarray, feed: np.ndarray, dice: Dice) -> np.ndarray:
        gap = world.items.stance[np.maximum(feed, 0)] - world.users.opinion[users][:, None, :]
        distance = lengths(gap)
        own = world.users.tolerance[users].astype(np.float64)[:, None]
        reach = np.float64(self.tolerance) if self.tolerance > 0 else own
        if self.gate == "hill":
            passes = dice.uniform("choice", users, feed.shape[1]) < hill(distance, reach, self.sharpness)
        else:
            passes = distance <= reach if self.inclusive else distance < reach
        return passes & (feed >= 0)


def hill(distance: np.ndarray, reach: np.ndarray | np.float64, sharpness: float) -> np.ndarray:
    """L^k / (d^k + L^k) without overflow; 1 at distance 0, and 0 beyond it where the reach is 0.

    >>> hill(np.array([0.0, 0.3, 0.6]), np.float64(0.3), 1.0).round(3).tolist()
    [1.0, 0.5, 0.333]
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        power = sharpness * (np.log(distance) - np.log(reach))
    power = np.where(distance > 0, power, -np.inf)
    return 1.0 / (1.0 + np.exp(np.minimum(power, 700.0)))
