"""Give every group of items its fair share of every place of the feed.

For each place a group is drawn by lot, with the odds of the group's target, and the group's best candidate left takes it. So a
group's expected exposure is its target in the first place, in the second and in every other, whatever attention people pay to
places. The target is `pool`: the group's share of the items that exist; `merit`: its share of the items' click rates, added
up; or `equal`: the same for all that have items. With `group`, there are two sides only: that group and all other items; then
`share` makes `part` the target.

How: the places of a feed of k are k evenly spaced points on a line that the groups divide according to their targets, all
moved along by one random number for each user. Every point is equally likely to be anywhere, so each place holds a group with
exactly its target chance, and yet every single feed holds the target times k, rounded up or down. Which point is which place
is fixed such that the first places are spread over the line, too. Click rates are (clicks + prior x average) / (shown +
prior). Where the group drawn has no candidate left, the best candidate of any takes the place.

Also known as: equity of attention, amortised fairness, proportional exposure, demographic parity of exposure.
Why it matters here: engagement ranking shows a small group's items too rarely, even when they are as good; this is the cure at
the platform's end, and its price is the score of what gives way.
Source: Singh & Joachims (2018), Fairness of exposure in rankings; Biega, Gummadi & Weikum (2018), Equity of attention,
amortizing individual fairness in rankings. Evenly spaced points: systematic sampling, Madow (1949).
"""

from __future__ import annotations

import numpy as np

from cocoonsim.core.arrays import NOBODY, gather
from cocoonsim.core.setting import setting
from cocoonsim.core.view import View
from cocoonsim.core.world import Columns, World
from cocoonsim.feed import Feed

_MOST_GROUPS = 64
_GOLDEN = (5**0.5 - 1) / 2


class FairExposure(Feed):
    group: int = setting(-1, low=-1, help="The group that is to have its share against all others; -1 = every group")
    target: str = setting(
        "pool",
        choices=("pool", "merit", "equal", "share"),
        help="What exposure shall be in proportion to: items, click rates, nothing, or a number of your own",
    )
    part: float = setting(0.5, low=0.0, high=1.0, help="The group's share of places, with target: share")
    by: str = setting("group", choices=("group", "topic"), help="What makes a group: the items' group or main topic")
    prior: float = setting(10.0, above=0.0, unit="views", help="How many views outweigh the average click rate")

    def problems(self) -> list[tuple[str, str]]:
        if self.target == "share" and self.group < 0:
            return [("group", "target: share is the share of one group. Say which, or use another target")]
        return []

    def misfits(self, world: World, slate: int) -> list[tuple[str, str]]:
        column = self._column(world.items)
        n = len(np.unique(column))
        if self.group >= 0 and not (column == self.group).any():
            return [("group", f"group = {self.group}, but no item is of that {self.by}. Use one that items have")]
        if n == 1:
            return [("by", f"by = {self.by}, but all items are of one {self.by}. Use a catalogue with more of them")]
        if self.group < 0 and n > _MOST_GROUPS:
            return [
                (
                    "by",
                    f"by = {self.by} makes {n} groups, which is too many. Use at most {_MOST_GROUPS}, or one `group`",
                )
            ]
        return []

    def shortlists(self, scores: np.ndarray, view: View) -> dict[str, np.ndarray]:
        n, place = self._groups(view.platform.items)
        group = gather(place, view.items, NOBODY)
        lists = {f"group {one}": np.where(group == one, scores, np.float32(-np.inf)) for one in range(n)}
        return {"best": scores, **lists}

    def fill(self, scores: np.ndarray, items: np.ndarray, view: View, slate: int) -> np.ndarray:
        n, place = self._groups(view.platform.items)
        lists = np.stack([view.lists[f"group {one}"][1] for one in range(n)])  # (groups, n, depth)
        taken = np.zeros((len(items), n), np.intp)
        luck = view.dice.uniform("fair exposure", view.users)[:, 0]
        drawn = drawn_groups(view.shared("fair target", lambda: self._target(view)), luck, slate)
        left, row = items >= 0, np.arange(len(items))
        feed = np.full((len(items), slate), NOBODY, np.int32)
        for at in range(slate):
            wanted = drawn[:, at]
            # the places before hold fewer items than a list does: there is always a next one, or -1
            chosen = lists[wanted, row, taken[row, wanted]]
            first = left.argmax(axis=1)
            any_left = np.where(left[row, first], items[row, first], np.int32(NOBODY))
            chosen = np.where(chosen < 0, any_left, chosen)
            feed[:, at] = chosen
            # the best of all that is left is also the best that is left of its own group: its list moves on
            taken[row, gather(place, chosen)] += chosen >= 0
            left &= items != chosen[:, None]
        return feed

    def _target(self, view: View) -> np.ndarray:
        """float64 (groups,), sums to 1: each group's share of every place."""
        n, place = self._groups(view.platform.items)
        live, history = view.platform.live, view.platform.history
        pool = np.bincount(place[live], minlength=n).astype(np.float64)
        amount: np.ndarray = pool
        if self.target == "equal":
            amount = (pool > 0).astype(np.float64)
        elif self.target == "share":
            amount = np.array([1.0 - self.part, self.part])
        elif self.target == "merit":
            clicks, shown = history.item_clicks[live], history.item_shown[live]
            average = clicks.sum() / max(int(shown.sum()), 1)
            rate = (clicks + self.prior * average) / (shown + self.prior)
            merit = np.bincount(place[live], rate, minlength=n)
            amount = merit if merit.sum() > 0 else pool  # before anybody clicked, all items are as good
        return amount / max(amount.sum(), 1e-300)

    def _column(self, items: Columns) -> np.ndarray:
        return items.group if self.by == "group" else items.topics.argmax(axis=1)

    def _groups(self, items: Columns) -> tuple[int, np.ndarray]:
        """How many groups there are, and the number of each item's group, (n_items,)."""

        def make() -> tuple[int, np.ndarray]:
            column = self._column(items)
            if self.group >= 0:
                return 2, (column == self.group).astype(np.int64)
            names, place = np.unique(column, return_inverse=True)
            return len(names), place

        found: tuple[int, np.ndarray] = items.derived(f"fair {self.by} {self.group}", make)
        return found


def drawn_groups(target: np.ndarray, luck: np.ndarray, slate: int) -> np.ndarray:
    """intp (n, slate): the group that each place is for; `target` (groups,) sums to 1, `luck` (n,) is uniform.

    >>> drawn_groups(np.array([0.5, 0.25, 0.25]), np.array([0.1, 0.4]), 4).tolist()
    [[0, 1, 0, 2], [0, 2, 1, 0]]
    """
    order = np.argsort(np.argsort(np.arange(slate) * _GOLDEN % 1.0))  # the first places far apart on the line
    points = (order / slate + luck[:, None].astype(np.float64)) % 1.0
    given = np.flatnonzero(target > 0)  # whose target is 0 is never drawn, not by rounding either
    last = np.minimum(np.searchsorted(np.cumsum(target[given]), points, side="right"), len(given) - 1)
    return np.asarray(given[last])
