"""Give what was shown little the benefit of the doubt.

To each score a bonus is added that is large for items that were shown rarely, and that everything left aside for long
regains slowly: exploration x sqrt(2 ln N / n), where n is how often the platform showed the item to anybody and N how often
it showed any item that still exists. Scores are meant to be rates between 0 and 1, such as those of `click_rate`.

How: `head_start` is added to n. At 0, items that were never shown come before all others, as in the original; with many new
items in each step that leaves no room for anything else, and a head start of 1 or more lets scores count from the beginning.
Everybody is served at once, so that all feeds of a step are filled from the same counts.

Also known as: upper confidence bound, UCB1, optimism in the face of uncertainty.
Why it matters here: exploration that aims at what is unknown instead of at random, and so stops when it knows enough.
Source: Auer, Cesa-Bianchi & Fischer (2002), Finite-time analysis of the multiarmed bandit problem.
"""

from __future__ import annotations

import math

import numpy as np

from cocoonsim.core.setting import setting
from cocoonsim.core.view import View
from cocoonsim.feed import Feed


class Ucb(Feed):
    exploration: float = setting(1.0, low=0.0, high=1e6, help="Size of the bonus; 1 = UCB1, 0 = scores alone")
    head_start: float = setting(
        0.0, low=0.0, high=1e9, unit="views", help="Views credited to every item; 0 = items never shown come first"
    )

    def shortlists(self, scores: np.ndarray, view: View) -> dict[str, np.ndarray]:
        if self.exploration == 0:
            return {"best": scores}
        history = view.platform.history
        total = view.shared("ucb views", lambda: int(history.item_shown[view.platform.live].sum()))
        width = 2.0 * math.log(max(total, 1))
        views = view.item("shown").astype(np.float64) + self.head_start
        bonus = np.where(views > 0, self.exploration * np.sqrt(width / np.where(views > 0, views, 1.0)), np.inf)
        allowed = scores > -np.inf
        # an infinite bonus must not meet the -inf of what is no candidate
        summed = np.where(allowed, scores, np.float32(0)) + bonus.astype(np.float32)
        return {"best": np.where(allowed, summed, np.float32(-np.inf))}

    def fill(self, scores: np.ndarray, items: np.ndarray, view: View, slate: int) -> np.ndarray:
        return items[:, :slate]
