"""People unfollow someone they disagree with, and follow a stranger instead.

Each user who is online does so with the chance `chance` per step, if there is anybody to unfollow: a followee whose opinion
is at least the tolerance away (`by: opinion`), or the author of an item in today's feed whose stance is (`by: feed`). One
of these is dropped at random; the new followee is drawn from all whom the user does not follow yet. Who follows everybody
keeps their ties. So everybody follows as many people as before.

Also known as: homophilous rewiring, unfriending, selective tie dissolution.
Why it matters here: together with bounded confidence it splits a mixed network into echo chambers, with no algorithm at all.
Source: Sasahara et al. (2021), Social influence and unfollowing accelerate the emergence of echo chambers (random rule).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from cocoonsim.core.chance import Dice
from cocoonsim.core.follows import Follows
from cocoonsim.core.setting import setting
from cocoonsim.core.world import World
from cocoonsim.rewiring import Rewiring


class UnfollowDiscordant(Rewiring):
    needs = frozenset({"network"})

    chance: float = setting(0.1, low=0.0, high=1.0, help="Chance per step that a user reconsiders whom to follow")
    tolerance: float = setting(
        0.0, low=0.0, help="Distances from this on are too far; 0 = each person's own tolerance decides"
    )
    by: str = setting(
        "opinion", choices=("opinion", "feed"), help="Judge followees by opinion, or by what the feed shows"
    )

    def update(self, world: World, users: np.ndarray, feed: np.ndarray, clicks: np.ndarray, dice: Dice) -> World:
        willing = dice.uniform("unfollow", users)[:, 0] < self.chance
        willing &= world.follows.degree[users] < world.n_users - 1
        users, feed = users[willing], feed[willing]
        row, followee = world.follows.arcs_of(users)
        discordant = self._far(world, users[row], followee) if self.by == "opinion" else None
        if discordant is None:
            discordant = self._shown_far(world, users, feed, row, followee)
        row, followee = row[discordant], followee[discordant]
        if not row.size:
            return world
        luck = dice.pairs("unfollow whom", users[row], followee[:, None])[:, 0]
        order = np.lexsort((luck, row))
        last = order[np.append(row[order][1:] != row[order][:-1], True)]  # the luckiest of each user
        return replace(world, follows=_rewired(world.follows, users[row[last]], followee[last], dice))

    def _far(self, world: World, users: np.ndarray, others: np.ndarray) -> np.ndarray:
        """bool: whether the opinions of `others` are too far from those of `users`."""
        return self._too_far(world, users, world.users.opinion[others])

    def _shown_far(
        self, world: World, users: np.ndarray, feed: np.ndarray, row: np.ndarray, followee: np.ndarray
    ) -> np.ndarray:
        """bool: whether the follow of `followee` by `users[row]` brought an item that is too far away into the feed."""
        who, place = np.nonzero(feed >= 0)
        item = feed[who, place]
        far = self._too_far(world, users[who], world.items.stance[item])
        posters = who[far] * np.int64(world.n_users) + world.items.author[item[far]]
        posters = posters[world.items.author[item[far]] >= 0]
        return np.isin(row * np.int64(world.n_users) + followee, posters)

    def _too_far(self, world: World, users: np.ndarray, places: np.ndarray) -> np.ndarray:
        gap = places - world.users.opinion[users]
        reach = self.tolerance if self.tolerance > 0 else world.users.tolerance[users]
        return np.sqrt((gap * gap).sum(axis=1)) >= reach


def _rewired(follows: Follows, users: np.ndarray, dropped: np.ndarray, dice: Dice) -> Follows:
    """The follows in which each of `users` follows a stranger instead of the one `dropped`; rows stay sorted."""
    row, followee = follows.arcs_of(users)
    known = np.concatenate([users, followee]).astype(np.int64)
    owner = np.concatenate([np.arange(users.size), row])
    order = np.lexsort((known, owner))
    known, owner = known[order], owner[order]
    counts = np.bincount(owner, minlength=users.size)
    place = np.arange(owner.size) - np.repeat(np.cumsum(counts) - counts, counts)
    # the k-th stranger is k, plus one for every known person on the way: those with at most k strangers before them
    bits = (dice.bits("follow whom", users)[:, 0] >> np.uint64(32)) * (follows.n_users - counts).astype(np.uint64)
    nth = (bits >> np.uint64(32)).astype(np.int64)
    stranger = nth + np.bincount(owner, known - place <= nth[owner], users.size).astype(np.int64)

    new = np.where(followee == dropped[row], stranger[row], followee)
    order = np.lexsort((new, row))
    degree = follows.degree[users]
    at = np.repeat(follows.starts[users] - (np.cumsum(degree) - degree), degree) + np.arange(row.size)
    targets = follows.targets.copy()
    targets[at] = new[order]
    return Follows(follows.starts, targets)
