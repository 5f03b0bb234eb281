"""Everybody comes once in every step, one after another, in an order that is shuffled anew.

Who comes later already meets what the earlier ones did in the same step.

With `together`, people whose turns cannot touch each other come at the same time: each as soon as all those whom they
follow and who are before them in the order have been, and none before somebody who follows them and comes earlier. Whatever
passes along ties only (posts by followees) then goes as it would one by one, in far fewer visits; what passes by way of
the platform, or along ties that change within the step, does not.

Also known as: random permutation sweep, random order asynchronous update, shuffled activation.
Why it matters here: it keeps everybody equally active, as all at once does, and lets news travel within a step, as one at a
time does; results differ from both.
Source: the activation order of Geschke, Lorenz & Holtz (2019), The triple-filter bubble; of agent-based models in general.
`together` is level scheduling, as sparse triangular systems are solved with: Saad (2003), Iterative methods for sparse linear
systems, section 11.6.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from cocoonsim.activity import Activity
from cocoonsim.core.chance import Dice
from cocoonsim.core.setting import setting
from cocoonsim.core.world import World


class Permutation(Activity):
    in_turns = True

    together: bool = setting(False, help="Whether people come at the same time whose turns cannot touch each other")

    def batches(self, world: World, dice: Dice) -> Iterator[np.ndarray]:
        luck = dice.bits("activity permutation", np.arange(world.n_users))[:, 0]
        order = np.argsort(luck, kind="stable")
        if not self.together:
            yield from order[:, None]
            return
        turn = _turns(order, *world.follows.arcs_of(np.arange(world.n_users)))
        people = np.argsort(turn, kind="stable")
        yield from np.split(people, np.flatnonzero(np.diff(turn[people])) + 1)


def _turns(order: np.ndarray, follower: np.ndarray, followee: np.ndarray) -> np.ndarray:
    """int64 (n,): the first turn in which each person can come; `follower` follows `followee`."""
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    waits = place[followee] < place[follower]
    later = np.where(waits, follower, followee)  # comes after the other, or, who is followed, with them at the earliest
    first = np.where(waits, followee, follower)
    by = np.lexsort((first, later))
    later, first, waits = later[by], first[by], waits[by].astype(np.int64)
    people, starts = np.unique(later, return_index=True)
    turn = np.zeros(len(order), np.int64)
    while people.size:
        earliest = np.maximum.reduceat(turn[first] + waits, starts)
        if (earliest <= turn[people]).all():
            break
        turn[people] = earliest
    return turn
