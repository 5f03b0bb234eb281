"""Inflammatory items lose part of their score, or gain one.

A score is multiplied by 1 - strength x arousal; a negative one is divided by it instead (and moves down as well). At a
strength of 1 the most inflammatory items (arousal 1) come after everything that scores above 0. A strength below 0 moves
them up instead.

Also known as: borderline content demotion, outrage downranking, friction.
Why it matters here: engagement ranking lifts what inflames; this is the mildest remedy, as nothing is removed.
Source: own; the measure tested by Piccardi et al. (2025), Reranking partisan animosity in algorithmic social media feeds
alters affective polarization.
"""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from cocoonsim.core.setting import setting
from cocoonsim.core.view import View
from cocoonsim.interventions import Intervention


class DownrankArousal(Intervention):
    needs = frozenset({"items.arousal"})
    idle: ClassVar[dict[str, Any]] = {"strength": 0.0}

    strength: float = setting(
        0.5, low=-1.0, high=1.0, help="Part of the score that an item of arousal 1 loses, or gains where below 0"
    )

    def active(self, step: int) -> bool:
        return super().active(step) and self.strength != 0

    def on_scores(self, scores: np.ndarray, view: View) -> np.ndarray:
        kept = np.maximum(np.float32(1) - np.float32(self.strength) * view.item("arousal"), np.float32(2.0**-20))
        return np.where(scores > 0, scores * kept, scores / kept)
