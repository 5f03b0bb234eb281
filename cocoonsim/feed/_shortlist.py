"""What rules that choose from a short list have in common."""

from __future__ import annotations

import numpy as np

from cocoonsim.core.arrays import NOBODY


def stretched(scores: np.ndarray, there: np.ndarray) -> np.ndarray:
    """Scores (n, depth) moved to 0 ... 1 in each row; all 1 in a row where they are equal."""
    low = np.where(there, scores, np.float32(np.inf)).min(axis=1, keepdims=True)
    high = np.where(there, scores, np.float32(-np.inf)).max(axis=1, keepdims=True)
    some = there.any(axis=1, keepdims=True)
    low, high = np.where(some, low, np.float32(0)), np.where(some, high, np.float32(0))
    spread = high - low
    return np.where(spread > 0, (scores - low) / np.where(spread > 0, spread, np.float32(1)), np.float32(1))


class Picks:
    """Feeds that are filled one place at a time, each by the candidate of the largest worth that is left.

    `items` (n, depth) ids, padded with -1; a worth of -inf is never taken.
    """

    def __init__(self, items: np.ndarray, slate: int) -> None:
        self.items, self.row = items, np.arange(len(items))
        self.feed = np.full((len(items), slate), NOBODY, np.int32)
        self.left = items >= 0

    def take(self, place: int, worth: np.ndarray) -> np.ndarray:
        """Fill one place by `worth` (n, depth); of equals, the better scored. Returns the columns taken, (n,)."""
        worth = np.where(self.left, worth, np.float32(-np.inf))
        best: np.ndarray = worth.argmax(axis=1)
        found = self.left[self.row, best]
        self.feed[:, place] = np.where(found, self.items[self.row, best], np.int32(NOBODY))
        self.left[self.row, best] = False
        return best
