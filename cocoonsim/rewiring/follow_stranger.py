"""People follow somebody whom they know nothing about.

Each time online a user does so with the chance `chance`: anybody the user does not follow yet, all as likely, in exchange for
one of the followees (`drop`).

Also known as: random rewiring, uniform recommendation.
Why it matters here: the control for every other way of finding people; it mixes communities that the others keep apart.
Source: the random rule of Sasahara et al. (2021), Social influence and unfollowing accelerate the emergence of echo chambers.
"""

from __future__ import annotations

import numpy as np

from cocoonsim.core.chance import Dice
from cocoonsim.core.world import PlatformView, World
from cocoonsim.rewiring._changes import Following, strangers


class FollowStranger(Following):
    needs = frozenset({"network"})

    def whom(
        self, world: World, users: np.ndarray, feed: np.ndarray, clicks: np.ndarray, dice: Dice,
        platform: PlatformView | None,
    ) -> np.ndarray:  # fmt: skip
        return strangers(world.follows, users, dice)
