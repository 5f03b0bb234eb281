"""Reserve a share of every feed for what lies outside the user's usual.

Where a feed holds fewer such items than the quota asks for, its last usual items give way to the best-scored candidates
from outside. `by: topic`: an item is outside when its main topic is not the topic the user has clicked most. `by: stance`:
when its stance is on the other side from the mean stance of the items the user clicked lately (within the platform's
memory); no platform knows opinions. `by: group`: when it belongs to another group than the user. For who has not clicked
anything, nothing is usual and the feed stays as it is.

How: the quota is rounded up to whole places. If there are too few candidates from outside, all of them are shown.

Also known as: exposure diversity quota, other-side slots, must-carry rule, quota re-ranking.
Why it matters here: the plainest rule against information cocoons; its effect falls with `compliance`, and people may still
not click what they are shown.
Source: own; after the idea of exposure diversity as a design principle in Helberger, Karppinen & D'Acunto (2018), Exposure
diversity as a design principle for recommender systems.
"""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from cocoonsim.core.setting import setting
from cocoonsim.core.slots import nothing_outside, outside, places_of, reserve
from cocoonsim.core.view import View
from cocoonsim.core.world import World
from cocoonsim.interventions import Intervention


class DiversityQuota(Intervention):
    idle: ClassVar[dict[str, Any]] = {"quota": 0.0}

    quota: float = setting(0.2, low=0.0, high=1.0, help="Share of the places in a feed that is reserved; 0 = no change")
    by: str = setting("topic", choices=("topic", "stance", "group"), help="What makes an item lie outside")

    def misfits(self, world: World, slate: int) -> list[tuple[str, str]]:
        return nothing_outside(world, self.by) if self.quota else []

    def active(self, step: int) -> bool:
        return super().active(step) and self.quota > 0

    def shortlists(self, scores: np.ndarray, view: View) -> dict[str, np.ndarray]:
        return {repr(self): np.where(outside(view, view.items, self.by), scores, np.float32(-np.inf))}

    def on_feed(self, feed: np.ndarray, view: View) -> np.ndarray:
        special = outside(view, feed, self.by) & (feed >= 0)
        return reserve(feed, special, view.lists[repr(self)][1], places_of(self.quota, feed.shape[1]))
