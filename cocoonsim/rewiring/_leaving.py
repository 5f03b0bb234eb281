"""Who may be left: the ties that people would rather not have."""

from __future__ import annotations

import numpy as np

from cocoonsim.core.arrays import lengths
from cocoonsim.core.chance import Dice
from cocoonsim.core.world import World

Ties = tuple[np.ndarray, np.ndarray, np.ndarray]
"""(position in `users`, number by which luck is drawn, followee)."""


def leavable(by: str, world: World, users: np.ndarray, feed: np.ndarray, clicks: np.ndarray, reach: np.ndarray) -> Ties:
    """The ties that may be left, judged `by` opinion, feed or clicks, or anybody's; by a feed, one for each of its items."""
    if by in ("feed", "clicks"):
        who, place = np.nonzero((feed >= 0) & ~clicks if by == "clicks" else feed >= 0)
        item = feed[who, place]
        if by == "feed":
            far = lengths(world.items.stance[item] - world.users.opinion[users[who]]) >= reach[who]
            who, item = who[far], item[far]
        author = world.items.author[item].astype(np.int64)
        if len(users) == 1:
            ours = (author[:, None] == world.follows.of(int(users[0]))).any(axis=1)
            return who[ours], item[ours], author[ours]
        keys = world.follows.keys(users)
        wanted = who * np.int64(world.n_users) + author
        at = np.minimum(np.searchsorted(keys, wanted), keys.size - 1)
        ours = (author >= 0) & (keys[at] == wanted) & (author != users[who])
        return who[ours], item[ours], author[ours]
    row, followee = world.follows.arcs_of(users)
    if by == "opinion":
        far = lengths(world.users.opinion[followee] - world.users.opinion[users[row]]) >= reach[row]
        row, followee = row[far], followee[far]
    return row, followee, followee


def luckiest(
    users: np.ndarray, row: np.ndarray, tag: np.ndarray, followee: np.ndarray, dice: Dice
) -> tuple[np.ndarray, np.ndarray]:
    """(position in `users`, followee): of each user's ties one, all as likely."""
    if len(users) == 1 and row.size:
        luck = dice.pairs("unfollow whom", users, tag)[0]
        last = luck.size - 1 - int(luck[::-1].argmax())  # of equals the last
        return row[last : last + 1], followee[last : last + 1]
    luck = dice.pairs("unfollow whom", users[row], tag[:, None])[:, 0]
    order = np.lexsort((luck, row))
    last = order[np.append(row[order][1:] != row[order][:-1], True)] if row.size else order
    return row[last], followee[last]


def torn(
    world: World, users: np.ndarray, reach: np.ndarray, sharpness: float, chance: float, dice: Dice
) -> tuple[np.ndarray, np.ndarray]:
    """(position in `users`, followee): ties that end, each by itself, the likelier the further apart the two are."""
    row, followee = world.follows.arcs_of(users)
    far = lengths(world.users.opinion[followee] - world.users.opinion[users[row]])
    with np.errstate(over="ignore", divide="ignore"):
        near = 1.0 / (
            1.0 + (far / reach[row]) ** sharpness
        )  # the hill kernel: 1 for the same opinion, 1/2 at the reach
    ends = dice.pairs("unfollow", users[row], followee[:, None])[:, 0] < chance * (1.0 - near)
    return row[ends], followee[ends]


def mutual_owners(users: np.ndarray, friends: np.ndarray, dice: Dice) -> np.ndarray:
    """bool: whether a friendship is this user's to keep in this step, and not the friend's; the same asked from both sides."""
    low, high = np.minimum(users, friends), np.maximum(users, friends)
    whole = Dice(dice.seed, dice.step)  # the same for all who come in a step
    first = whole.pairs("whose friendship", low, high[:, None])[:, 0] < 0.5
    return np.asarray(np.where(first, users == low, users == high))
