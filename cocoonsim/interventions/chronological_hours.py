"""For some of the time, everybody's feed is newest first.

Of every `every` steps from its start, the first `length` show the candidates by age alone, whatever ranking and feed rule
are in force; items of the same age come in random order. The candidates themselves stay what they are.

Also known as: chronological feed hours, algorithm-free time, non-profiling time.
Why it matters here: a break from profiling is the mildest rule a regulator can ask for; it shows how much of a cocoon heals
when ranking stops for a while, and how fast it comes back.
Source: own; after the option of a feed without profiling in article 38 of the Digital Services Act (EU) 2022/2065.
"""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from cocoonsim.core.setting import setting
from cocoonsim.core.view import View
from cocoonsim.interventions import Intervention


class ChronologicalHours(Intervention):
    idle: ClassVar[dict[str, Any]] = {"length": 0}

    length: int = setting(1, low=0, unit="steps", help="How many steps are newest first; 0 = none")
    every: int = setting(4, low=1, unit="steps", help="How many steps pass from one such time to the next")

    def problems(self) -> list[tuple[str, str]]:
        found = super().problems()
        if self.length > self.every:
            found.append(("length", f"{self.length} steps do not fit into every = {self.every}"))
        return found

    def active(self, step: int) -> bool:
        return super().active(step) and (step - self.start) % self.every < self.length

    def shortlists(self, scores: np.ndarray, view: View) -> dict[str, np.ndarray]:
        return {repr(self): np.where(scores > -np.inf, view.item("created"), np.float32(-np.inf))}

    def on_feed(self, feed: np.ndarray, view: View) -> np.ndarray:
        return view.lists[repr(self)][1][:, : feed.shape[1]]
