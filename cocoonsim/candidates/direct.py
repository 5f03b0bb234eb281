"""Only what comes to a person without other people may be shown: news for all, and what the person found alone.

Candidates are the items without an author that appeared in the last `window` steps: those for everybody, and those whose
originator is the user (see `publishing: finds`).

Also known as: direct information, mass media and own search, non-social sources.
Why it matters here: next to `followed`, in a `mixture`, it tells what reaches people by themselves from what others pass on.
Source: Geschke, Lorenz & Holtz (2019), The triple-filter bubble (information from the environment, before social posting).
"""

from __future__ import annotations

import numpy as np

from cocoonsim.candidates import Candidates
from cocoonsim.core.arrays import NOBODY
from cocoonsim.core.chance import Dice
from cocoonsim.core.setting import setting
from cocoonsim.core.world import PlatformView


class Direct(Candidates):
    distinct = True

    window: int = setting(1, low=1, unit="steps", help="How many steps an item stays a candidate, its first included")

    def offer(self, platform: PlatformView, users: np.ndarray, dice: Dice) -> np.ndarray:
        items = platform.items
        live = platform.live[items.author[platform.live] < 0]
        live = live[platform.step - items.created[live].astype(np.int64) < self.window]
        finder = items.originator[live]
        common = live[finder < 0]
        own = live[finder >= 0]
        if not own.size:
            return common
        own = own[np.argsort(items.originator[own], kind="stable")]
        finder = items.originator[own]
        starts, ends = np.searchsorted(finder, users), np.searchsorted(finder, users, side="right")
        place = np.arange(int((ends - starts).max(initial=0)))
        theirs = own[np.minimum(starts[:, None] + place, own.size - 1)]
        theirs = np.where(place < (ends - starts)[:, None], theirs, np.int32(NOBODY))
        return np.concatenate([np.broadcast_to(common, (len(users), common.size)), theirs], axis=1)
