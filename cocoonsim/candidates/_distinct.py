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
    again = np.unique(_equal_neighbours(np.sort(drawn.astype(np.int32), axis=1))[0])
    if again.size:  # few units draw a number twice when there are many to draw from
        drawn[again] = _first_different(dice, stream, units[again], size, high)
    return drawn


def _first_different(dice: Dice, stream: str, units: np.ndarray, size: int, high: int) -> np.ndarray:
    """The same for units of whom some draw a number twice."""
    draws = size + 8
    while True:
        drawn = dice.below(stream, units, draws, high)  # more draws begin with the same ones
        packed = np.sort((drawn << np.int64(32)) | np.arange(draws), axis=1)  # by number, then by turn
        row, place = _equal_neighbours(packed >> np.int64(32))
        again = np.sort(row * draws + (packed[row, place + 1] & np.int64(2**32 - 1)))  # by unit, then by turn
        row = again // draws
        nth = np.arange(again.size) - np.searchsorted(row, row)
        before = again - row * draws < size + nth  # a number that comes again before there are enough
        ends = size + np.bincount(row[before], minlength=len(units))
        if ends.max() <= draws:
            wanted = np.arange(draws) < ends[:, None]
            wanted.reshape(-1)[again] = False
            return drawn[wanted].reshape(len(units), size)
        draws *= 2


def _equal_neighbours(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Row and place of each number that is the same as the next one in its row."""
    flat, wide = rows.reshape(-1), rows.shape[1]
    found = np.flatnonzero(flat[1:] == flat[:-1])
    row, place = np.divmod(found, wide)
    inside = place < wide - 1  # the last of one row and the first of the next may well be the same
    return row[inside], place[inside]
