"""Spare room behind an array, so that adding a few rows does not copy all that are there."""

from __future__ import annotations

import numpy as np

_SPARE = 64


class Room:
    """A long array of which the first rows are in use; whoever holds fewer rows is not touched by what comes after.

    >>> old, room = Room(np.empty(0)).add(np.array([1, 2]), np.array([3]))
    >>> new, room = room.add(old, np.array([4]))
    >>> old.tolist(), new.tolist(), new.base is old.base
    ([1, 2, 3], [1, 2, 3, 4], True)
    """

    def __init__(self, rows: np.ndarray) -> None:
        self._rows, self._used = rows, 0

    def add(self, first: np.ndarray, more: np.ndarray) -> tuple[np.ndarray, Room]:
        """`first` followed by `more`, which has the same type and shape of rows, and the room for what will follow."""
        if more.shape[1:] != first.shape[1:] or more.dtype != first.dtype:
            raise ValueError(f"rows {more.dtype} {more.shape[1:]} do not fit behind {first.dtype} {first.shape[1:]}")
        room, had = self, len(first)
        n = had + len(more)
        # somebody else may have gone on from here already; then this is a new beginning
        if first.base is not self._rows or had != self._used or n > len(self._rows):
            room = Room(np.empty((n + n // 4 + _SPARE, *first.shape[1:]), first.dtype))
            room._rows[:had] = first
        room._rows[had:n] = more
        room._used = n
        return room._rows[:n], room
