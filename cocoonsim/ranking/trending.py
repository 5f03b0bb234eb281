"""Show everyone what is being clicked right now.

Every click heats an item by 1, and heat halves every `half_life` steps. What was popular long ago is cold again.

Also known as: hot items, decayed popularity, exponentially weighted clicks, what's trending.
Why it matters here: it gives new items their chance, and herds people from one thing to the next.
Source: own; exponential decay as in Cormode, Shkapenyuk, Srivastava & Xu (2009), Forward decay.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from cocoonsim.core.arrays import gather
from cocoonsim.core.chance import Dice
from cocoonsim.core.setting import setting
from cocoonsim.core.view import View
from cocoonsim.core.world import PlatformView
from cocoonsim.ranking import Ranking


@dataclass(frozen=True)
class Heat:
    """`heat` float64 (n_items,) as of `step`, and the clicks (n_items,) that are in it."""

    step: int
    heat: np.ndarray
    clicks: np.ndarray


class Trending(Ranking):
    half_life: float = setting(3.0, above=0.0, unit="steps", help="After how many steps a click counts half")

    def learn_on(self, platform: PlatformView, dice: Dice, before: Any) -> Heat:
        clicks = platform.history.item_clicks.copy()
        if before is None:
            return Heat(platform.step, clicks.astype(np.float64), clicks)
        fresh = clicks.copy()
        fresh[: len(before.clicks)] -= before.clicks
        heat = np.zeros(len(clicks))
        heat[: len(before.heat)] = before.heat * 0.5 ** ((platform.step - before.step) / self.half_life)
        return Heat(platform.step, heat + fresh, clicks)

    def score(self, view: View) -> np.ndarray:
        model: Heat = view.model
        known = np.where(view.items < len(model.heat), view.items, np.int32(-1))  # what is newer is cold
        return gather(model.heat, known).astype(np.float32)
