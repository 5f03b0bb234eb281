"""People learn to look beyond their taste and to use the controls of their feed.

Those it reaches act deliberately with the chance `level` in each step (at least; who is more literate already stays so):
instead of following the first impulse they click what is furthest from their usual. With `mute` below 1 they also hide what
is more inflammatory than that from their own feeds.

Also known as: media literacy, digital literacy, personal responsibility, feed controls, self-exploration.
Why it matters here: the remedy that asks everything of people and nothing of platforms: how far does it carry, and does it
help those who do not take part?
Source: own; self-exploration as in Li, Piao et al. (2023), Human-AI adaptive dynamics drives the emergence of information
cocoons.
"""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from cocoonsim.core.chance import Dice
from cocoonsim.core.setting import setting
from cocoonsim.core.view import View
from cocoonsim.core.world import World
from cocoonsim.interventions import Intervention


class MediaLiteracy(Intervention):
    lent_users = ("literacy",)
    idle: ClassVar[dict[str, Any]] = {"level": 0.0, "mute": 1.0}

    level: float = setting(
        0.3, low=0.0, high=1.0, help="Chance per step that a person acts deliberately; 0 = no change"
    )
    mute: float = setting(1.0, low=0.0, high=1.0, help="Items of more arousal than this are hidden; 1 = none")

    def on_world(self, world: World, treated: np.ndarray, dice: Dice) -> World:
        own = world.users.literacy
        return world.with_users(literacy=np.where(treated, np.maximum(own, np.float32(self.level)), own))

    def on_scores(self, scores: np.ndarray, view: View) -> np.ndarray:
        if self.mute >= 1:
            return scores
        return np.where(view.item("arousal") > np.float32(self.mute), np.float32(-np.inf), scores)
