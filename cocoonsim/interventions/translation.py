"""What other communities write becomes readable.

Items can be closed to people outside their group, as texts in another language are. Those it reaches can read a closed item
of another group with the chance `quality`, decided once for each person and item; at 1 they can read everything.

Also known as: machine translation, subtitles, cross-lingual exposure.
Why it matters here: between cultures the filter comes before any algorithm; this opens it without asking a ranking to change.
Source: own; bridges between language communities as in Hale (2012), Net increase? Cross-lingual linking in the blogosphere.
"""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from cocoonsim.core.chance import Dice
from cocoonsim.core.setting import setting
from cocoonsim.core.world import World
from cocoonsim.interventions import Intervention


class Translation(Intervention):
    lent_users = ("translates",)
    idle: ClassVar[dict[str, Any]] = {"quality": 0.0}

    quality: float = setting(
        0.8, low=0.0, high=1.0, help="Chance that an item is readable for an outsider; 0 = no change"
    )

    def misfits(self, world: World, slate: int) -> list[tuple[str, str]]:
        if world.items.closed.any():
            return []
        return [
            ("quality", "no item is closed to anybody, so there is nothing to translate. Use catalogue: multilingual")
        ]

    def on_world(self, world: World, treated: np.ndarray, dice: Dice) -> World:
        own = world.users.translates
        return world.with_users(translates=np.where(treated, np.maximum(own, np.float32(self.quality)), own))
