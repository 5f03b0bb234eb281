"""Somebody of one's own group, or of another."""

from __future__ import annotations

import numpy as np

from cocoonsim.core.chance import Dice
from cocoonsim.core.world import World
from cocoonsim.rewiring._changes import NOBODY, nth_unknown


def from_group(world: World, users: np.ndarray, dice: Dice, *, own: bool) -> np.ndarray:
    """int64 (n,): for each of `users` one of their own group, or of another, whom they do not follow; -1 if none."""
    group = world.users.group
    order = np.argsort(group, kind="stable")
    place = np.empty(order.size, np.int64)
    place[order] = np.arange(order.size)  # a group is a range of places
    first = np.searchsorted(group[order], group[users])
    size = np.searchsorted(group[order], group[users], side="right") - first
    row, followee = world.follows.arcs_of(users)
    owner = np.concatenate([np.arange(users.size), row])
    known = np.concatenate([users, followee])
    inside = group[known] == group[users][owner]
    start, length = first[owner], size[owner]
    at = place[known]
    if own:
        found = nth_unknown(users, owner[inside], (at - start)[inside], size, dice)
        return np.where(found >= 0, order[first + np.maximum(found, 0)], NOBODY)
    among_others = np.where(at > start, at - length, at)  # places without those of one's own group
    found = nth_unknown(users, owner[~inside], among_others[~inside], order.size - size, dice)
    person = np.where(found >= first, found + size, found)
    return np.where(found >= 0, order[np.clip(person, 0, order.size - 1)], NOBODY)
