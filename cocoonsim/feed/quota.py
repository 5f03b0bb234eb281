"""Keep some places of the feed for what lies outside the user's usual.

A share of the places goes to the best-scored candidates from outside. `by: topic`: an item is outside when its main topic is
not the topic the user has clicked most. `by: stance`: when its stance is on the other side from the mean stance of what the
user clicked lately (within the platform's memory). `by: group`: when its group is not the one the user has declared. With
`topic` and `stance`, nothing is outside for users who have not clicked anything.

How: of the first n places of a feed of k, at least floor(n m / k) hold an item from outside, where m is share x k, rounded up.
So they are spread over the feed and not put at its end; items from outside that rank high anyway count. Where too few
candidates lie outside, the best others take their places.

Also known as: other-side slots, reserved slots, must-carry rule, ranked group fairness.
Why it matters here: exposure to the other side as a design of the feed; the intervention `diversity_quota` lays it on top of
any feed, at its end, with a start, a stop and compliance.
Source: Celis, Straszak & Vishnoi (2018), Ranking with fairness constraints; Zehlike et al. (2017), FA*IR, a fair top-k ranking
algorithm, for the rule that it holds for the first n places, for every n.
"""

from __future__ import annotations

import math

import numpy as np

from cocoonsim.core.arrays import NOBODY, gather
from cocoonsim.core.positions import stance_of_clicks
from cocoonsim.core.setting import setting
from cocoonsim.core.view import View
from cocoonsim.core.world import World
from cocoonsim.feed import Feed


class Quota(Feed):
    share: float = setting(0.2, low=0.0, high=1.0, help="Share of the places that is kept for items from outside")
    by: str = setting(
        "topic",
        choices=("topic", "stance", "group"),
        help="What makes an item lie outside: its main topic, its side, or its group",
    )

    def misfits(self, world: World, slate: int) -> list[tuple[str, str]]:
        columns = {
            "topic": world.items.topics.argmax(axis=1),
            "stance": np.sign(world.items.stance),
            "group": world.items.group,
        }
        column = columns[self.by]
        if self.share == 0 or not len(column) or (column != column[0]).any():
            return []
        return [
            (
                "by",
                f"by = {self.by}, but all items have the same {self.by}. Use another, or a catalogue where they differ",
            )
        ]

    def shortlists(self, scores: np.ndarray, view: View) -> dict[str, np.ndarray]:
        if self.share == 0:
            return {"best": scores}
        return {"best": scores, "outside": np.where(self._outside(view, view.items), scores, np.float32(-np.inf))}

    def fill(self, scores: np.ndarray, items: np.ndarray, view: View, slate: int) -> np.ndarray:
        if self.share == 0:
            return items[:, :slate]
        kept = math.ceil(self.share * slate - 1e-9)  # 0.7 x 10 is a little more than 7 in binary
        lists = np.stack([items, view.lists["outside"][1]])  # (2, n, depth)
        left = lists >= 0
        counts = np.stack([self._outside(view, items), np.ones(items.shape, bool)])
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

    def _outside(self, view: View, items: np.ndarray) -> np.ndarray:
        """bool (n, w): which of `items`, (w,) or (n, w) ids, lie outside what is usual for each user."""
        of_items = view.platform.items
        if self.by == "topic":
            main = of_items.derived("main topic", lambda: of_items.topics.argmax(axis=1))
            clicked = view.user("clicked_topics")
            usual = np.where(clicked.any(axis=1), clicked.argmax(axis=1), -1)[:, None]
            return (usual >= 0) & (gather(main, items) != usual)
        if self.by == "group":
            return gather(of_items.group, items) != view.user("group")
        history, own = view.platform.history, of_items.stance
        side = view.shared("side of clicks", lambda: stance_of_clicks(history, own, view.users)[0])
        stance = gather(own, items)
        product = np.zeros((len(side), items.shape[-1]))
        for dim in range(side.shape[1]):  # dimension by dimension: the same bits in any block
            product += stance[..., dim] * side[:, dim, None]
        return product < 0
