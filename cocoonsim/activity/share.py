"""A share of the users is online in each step, drawn anew, all at the same time.

Whether a user is online is drawn for the user and the step: it depends neither on the others nor on what happens.

Also known as: asynchronous update, random activation, participation rate.
Source: own; random activation as in Deffuant et al. (2000), Mixing beliefs among interacting agents.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from cocoonsim.activity import Activity
from cocoonsim.core.chance import Dice
from cocoonsim.core.setting import setting
from cocoonsim.core.world import World


class Share(Activity):
    share: float = setting(0.5, low=0.0, high=1.0, help="Share of users who are online in a step")

    def batches(self, world: World, dice: Dice) -> Iterator[np.ndarray]:
        users = np.arange(world.n_users)
        yield users[dice.uniform("activity share", users)[:, 0] < self.share]
