"""People follow those whose words reached them through others and whom they agreed with.

Each time online a user does so with the chance `chance`: the originator of something in the feed that was clicked, if the user
does not follow them yet (all such people as likely), in exchange for one of the followees (`drop`). What a followee passes on
has another originator than author; where people see what strangers post, it is the way to follow them.

Also known as: repost-based selection, following via retweets, following back the source.
Why it matters here: reposts carry likeable strangers across the network, so communities form around what is agreed on.
Source: the repost rule of Sasahara et al. (2021), Social influence and unfollowing accelerate the emergence of echo chambers.
"""

from __future__ import annotations

import numpy as np

from cocoonsim.core.chance import Dice
from cocoonsim.core.world import PlatformView, World
from cocoonsim.rewiring._changes import Following, one_of


class FollowOriginator(Following):
    needs = frozenset({"network", "authors"})

    def whom(
        self, world: World, users: np.ndarray, feed: np.ndarray, clicks: np.ndarray, dice: Dice,
        platform: PlatformView | None,
    ) -> np.ndarray:  # fmt: skip
        row, place = np.nonzero(clicks & (feed >= 0))
        originator = world.items.originator[feed[row, place]].astype(np.int64)
        return one_of(row, originator, world.follows, users, dice, distinct=True)
