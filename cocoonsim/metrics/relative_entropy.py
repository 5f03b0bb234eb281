"""How broad what a person is shown is, measured by how broad their interests are.

The entropy of the main topics of the latest items shown, up to `window` of them with today's feed, over the entropy of the
user's true interests. 1 when feeds are as broad as interests, 0 when they hold one topic only, above 1 when they are
broader. The share of users below 0.4 is the share of those in a cocoon.

How: an entropy of few items is too small, so the window should hold several times as many items as there are topics; where the
platform's `memory` is shorter, the window ends there. Undefined for who was never shown anything, or has one interest only.
No null model.

Also known as: entropy ratio, normalised exposure entropy, cocoon index.
Source: Li, Piao et al. (2023), Human-AI adaptive dynamics drives the emergence of information cocoons (there a window of the
last 10 feeds of 10 items; a ratio below 0.4 is a deep cocoon).
"""

from __future__ import annotations

import numpy as np

from cocoonsim.core.moment import Moment
from cocoonsim.core.setting import setting
from cocoonsim.metrics import Reading, UserMetric
from cocoonsim.metrics._exposure import recent_counts


class RelativeEntropy(UserMetric):
    window: int = setting(
        100, low=1, high=10_000, unit="items", help="Most recent items that count, today's feed included"
    )

    bounds = (0.0, np.inf)
    usual = False
    title = "Entropy of what is shown over that of interests"

    def per_user(self, moment: Moment) -> list[Reading]:
        counts = recent_counts(moment, self.window).astype(np.float64)
        n = counts.sum(axis=1, keepdims=True)
        shown = _entropy(counts / np.maximum(n, 1.0))
        own = _entropy(moment.world.users.interests[moment.users].astype(np.float64))
        there = (n[:, 0] > 0) & (own > 0)
        values = np.where(there, shown / np.where(there, own, 1.0), np.nan)
        return [Reading(values, np.array(np.nan), users=moment.users)]


def _entropy(shares: np.ndarray) -> np.ndarray:
    """float64 (n,): entropy of each row, which sums to 1; added from small to large, so that the order of topics is nothing."""
    terms = -shares * np.log(np.where(shares > 0, shares, 1.0))
    total: np.ndarray = np.sort(terms, axis=1).sum(axis=1)
    return total
