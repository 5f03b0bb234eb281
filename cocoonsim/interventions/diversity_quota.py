"""Reserve a share of every feed for what lies outside the user's usual.

Where a feed holds fewer such items than the quota asks for, its last usual items give way to the best-scored candidates
from outside. `by: topic`: an item is outside when its main topic is not the topic the user has clicked most. `by: stance`:
when its stance is on the other side from the mean stance of the items the user clicked lately (within the platform's
memory); no platform knows opinions. For who has not clicked anything, nothing is usual and the feed stays as it is.

How: the quota is rounded up to whole places. If there are too few candidates from outside, all of them are shown.

Also known as: exposure diversity quota, other-side slots, must-carry rule, quota re-ranking.
Why it matters here: the plainest rule against information cocoons; its effect falls with `compliance`, and people may still
not click what they are shown.
Source: own; after the idea of exposure diversity as a design principle in Helberger, Karppinen & D'Acunto (2018), Exposure
diversity as a design principle for recommender systems.
"""

from __future__ import annotations

import math

import numpy as np

from cocoonsim.core.arrays import NOBODY, gather
from cocoonsim.core.positions import stance_of_clicks
from cocoonsim.core.setting import setting
from cocoonsim.core.view import View
from cocoonsim.interventions import Intervention


class DiversityQuota(Intervention):
    quota: float = setting(0.2, low=0.0, high=1.0, help="Share of the places in a feed that is reserved; 0 = no change")
    by: str = setting(
        "topic", choices=("topic", "stance"), help="What makes an item lie outside: its main topic or its side"
    )

    def active(self, step: int) -> bool:
        return super().active(step) and self.quota > 0

    def shortlists(self, scores: np.ndarray, view: View) -> dict[str, np.ndarray]:
        return {repr(self): np.where(self._outside(view, view.items), scores, np.float32(-np.inf))}

    def on_feed(self, feed: np.ndarray, view: View) -> np.ndarray:
        slate = feed.shape[1]
        places = math.ceil(self.quota * slate - 1e-9)  # 0.7 x 10 is a little more than 7 in binary
        outside = self._outside(view, feed) & (feed >= 0)
        # the newcomers: best first, not in the feed yet
        fresh = view.lists[repr(self)][1]
        fresh = np.where((fresh[:, :, None] == feed[:, None, :]).any(axis=2), np.int32(NOBODY), fresh)
        there = np.cumsum(fresh >= 0, axis=1)
        wanted = np.minimum(np.maximum(places - outside.sum(axis=1), 0), there[:, -1])
        # they take the last of the places that are not outside, in their own order
        usual_after = np.cumsum(~outside[:, ::-1], axis=1)[:, ::-1]  # this place and later ones
        gives_way = ~outside & (usual_after <= wanted[:, None])
        enters = (fresh >= 0) & (there <= wanted[:, None])
        changed = feed.copy()
        changed[gives_way] = fresh[enters]  # as many in each row, and rows come in the same order
        filled_first = np.argsort(changed < 0, axis=1, kind="stable")
        return np.take_along_axis(changed, filled_first, axis=1)

    def _outside(self, view: View, items: np.ndarray) -> np.ndarray:
        """bool (n, w): which of `items`, (w,) or (n, w) ids, lie outside what each user usually clicks."""
        of_items = view.platform.items
        if self.by == "topic":
            main = of_items.derived("main topic", lambda: of_items.topics.argmax(axis=1))
            clicked = view.user("clicked_topics")
            usual = np.where(clicked.any(axis=1), clicked.argmax(axis=1), -1)[:, None]
            return (usual >= 0) & (gather(main, items) != usual)
        history, own = view.platform.history, of_items.stance
        side = view.shared("side of clicks", lambda: stance_of_clicks(history, own, view.users)[0])
        stance = gather(of_items.stance, items)  # (w, dims) or (n, w, dims)
        return (stance * side[:, None, :]).sum(axis=2) < 0
