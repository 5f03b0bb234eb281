"""People follow others of another group than their own.

Each time online a user does so with the chance `chance`: somebody of another group whom the user does not follow yet, all as
likely, in exchange for one of the followees (`drop`).

Also known as: bridging ties, cross-cutting contact, heterophilous rewiring.
Why it matters here: contact across groups as a habit rather than a programme (for that, see the intervention of this name).
Source: own; after the contact hypothesis of Allport (1954), The nature of prejudice.
"""

from __future__ import annotations

import numpy as np

from cocoonsim.core.chance import Dice
from cocoonsim.core.world import PlatformView, World
from cocoonsim.rewiring._changes import Following
from cocoonsim.rewiring._groups import from_group


class CrossGroupLinks(Following):
    needs = frozenset({"network", "users.group"})

    def whom(
        self, world: World, users: np.ndarray, feed: np.ndarray, clicks: np.ndarray, dice: Dice,
        platform: PlatformView | None,
    ) -> np.ndarray:  # fmt: skip
        return from_group(world, users, dice, own=False)
