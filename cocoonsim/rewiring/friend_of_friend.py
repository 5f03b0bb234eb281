"""People follow whom those they follow follow.

Each time online a user does so with the chance `chance`: somebody followed by a followee whom the user does not follow yet,
all such people as likely (`by_paths`: the more followees follow them, the likelier), in exchange for one of the followees
(`drop`).

Also known as: triadic closure, transitive closure, friends of friends, refriending.
Why it matters here: it needs no opinion and no algorithm, yet it makes communities denser and keeps them apart.
Source: Holme & Kim (2002), Growing scale-free networks with tunable clustering; as the new tie of an ended one in Geschke,
Lorenz & Holtz (2019), The triple-filter bubble.
"""

from __future__ import annotations

import numpy as np

from cocoonsim.core.chance import Dice
from cocoonsim.core.setting import setting
from cocoonsim.core.world import PlatformView, World
from cocoonsim.rewiring._changes import Following, one_of


class FriendOfFriend(Following):
    needs = frozenset({"network"})

    by_paths: bool = setting(False, help="Who is followed by more of one's followees is likelier to be found")

    def whom(
        self, world: World, users: np.ndarray, feed: np.ndarray, clicks: np.ndarray, dice: Dice,
        platform: PlatformView | None,
    ) -> np.ndarray:  # fmt: skip
        row, friend = world.follows.arcs_of(users)
        step, person = world.follows.arcs_of(friend)
        return one_of(row[step], person, world.follows, users, dice, distinct=not self.by_paths)
