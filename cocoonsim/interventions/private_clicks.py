"""Clicks reach the platform through noise that lets everybody deny them.

For each place of a feed the person's device tells the truth (clicked or not) with the probability e^epsilon / (1 +
e^epsilon), and the opposite otherwise. At an epsilon of 0 the platform learns nothing; at 5 fewer than one answer in a
hundred is false. What people really click, and what that does to them, does not change.

How: each answer is epsilon-locally differentially private for one exposure; a user who sees n items spends n x epsilon.

Also known as: randomised response, local differential privacy, plausible deniability.
Why it matters here: protection can be dialled: epsilon trades what the platform can infer about people against how well it
serves them.
Source: Warner (1965), Randomized response: a survey technique for eliminating evasive answer bias; Dwork & Roth (2014), The
algorithmic foundations of differential privacy, section 3.2.
"""

from __future__ import annotations

import math
from typing import Any, ClassVar

import numpy as np

from cocoonsim.core.chance import Dice
from cocoonsim.core.setting import setting
from cocoonsim.core.world import World
from cocoonsim.interventions import Intervention


class PrivateClicks(Intervention):
    idle: ClassVar[dict[str, Any]] = {"privacy_budget": 50.0}

    privacy_budget: float = setting(
        1.0, low=0.0, high=50.0, help="Epsilon, the privacy loss per item shown; 0 = the platform learns nothing"
    )

    @property
    def lie(self) -> float:
        """The chance that an answer is false: 1 / (1 + e^epsilon)."""
        return 1.0 / (1.0 + math.exp(self.privacy_budget))

    def on_record(
        self, world: World, users: np.ndarray, feed: np.ndarray, clicks: np.ndarray, dice: Dice
    ) -> np.ndarray:
        return clicks ^ (dice.uniform("private clicks", users, feed.shape[1]) < np.float32(self.lie))
