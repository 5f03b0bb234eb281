"""Keep some places of the feed for what lies outside the user's usual.

A share of the places goes to the best-scored candidates from outside. `by: topic`: an item is outside when its main topic is
not the topic the user has clicked most. `by: stance`: when its stance is on the other side from the mean stance of what the
user clicked lately (within the platform's memory). `by: group`: when its group is not the one the user has declared. With
`topic` and `stance`, nothing is outside for users who have not clicked anything.

How: the quota is rounded up to whole places; items from outside that rank high anyway count. With `place: end`, the last of the
usual items give way, and all others keep their order. With `place: spread`, the quota holds for the first n places, for every
n, rounded down, so that what comes from outside is not put where few people look. Where too few candidates lie outside, the
best others take their places.

Also known as: other-side slots, reserved slots, must-carry rule, ranked group fairness.
Why it matters here: exposure to the other side as a design of the feed; the intervention `diversity_quota` lays it on top of
any feed, with a start, a stop and compliance.
Source: Celis, Straszak & Vishnoi (2018), Ranking with fairness constraints; Zehlike et al. (2017), FA*IR, a fair top-k ranking
algorithm, for the rule that it holds for the first n places, for every n.
"""

from __future__ import annotations

import numpy as np

from cocoonsim.core.arrays import NOBODY
from cocoonsim.core.setting import setting
from cocoonsim.core.slots import nothing_outside, outside, places_of, reserve
from cocoonsim.core.view import View
from cocoonsim.core.world import World
from cocoonsim.feed import Feed


class Quota(Feed):
    quota: float = setting(0.2, low=0.0, high=1.0, help="Share of the places that is kept for items from outside")
    by: str = setting(
        "topic",
        choices=("topic", "stance", "group"),
        help="What makes an item lie outside: its main topic, its side, or its group",
    )
    place: str = setting(
        "end", choices=("end", "spread"), help="Where they go: in place of the last usual items, or all over the feed"
    )

    def misfits(self, world: World, slate: int) -> list[tuple[str, str]]:
        return nothing_outside(world, self.by) if self.quota else []

    def shortlists(self, scores: np.ndarray, view: View) -> dict[str, np.ndarray]:
        if self.quota == 0:
            return {"best": scores}
        return {"best": scores, "outside": np.where(outside(view, view.items, self.by), scores, np.float32(-np.inf))}

    def fill(self, scores: np.ndarray, items: np.ndarray, view: View, slate: int) -> np.ndarray:
        if self.quota == 0:
            return items[:, :slate]
        kept, fresh = places_of(self.quota, slate), view.lists["outside"][1]
        if self.place == "spread":
            return _spread(items, outside(view, items, self.by), fresh, kept, slate)
        feed = items[:, :slate]
        return reserve(feed, outside(view, feed, self.by) & (feed >= 0), fresh, kept)


def _spread(items: np.ndarray, special: np.ndarray, fresh: np.ndarray, kept: int, slate: int) -> np.ndarray:
    """Feeds (n, slate) from the best `items` (n, depth), of which some are `special`, and the best special ones `fresh`."""
    lists = np.stack([items, fresh])  # (2, n, depth)
    counts = np.stack([special, np.ones(items.shape, bool)])
    left = lists >= 0
    row, so_far = np.arange(len(items)), np.zeros(len(items), np.int64)
    feed = np.full((len(items), slate), NOBODY, np.int32)
    for place in range(slate):
        due = (so_far < kept * (place + 1) // slate) & left[1].any(axis=1)
        which = due.astype(np.intp)
        first = left[which, row].argmax(axis=1)
        found = left[which, row, first]
        feed[:, place] = np.where(found, lists[which, row, first], np.int32(NOBODY))
        so_far += found & counts[which, row, first]
        left &= lists != feed[:, place, None]
    return feed
