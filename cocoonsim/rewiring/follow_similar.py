"""People follow others who say or think what they do.

Each time online a user does so with the chance `chance`: with `by: posts` somebody who made a message that is still around and
whose stance lies within the tolerance of the user's own last one (all such messages as likely; who has posted nothing finds
nobody), with `by: opinion` somebody whose opinion lies within the tolerance of the user's. It is in exchange for one of the
followees (`drop`).

How: every message, or everybody, is looked at for each user who changes a tie.

Also known as: recommendation-based selection, homophilous following, similar accounts.
Why it matters here: similarity at work in who is found, apart from who is left.
Source: the recommendation rule of Sasahara et al. (2021), Social influence and unfollowing accelerate the emergence of echo
chambers.
"""

from __future__ import annotations

import numpy as np

from cocoonsim.core.chance import Dice
from cocoonsim.core.positions import distances
from cocoonsim.core.setting import setting
from cocoonsim.core.world import PlatformView, World
from cocoonsim.rewiring._changes import NOBODY, Following, one_of

_CELLS = 1_000_000  # distances worked out at once: bounds the memory


class FollowSimilar(Following):
    needs = frozenset({"network"})

    by: str = setting("posts", choices=("posts", "opinion"), help="Compare what people post, or what they think")

    def whom(
        self, world: World, users: np.ndarray, feed: np.ndarray, clicks: np.ndarray, dice: Dice,
        platform: PlatformView | None,
    ) -> np.ndarray:  # fmt: skip
        if self.by == "posts":
            live = world.live()
            person, place = world.items.originator[live].astype(np.int64), world.items.stance[live]
            own = np.full(world.n_users, NOBODY, np.int64)
            made = np.flatnonzero(person >= 0)
            own[person[made]] = made  # the last of several stays
            own = own[users]
        else:
            person, place, own = np.arange(world.n_users), world.users.opinion, users
        reach = self._reach(world, users)
        found = np.full(len(users), NOBODY, np.int64)
        asking = np.flatnonzero(own >= 0)
        rows = max(1, _CELLS // max(len(person), 1))
        for low in range(0, asking.size, rows):
            some = asking[low : low + rows]
            row, at = np.nonzero(distances(place[own[some]], place) < reach[some, None])
            found[some] = one_of(row, person[at], world.follows, users[some], dice, distinct=False)
        return found
