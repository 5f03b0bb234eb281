"""Show everyone what people on all sides approve of.

For each group of users the item's click rate is estimated, pulled towards the group's average rate while the group has seen
little of it. The score is the lowest of these rates (`of: least`), or their geometric mean (`of: mean`): a hit with one side
alone is worth little.

Also known as: bridging-based ranking, cross-partisan approval, diverse approval.
Why it matters here: engagement ranking rewards what divides; this is the same data with the sign turned.
Source: Ovadya & Thorburn (2023), Bridging systems: open problems for countering destructive divisiveness; Wojcik et al.
(2022), Birdwatch.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cocoonsim.core.chance import Dice
from cocoonsim.core.setting import setting
from cocoonsim.core.view import View
from cocoonsim.core.world import PlatformView
from cocoonsim.ranking import Ranking


@dataclass(frozen=True)
class Approval:
    """`score` float64 (n_items,), and that of an item nobody has seen yet."""

    score: np.ndarray
    unseen: float


class Bridging(Ranking):
    needs = frozenset({"pairs", "users.group"})

    prior: float = setting(10.0, above=0.0, unit="views", help="How many views of a group outweigh its average rate")
    of: str = setting(
        "least", choices=("least", "mean"), help="The lowest rate of any group, or the geometric mean of all"
    )

    def learn(self, platform: PlatformView, dice: Dice) -> Approval:
        from scipy.sparse import csr_array

        group = platform.user("group")
        present = np.flatnonzero(np.bincount(group))
        member = csr_array((np.ones(len(group), np.int64), (group, np.arange(len(group)))))[present]
        clicks, shown = (
            np.asarray((member @ platform.history.pairs(which).astype(np.int64)).toarray(), np.float64)
            for which in ("clicks", "shown")
        )
        views = shown.sum(axis=1)
        average = np.where(views > 0, clicks.sum(axis=1) / np.maximum(views, 1), 1.0)[:, None]
        rates = (clicks + self.prior * average) / (shown + self.prior)
        return Approval(self._joined(rates), float(self._joined(average)[0]))

    def _joined(self, rates: np.ndarray) -> np.ndarray:
        if self.of == "least":
            return np.asarray(rates.min(axis=0))
        product = np.ones(rates.shape[1])
        for rate in rates:  # group by group: one order of multiplying
            product *= rate ** (1.0 / len(rates))
        return product

    def score(self, view: View) -> np.ndarray:
        model: Approval = view.model
        known = np.minimum(np.maximum(view.items, 0), len(model.score) - 1)
        return np.where(view.items < len(model.score), model.score[known], model.unseen).astype(np.float32)
