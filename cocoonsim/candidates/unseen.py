"""Everything that the user has not had yet may be shown.

What was shown before (or, with `what: clicked`, what was clicked before) is hidden for ever. A user who has had
everything gets an empty feed. With `gaps` people look past what they have had, which still takes up its place: so what is
new to them stands further down, and attention to it falls.

Also known as: no repeats, not-yet-consumed items, seen filter.
Why it matters here: with repeats a feed can stay on the same ten items for ever; without them even a narrow policy must
move on, which puts a floor under how narrow a feed can get.
Source: the candidate rule of Chaney, Stewart & Engelhardt (2018), How algorithmic confounding increases homogeneity.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from cocoonsim.candidates import Candidates
from cocoonsim.core.chance import Dice
from cocoonsim.core.setting import setting
from cocoonsim.core.world import PlatformView


class Unseen(Candidates):
    needs = frozenset({"pairs"})

    what: str = setting(
        "shown", choices=("shown", "clicked"), help="Hide what was shown before, or only what was clicked"
    )

    gaps: bool = setting(
        False, help="What is hidden keeps its place in the ranking, which stays empty; else the others move up"
    )

    def offer(self, platform: PlatformView, users: np.ndarray, dice: Dice) -> np.ndarray:
        return platform.live

    def hidden(self, platform: PlatformView, users: np.ndarray) -> Any:
        return platform.history.pairs("shown" if self.what == "shown" else "clicks")[users]
