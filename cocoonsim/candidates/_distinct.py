"""Random sets of numbers, one set for each user or cohort: every set of a size is as likely as any other."""

from __future__ import annotations

import numpy as np

from cocoonsim.core.chance import Dice


def distinct_numbers(dice: Dice, stream: str, units: np.ndarray, size: int, high: int) -> np.ndarray:
    """int64 (n_units, size): different numbers 0 ... high-1 for each unit; `size` is below `high`."""
    if 2 * size <= high:
        return _drawn(dice, stream, units, size, high)
    # of most numbers it is quicker to draw those that are left out
    kept = np.ones((len(units), high), bool)
    np.put_along_axis(kept, _drawn(dice, stream, units, high - size, high), False, axis=1)
    return np.nonzero(kept)[1].reshape(len(units), size)


def _drawn(dice: Dice, stream: str, units: np.ndarray, size: int, high: int) -> np.ndarray:
    """The first `size` different numbers that each unit draws; at most half of all."""
    drawn = dice.below(stream, units, size, high)
    ordered = np.sort(drawn.astype(np.int32), axis=1)
    again = np.flatnonzero((ordered[:, 1:] == ordered[:, :-1]).any(axis=1))
    if again.size:  # few units draw a number twice when there are many to draw from
        drawn[again] = _first_different(dice, stream, units[again], size, high)
    return drawn


def _first_different(dice: Dice, stream: str, units: np.ndarray, size: int, high: int) -> np.ndarray:
    """The same for units of whom some draw a number twice."""
    draws = size + 8
    while True:
        drawn = dice.below(stream, units, draws, high)  # more draws begin with the same ones
        packed = np.sort((drawn << np.int64(32)) | np.arange(draws), axis=1)  # by number, then by turn
        later = np.zeros(drawn.shape, bool)
        later[:, 1:] = packed[:, 1:] >> np.int64(32) == packed[:, :-1] >> np.int64(32)
        again = np.zeros(drawn.shape, bool)
        np.put_along_axis(again, packed & np.int64(2**32 - 1), later, axis=1)
        nth = np.cumsum(~again, axis=1)
        if (nth[:, -1] >= size).all():
            return drawn[~again & (nth <= size)].reshape(len(units), size)
        draws *= 2
