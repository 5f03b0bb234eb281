"""Each user is online at a rate of their own.

In every step a user comes with the chance that stands in the column `activity` (times `scale`), drawn for the user and the
step alone; all who come act at the same time.

Also known as: heterogeneous activity, activity-driven participation.
Why it matters here: a few very active people give a platform most of its data, and most of its content.
Source: Perra, Goncalves, Pastor-Satorras & Vespignani (2012), Activity driven modeling of time varying networks.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from cocoonsim.activity import Activity
from cocoonsim.core.chance import Dice
from cocoonsim.core.setting import setting
from cocoonsim.core.world import World


class Individual(Activity):
    scale: float = setting(1.0, low=0.0, help="Everybody's activity is multiplied by this; chances end at 1")

    def batches(self, world: World, dice: Dice) -> Iterator[np.ndarray]:
        users = np.arange(world.n_users)
        yield users[dice.uniform("activity individual", users)[:, 0] < self.scale * world.users.activity]

    def misfits(self, world: World, slate: int) -> list[tuple[str, str]]:
        activity = world.users.activity
        if (activity < 0).any() or not np.isfinite(activity).all():
            return [("scale", "the column activity holds negative or missing values; give rates of 0 and more")]
        return []
