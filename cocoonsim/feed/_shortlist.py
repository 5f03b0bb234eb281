"""What rules that choose from a short list have in common."""

from __future__ import annotations

import numpy as np

from cocoonsim.core.arrays import NOBODY


def stretched(scores: np.ndarray, there: np.ndarray) -> np.ndarray:
    """Scores (n, depth) moved to 0 ... 1 in each row; all 1 in a row where they are equal."""
    if not there.size or there.all():
        low, high = (
            scores.min(axis=1, keepdims=True, initial=np.inf),
            scores.max(axis=1, keepdims=True, initial=-np.inf),
        )
    else:
        low = np.where(there, scores, np.float32(np.inf)).min(axis=1, keepdims=True)
        high = np.where(there, scores, np.float32(-np.inf)).max(axis=1, keepdims=True)
        some = there.any(axis=1, keepdims=True)
        low, high = np.where(some, low, np.float32(0)), np.where(some, high, np.float32(0))
    spread = high - low
    moved: np.ndarray = (scores - low) / np.where(spread > 0, spread, np.float32(1))
    moved[(spread <= 0)[:, 0]] = 1
    return moved


class Picks:
    """Feeds that are filled one place at a time, each by the candidate of the largest worth that is left.

    `items` (n, depth) ids, padded with -1; a worth of -inf is never taken.
    """

    def __init__(self, items: np.ndarray) -> None:
        self.items = items.reshape(-1)
        self.starts = np.arange(len(items)) * items.shape[1]
        self.toll = np.where(items >= 0, np.float32(0), np.float32(-np.inf))  # -inf: nobody's place, or taken
        self.places: list[tuple[np.ndarray, np.ndarray]] = []
        """Of each place, where those who got it stand in the flattened table, and what they were worth; (n,) both."""

    def take(self, worth: np.ndarray) -> np.ndarray:
        """Fill the next place by `worth` (n, depth); of equals, the better scored.

        Returns where the candidates that were taken stand in the flattened table, (n,).
        """
        left = worth + self.toll
        best: np.ndarray = left.argmax(axis=1)
        best += self.starts
        self.places.append((best, left.reshape(-1).take(best)))
        self.toll.reshape(-1)[best] = -np.inf
        return best

    def feed(self) -> np.ndarray:
        """int32 (n, places): who got them; -1 where nobody was left."""
        best, worth = (np.stack(column, axis=1) for column in zip(*self.places, strict=True))
        return np.where(worth > -np.inf, self.items.take(best), np.int32(NOBODY))
