"""Draw the feed by lot, with better odds for better scores.

Places are filled one after another; each remaining candidate is drawn with a chance proportional to
exp(inverse_temperature x score). At 0 every feed is pure chance, and with rising values it becomes `top`.

How: a Gumbel number for each (step, user, item) is added to inverse_temperature x score, and the largest sums are shown in
order. That is the same lottery, and needs no other candidate to be looked at.

Also known as: Boltzmann exploration, Gumbel top-k, Plackett-Luce sampling, sampling without replacement.
Source: Kool, van Hoof & Welling (2019), Stochastic beams and where to find them (the Gumbel top-k trick); Luce (1959),
Individual choice behavior.
"""

from __future__ import annotations

import numpy as np

from cocoonsim.core.chance import gumbel
from cocoonsim.core.setting import setting
from cocoonsim.core.view import View
from cocoonsim.feed import Feed


class Softmax(Feed):
    inverse_temperature: float = setting(
        10.0,
        low=0.0,
        high=1e6,
        help="How much scores count against luck; 0 = pure luck. Mind the scale of the ranking's scores",
    )

    def shortlists(self, scores: np.ndarray, view: View) -> dict[str, np.ndarray]:
        luck = gumbel(view.uniform("softmax"))
        allowed = scores > -np.inf
        pull = np.where(allowed, scores, np.float32(0)) * np.float32(self.inverse_temperature)
        return {"best": np.where(allowed, pull + luck, np.float32(-np.inf))}

    def fill(self, scores: np.ndarray, items: np.ndarray, view: View, slate: int) -> np.ndarray:
        return items[:, :slate]
