"""Only what appeared lately may be shown.

An item is a candidate in the step it is created and in the `window - 1` steps after it.

Also known as: freshness window, news recency filter, time window.
Why it matters here: in a fresh pool nobody can be shown the same old favourites, so narrowing must come from what is
published and how it is ranked.
Source: own; the usual candidate rule of news recommenders.
"""

from __future__ import annotations

import numpy as np

from cocoonsim.candidates import Candidates
from cocoonsim.core.chance import Dice
from cocoonsim.core.setting import setting
from cocoonsim.core.world import PlatformView


class Recent(Candidates):
    window: int = setting(5, low=1, unit="steps", help="How many steps an item stays a candidate, its first included")

    def offer(self, platform: PlatformView, users: np.ndarray, dice: Dice) -> np.ndarray:
        live = platform.live
        age = platform.step - platform.items.created[live].astype(np.int64)
        return live[age < self.window]
