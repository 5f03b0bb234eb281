"""Harmful or inflammatory items carry a warning, and some people heed it.

An item is labelled when it is marked as harmful, or when its arousal is at least `threshold`. Those it reaches pass over a
labelled item that they would have clicked with the chance `heed`. Nothing is removed, and ranking does not know.

Also known as: warning label, interstitial, fact-check label, sticker.
Why it matters here: a label changes clicks, and through clicks what the platform learns; it does not change what is shown
today.
Source: own; effect sizes vary, see Martel & Rand (2023), Misinformation warning labels are widely effective.
"""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from cocoonsim.core.chance import Dice
from cocoonsim.core.setting import setting
from cocoonsim.core.world import World
from cocoonsim.interventions import Intervention


class WarningLabel(Intervention):
    lent_users = ("heeds",)
    lent_items = ("labelled",)
    idle: ClassVar[dict[str, Any]] = {"heed": 0.0}

    heed: float = setting(0.3, low=0.0, high=1.0, help="Chance that a labelled item is passed over; 0 = no change")
    threshold: float = setting(1.0, above=0.0, high=1.0, help="Items from this arousal on are labelled as well")

    def active(self, step: int) -> bool:
        return super().active(step) and self.heed > 0

    def on_world(self, world: World, treated: np.ndarray, dice: Dice) -> World:
        own = world.users.heeds
        labelled = world.items.labelled | world.items.harmful | (world.items.arousal >= np.float32(self.threshold))
        lent = world.with_items(labelled=labelled)
        return lent.with_users(heeds=np.where(treated, np.maximum(own, np.float32(self.heed)), own))

    def misfits(self, world: World, slate: int) -> list[tuple[str, str]]:
        if (
            not (world.items.harmful | (world.items.arousal >= np.float32(self.threshold))).any()
            and self.threshold >= 1
        ):
            return [("threshold", "no item is harmful or as inflammatory as this: nothing would be labelled. Lower it, or "
                     "choose a catalogue with harmful or inflammatory items")]  # fmt: skip
        return []
