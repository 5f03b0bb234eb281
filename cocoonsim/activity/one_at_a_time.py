"""People come one at a time, each drawn at random from all; who comes next already meets what the last one did.

In a step there are `events` such visits. The same person may come twice, or not at all.

Also known as: asynchronous update, random sequential update, Glauber dynamics, event-driven.
Why it matters here: results of opinion models depend on the schedule; many classic ones are defined with this one.
Source: Deffuant, Neau, Amblard & Weisbuch (2000), Mixing beliefs among interacting agents; for feeds Sasahara et al. (2021),
Social influence and unfollowing accelerate the emergence of echo chambers.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from cocoonsim.activity import Activity
from cocoonsim.core.chance import Dice
from cocoonsim.core.setting import setting
from cocoonsim.core.world import World


class OneAtATime(Activity):
    in_turns = True

    events: int = setting(1, low=1, high=10_000_000, unit="visits", help="How many people come in a step, one by one")

    def batches(self, world: World, dice: Dice) -> Iterator[np.ndarray]:
        comers = dice.below("activity one at a time", np.zeros(1, np.int64), self.events, world.n_users)[0]
        yield from comers[:, None]
