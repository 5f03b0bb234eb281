"""Give each interest the share of the feed that it has among the user's clicks.

Somebody who clicks 70 % football and 30 % opera gets a feed of seven to three, not one of football alone. The feed is filled
one place at a time, each with the item that makes

    balance x sum of scores - (1 - balance) x KL(p, q)

largest. p are the topics of the user's clicks as shares, q those of the feed so far (the mean of its items' topics), and KL =
sum of p log(p / q') with q' = (1 - smoothing) q + smoothing p, so that a topic which is missing yet costs much but not
without bound. At a balance of 1 the feed is that of `top`, as it is for users who have not clicked anything.

How: as the sum grows with the feed and KL does not, scores count for more the longer the feed is; with `total: mean` a balance
means the same for feeds of any length. With `rescale`, the scores of each user's short list are first stretched to 0 ... 1.
Natural logarithms. The source's lambda is 1 - balance.

Also known as: calibrated recommendations, proportional re-ranking, Kullback-Leibler re-ranking.
Why it matters here: it stops a ranking from narrowing further than the user did, and keeps whatever cocoon is in the clicks.
Source: Steck (2018), Calibrated recommendations.
"""

from __future__ import annotations

import numpy as np

from cocoonsim.core.alike import one_topic_each
from cocoonsim.core.arrays import row_products
from cocoonsim.core.setting import setting
from cocoonsim.core.view import View
from cocoonsim.feed._greedy import Greedy, Picking, at, clicked_shares, topic_shares


class Calibrated(Greedy):
    balance: float = setting(0.5, low=0.0, high=1.0, help="Weight of the score; the rest goes to the right shares")
    total: str = setting(
        "sum", choices=("sum", "mean"), help="How the scores of a feed count: their sum, or their mean"
    )
    smoothing: float = setting(
        0.01,
        above=0.0,
        below=1.0,
        help="How much of the target is mixed into the feed's shares before they are compared",
    )

    def start(self, worth: np.ndarray, items: np.ndarray, view: View, users: np.ndarray) -> Picking:
        target = clicked_shares(view, users).astype(np.float32)
        main = one_topic_each(view.platform.items)
        if main is not None:
            return _Pure(self, worth, np.take(main, items, mode="clip"), target)
        return _Mixed(self, worth, topic_shares(view.platform.items, items), target)


class _Shares:
    """What both kinds of catalogue have in common. All that is the same for every candidate is left out: it decides nothing."""

    def __init__(self, rule: Calibrated, worth: np.ndarray, target: np.ndarray) -> None:
        self.own, self.by_mean = np.float32(rule.balance) * worth, rule.total == "mean"
        self.weight = np.float32(1 - rule.balance) * target
        self.toll = np.float32(rule.smoothing / (1 - rule.smoothing)) * target
        self.sums = np.full_like(target, 1e-30)  # not 0: a topic without weight has a logarithm too
        self.n = 0

    def base(self) -> np.ndarray:
        """q' (n, topics) before the next item adds its shares, times its number and 1 / (1 - smoothing)."""
        return self.sums + np.float32(self.n + 1) * self.toll

    def scores(self) -> np.ndarray:
        return self.own / np.float32(self.n + 1) if self.by_mean else self.own


class _Mixed(_Shares):
    """Items are about several topics: the sum over topics is taken for each."""

    def __init__(self, rule: Calibrated, worth: np.ndarray, shares: np.ndarray, target: np.ndarray) -> None:
        super().__init__(rule, worth, target)
        self.shares, self.spare = shares, np.empty_like(shares)

    def values(self) -> np.ndarray:
        np.add(self.shares, self.base()[:, None, :], out=self.spare)
        np.log(self.spare, out=self.spare)
        values: np.ndarray = self.scores() + row_products(self.spare, self.weight)
        return values

    def add(self, best: np.ndarray) -> None:
        self.sums += at(self.shares, best)
        self.n += 1


class _Pure(_Shares):
    """Items are about one topic each: only that topic's term changes, which takes a third of the time."""

    def __init__(self, rule: Calibrated, worth: np.ndarray, topic: np.ndarray, target: np.ndarray) -> None:
        super().__init__(rule, worth, target)
        self.topic = topic

    def values(self) -> np.ndarray:
        base = self.base()
        gains = self.weight * (np.log(base + np.float32(1)) - np.log(base))
        values: np.ndarray = self.scores() + np.take_along_axis(gains, self.topic, axis=1)
        return values

    def add(self, best: np.ndarray) -> None:
        self.sums[np.arange(len(best)), at(self.topic, best)] += np.float32(1)
        self.n += 1
