"""Everybody comes once in every step, one after another, in an order that is shuffled anew.

Who comes later already meets what the earlier ones did in the same step.

Also known as: random permutation sweep, random order asynchronous update, shuffled activation.
Why it matters here: it keeps everybody equally active, as all at once does, and lets news travel within a step, as one at a
time does; results differ from both.
Source: the activation order of Geschke, Lorenz & Holtz (2019), The triple-filter bubble; of agent-based models in general.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from cocoonsim.activity import Activity
from cocoonsim.core.chance import Dice
from cocoonsim.core.world import World


class Permutation(Activity):
    one_by_one = True

    def batches(self, world: World, dice: Dice) -> Iterator[np.ndarray]:
        luck = dice.bits("activity permutation", np.arange(world.n_users))[:, 0]
        yield from np.argsort(luck, kind="stable")[:, None]
