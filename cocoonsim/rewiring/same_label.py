"""People follow others of their own group.

Each time online a user does so with the chance `chance`: somebody of the same group whom the user does not follow yet, all as
likely, in exchange for one of the followees (`drop`).

Also known as: homophily by label, choice homophily, assortative rewiring.
Why it matters here: how far a wish for one's own kind alone goes; no opinion and no algorithm is involved.
Source: rewiring to the like as in Holme & Newman (2006), Nonequilibrium phase transition in the coevolution of networks and
opinions.
"""

from __future__ import annotations

import numpy as np

from cocoonsim.core.chance import Dice
from cocoonsim.core.world import PlatformView, World
from cocoonsim.rewiring._changes import Following
from cocoonsim.rewiring._groups import from_group


class SameLabel(Following):
    needs = frozenset({"network", "users.group"})

    def whom(
        self, world: World, users: np.ndarray, feed: np.ndarray, clicks: np.ndarray, dice: Dice,
        platform: PlatformView | None,
    ) -> np.ndarray:  # fmt: skip
        return from_group(world, users, dice, own=True)
