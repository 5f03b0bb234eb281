"""The platform may only know people roughly, and only their recent past.

Two limits, each of which can be switched off: topics are known in `groups` coarse groups instead of one by one (0: all
topics stay apart), and only the last `window` things that a user was shown count (0: as many as the platform remembers).
The platform ranks with what is left; people and items do not change. Groups concern profiles of topics: a ranking that goes
by single items, such as user_knn or social, still knows which items were clicked within the window.

Also known as: data minimisation, profile coarsening, purpose limitation, k-topic profiles.
Why it matters here: a coarse profile narrows a feed to a group of topics instead of one, and gives less away; both come at
a price in relevance, which the same run shows.
Source: own; after article 5(1)(c) of the General Data Protection Regulation (EU) 2016/679.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, ClassVar

import numpy as np

from cocoonsim.core.chance import Dice
from cocoonsim.core.kept import ages, coarsened, limited
from cocoonsim.core.setting import setting
from cocoonsim.core.world import PlatformView, World
from cocoonsim.interventions import Intervention


class DataMinimisation(Intervention):
    idle: ClassVar[dict[str, Any]] = {"groups": 0, "window": 0}

    groups: int = setting(4, low=0, unit="groups", help="How many groups of topics the platform tells apart; 0 = all")
    window: int = setting(
        0, low=0, high=100_000, unit="items", help="How many of the last items shown may be used; 0 = all it remembers"
    )

    def misfits(self, world: World, slate: int) -> list[tuple[str, str]]:
        if self.groups > world.n_topics:
            return [("groups", f"{self.groups} groups, but there are {world.n_topics} topics. Use 0 to keep all apart")]
        return []

    def on_platform(self, platform: PlatformView, treated: np.ndarray, dice: Dice) -> PlatformView:
        history = platform.history
        if 0 < self.window < history.memory:
            history = limited(history, treated, ages(history) <= self.window, platform.items.topics)
        if self.groups:
            history = coarsened(history, treated, self.groups)
        return replace(platform, history=history)
