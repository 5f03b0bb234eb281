"""Everyone is online in every step, all at the same time.

Also known as: synchronous update, parallel update.
Source: own; the schedule of DeGroot (1974), Reaching a consensus.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from cocoonsim.activity import Activity
from cocoonsim.core.chance import Dice
from cocoonsim.core.world import World


class Everyone(Activity):
    def batches(self, world: World, dice: Dice) -> Iterator[np.ndarray]:
        yield np.arange(world.n_users)
