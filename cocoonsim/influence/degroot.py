"""People move to the mean opinion of those they follow.

A person's new opinion is a weighted mean of their own and their followees' opinions. Without weights on the ties all
followees count the same and the person's own opinion weighs `own_weight`; with weights (from a file) an opinion weighs what
its tie says, and what is missing from 1 stays with the person. Nobody's feed matters.

How: x <- x + sum of weight x (x_followee - x); in continuous time the sum is the rate of change.

Also known as: DeGroot learning, linear averaging, Abelson model (in continuous time), consensus dynamics.
Why it matters here: with nothing but averaging, a connected network ends in consensus: the baseline that every cocoon must
beat.
Source: DeGroot (1974), Reaching a consensus; Abelson (1964), Mathematical models of the distribution of attitudes under
controversy.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from cocoonsim.core.chance import Dice
from cocoonsim.core.setting import setting
from cocoonsim.core.world import World
from cocoonsim.influence import Influence, heavy_ties


class Degroot(Influence):
    drifts = True
    needs = frozenset({"network"})

    own_weight: float = setting(0.5, low=0.0, high=1.0, help="Weight of the own opinion, where ties have no weights")

    def misfits(self, world: World, slate: int) -> list[tuple[str, str]]:
        return heavy_ties(world)

    def slope(
        self, world: World, users: np.ndarray, feed: np.ndarray, clicks: np.ndarray, dice: Dice, contacts: Any
    ) -> dict[str, np.ndarray]:
        return {"opinion": world.follows.pull(world.users.opinion, users, self.own_weight)}
