"""Show the best-scored candidates, best first.

Also known as: top-k, greedy selection, exploitation only.
Source: own; the default of every recommender library.
"""

from __future__ import annotations

import numpy as np

from cocoonsim.core.view import View
from cocoonsim.feed import Feed


class Top(Feed):
    def fill(self, scores: np.ndarray, items: np.ndarray, view: View, slate: int) -> np.ndarray:
        return items[:, :slate]
