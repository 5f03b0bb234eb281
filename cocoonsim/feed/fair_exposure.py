"""Give every group of items its fair share of every place of the feed.

For each place a group is drawn by lot, with the odds of the group's target, and the group's best candidate left takes it. So a
group's expected exposure is its target in the first place, in the second and in every other, whatever attention people pay to
places. The target is `pool`: the group's share of the items that exist; `merit`: its share of the items' click rates, added
up; or `equal`: the same for all groups that have items.

How: places are not drawn one by one. The k places of a feed are k evenly spaced points on a line that the groups divide
according to their targets, with a random start, dealt to the places at random. Thus a group gets its target times k, rounded up
or down, in every single feed, and exactly in expectation. Click rates are (clicks + prior x average) / (shown + prior). Where
the group drawn has no candidate left, the best candidate of any takes the place.

Also known as: equity of attention, amortised fairness, proportional exposure, demographic parity of exposure.
Why it matters here: engagement ranking shows a small group's items too rarely, even when they are as good; this is the cure at
the platform's end, and its price is the score of what gives way.
Source: Singh & Joachims (2018), Fairness of exposure in rankings; Biega, Gummadi & Weikum (2018), Equity of attention,
amortizing individual fairness in rankings. Drawing by evenly spaced points: systematic sampling, Madow (1949).
"""

from __future__ import annotations

import numpy as np

from cocoonsim.core.arrays import NOBODY, gather
from cocoonsim.core.setting import setting
from cocoonsim.core.view import View
from cocoonsim.core.world import Columns, World
from cocoonsim.feed import Feed

_MOST_GROUPS = 64


class FairExposure(Feed):
    target: str = setting(
        "pool",
        choices=("pool", "merit", "equal"),
        help="What a group's exposure shall be in proportion to: its items, its click rates, or nothing",
    )
    by: str = setting("group", choices=("group", "topic"), help="What makes a group: the items' group or main topic")
    prior: float = setting(10.0, above=0.0, unit="views", help="How many views outweigh the average click rate")

    def misfits(self, world: World, slate: int) -> list[tuple[str, str]]:
        n = len(self._groups(world.items)[0])
        if n == 1:
            return [("by", f"by = {self.by}, but all items are of one {self.by}. Use a catalogue with more of them")]
        if n > _MOST_GROUPS:
            return [("by", f"by = {self.by} makes {n} groups, which is too many. Use at most {_MOST_GROUPS}")]
        return []

    def shortlists(self, scores: np.ndarray, view: View) -> dict[str, np.ndarray]:
        names, place = self._groups(view.platform.items)
        group = gather(place, view.items, NOBODY)
        lists = {f"group {one}": np.where(group == one, scores, np.float32(-np.inf)) for one in range(len(names))}
        return {"best": scores, **lists}

    def fill(self, scores: np.ndarray, items: np.ndarray, view: View, slate: int) -> np.ndarray:
        names, place = self._groups(view.platform.items)
        drawn = self._drawn(view, len(names), slate)
        lists = np.stack([view.lists[f"group {one}"][1] for one in range(len(names))])  # (groups, n, depth)
        taken = np.zeros((len(items), len(names)), np.intp)
        left, row = items >= 0, np.arange(len(items))
        feed = np.full((len(items), slate), NOBODY, np.int32)
        for at in range(slate):
            wanted = drawn[:, at]
            chosen = lists[wanted, row, np.minimum(taken[row, wanted], items.shape[1] - 1)]
            first = left.argmax(axis=1)
            any_left = np.where(left[row, first], items[row, first], np.int32(NOBODY))
            out = (taken[row, wanted] >= items.shape[1]) | (chosen < 0)
            chosen = np.where(out, any_left, chosen)
            feed[:, at] = chosen
            # the best of all that is left is also the best that is left of its own group: its list moves on
            taken[row, gather(place, chosen)] += chosen >= 0
            left &= items != chosen[:, None]
        return feed

    def _drawn(self, view: View, n_groups: int, slate: int) -> np.ndarray:
        """intp (n, slate): the group that each place is for."""
        ends = np.cumsum(view.shared("fair target", lambda: self._target(view)))
        luck = view.dice.uniform("fair exposure", view.users, slate + 1)
        dealt = np.argsort(luck[:, :slate], axis=1, kind="stable")
        points = (dealt + luck[:, slate:].astype(np.float64)) / slate
        return np.minimum(np.searchsorted(ends, points, side="right"), n_groups - 1)

    def _target(self, view: View) -> np.ndarray:
        """float64 (groups,), sums to 1: each group's share of every place."""
        names, place = self._groups(view.platform.items)
        live, history = view.platform.live, view.platform.history
        pool = np.bincount(place[live], minlength=len(names)).astype(np.float64)
        amount: np.ndarray = pool
        if self.target == "equal":
            amount = (pool > 0).astype(np.float64)
        elif self.target == "merit":
            clicks, shown = history.item_clicks[live], history.item_shown[live]
            average = clicks.sum() / max(int(shown.sum()), 1)
            rate = (clicks + self.prior * average) / (shown + self.prior)
            merit = np.bincount(place[live], rate, minlength=len(names))
            amount = merit if merit.sum() > 0 else pool  # before anybody clicked, all items are as good
        return amount / max(amount.sum(), 1e-300)

    def _groups(self, items: Columns) -> tuple[np.ndarray, np.ndarray]:
        """The groups that items have, ascending, and the place among them of each item's group, (n_items,)."""

        def make() -> tuple[np.ndarray, np.ndarray]:
            column = items.group if self.by == "group" else items.topics.argmax(axis=1)
            names, place = np.unique(column, return_inverse=True)
            return names, place

        found: tuple[np.ndarray, np.ndarray] = items.derived(f"fair {self.by}", make)
        return found
