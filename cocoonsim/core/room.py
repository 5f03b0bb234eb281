"""Spare room behind the columns of a table, so that adding a few rows does not copy all that are there."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

_SPARE = 64


class Room:
    """Long columns of which the first rows are in use; whoever holds fewer rows is not touched by what comes after.

    >>> old, room = Room().add({"x": np.empty(0)}, {"x": np.array([1.0, 2.0])})
    >>> new, room = room.add(old, {"x": np.array([3.0])})
    >>> old["x"].tolist(), new["x"].tolist(), new["x"].base is old["x"].base
    ([1.0, 2.0], [1.0, 2.0, 3.0], True)
    """

    def __init__(self) -> None:
        self._rows: dict[str, np.ndarray] = {}
        self._size = self._used = 0

    def add(
        self, first: Mapping[str, np.ndarray], more: Mapping[str, np.ndarray], anew: tuple[str, ...] = ()
    ) -> tuple[dict[str, np.ndarray], Room]:
        """The columns `first` followed by `more`, which has the same names and types, and the room for what will follow.

        The columns `anew` get rows that nobody else has seen.
        """
        had = len(next(iter(first.values()))) if first else 0
        n = had + (len(next(iter(more.values()))) if more else 0)
        rows, size = self._rows, self._size
        onward = had == self._used and n <= size  # else somebody has gone on from here already, or it is full
        if onward:
            self._used = n
        else:
            rows, size = {}, n + n // 4 + _SPARE
        whole: dict[str, np.ndarray] = {}
        made: dict[str, np.ndarray] = {}
        for name, column in first.items():
            added = more[name]
            if added.dtype != column.dtype or (column.ndim > 1 and added.shape[1:] != column.shape[1:]):
                raise ValueError(
                    f"{name}: rows {added.dtype} {added.shape[1:]} do not fit behind {column.dtype} {column.shape[1:]}"
                )
            block = rows.get(name)
            # a column that was replaced has a room of its own from here on
            if block is None or column.base is not block or name in anew:
                block = made[name] = np.empty((size, *column.shape[1:]), column.dtype)
                block[:had] = column
            block[had:n] = added
            whole[name] = block[:n]
        if not made:
            return whole, self
        room = Room()
        room._rows, room._size, room._used = {**rows, **made}, size, n
        return whole, room
