"""Tables: named columns of equal length."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from cocoonsim.core.room import Room

_NO_ROOM = Room()  # in which nothing fits, so nothing is ever put


class Columns(Mapping[str, np.ndarray]):
    """Named columns of equal length, read by attribute; changing one gives a new set.

    >>> people = Columns(age=np.array([30, 40]))
    >>> older = people.with_(age=people.age + 1)
    >>> people.age, older.age
    (array([30, 40]), array([31, 41]))
    """

    def __init__(self, **columns: np.ndarray) -> None:
        if len({len(column) for column in columns.values()}) > 1:
            lengths = {name: len(column) for name, column in columns.items()}
            raise ValueError(f"columns differ in length: {lengths}")
        self._hold(columns, len(next(iter(columns.values()))) if columns else 0)

    def _hold(self, columns: dict[str, np.ndarray], size: int) -> None:
        """Take over columns that are known to have `size` rows each."""
        self._columns = columns
        self.size = size
        """The number of rows."""
        self._derived: dict[str, Any] = {}
        self._of: dict[str, tuple[str, ...]] = {}
        """For each of `_derived` that says so, the columns it is computed from."""
        self._room = _NO_ROOM

    def __getitem__(self, name: str) -> np.ndarray:
        return self._columns[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        """How many columns; see `size` for how many rows."""
        return len(self._columns)

    def __getattr__(self, name: str) -> np.ndarray:
        columns: dict[str, np.ndarray] = self.__dict__.get("_columns", {})  # none yet while a copy is being made
        try:
            return columns[name]
        except KeyError:
            raise AttributeError(f"no column {name!r}; there are: {', '.join(columns)}") from None

    def with_(self, **columns: np.ndarray) -> Columns:
        """These columns with some added or replaced."""
        every, size = {**self._columns, **columns}, self.size
        for column in columns.values():
            if len(column) != size:
                return Columns(**every)  # which says what does not fit
        changed = _whole(every, size)
        changed._room = self._room
        for name, of in self._of.items():
            if columns.keys().isdisjoint(of):
                changed._derived[name], changed._of[name] = self._derived[name], of
        return changed

    def rows(self, rows: np.ndarray, **columns: np.ndarray) -> Columns:
        """Some of these rows, in the order asked for, with some columns replaced."""
        if len(rows) == 1 and rows.dtype != bool:  # a view of it is ten times quicker than a copy
            at = slice(int(rows[0]), (int(rows[0]) + 1) or None)
            some = {name: column[at] for name, column in self._columns.items()}
        else:
            some = {name: column[rows] for name, column in self._columns.items()}
        size = len(next(iter(some.values()))) if some else 0
        for column in columns.values():
            if len(column) != size:
                return Columns(**{**some, **columns})  # which says what does not fit
        return _whole({**some, **columns}, size)

    def with_rows(self, rows: np.ndarray, **changed: np.ndarray) -> Columns:
        """These columns with the given rows of some of them replaced."""
        new = {}
        for name, values in changed.items():
            column = self._columns[name].copy()
            column[rows] = values
            new[name] = column
        return self.with_(**new)

    def append(self, more: Columns, anew: tuple[str, ...] = ()) -> Columns:
        """These rows followed by `more`, which has the same columns. Costs what `more` costs, when done again and again.

        The columns `anew` are copied, so whoever is given the result may write to them.

        >>> one = Columns(x=np.array([1])).append(Columns(x=np.array([2])))
        >>> two = one.append(Columns(x=np.array([3])), anew=("x",))
        >>> two.x[0] = 9
        >>> one.x, two.x
        (array([1, 2]), array([9, 2, 3]))
        """
        columns, room = self._room.add(self._columns, more._columns, anew)
        longer = _whole(columns, self.size + more.size)
        longer._room = room
        return longer

    def derived(self, name: str, make: Callable[[], Any], *of: str) -> Any:
        """Something computed from these columns, computed once; from the columns `of` alone, as long as they stay the same."""
        if name not in self._derived:
            self._derived[name] = make()
            if of:
                self._of[name] = of
        return self._derived[name]

    def note(self, name: str, value: Any, *of: str) -> None:
        """What `derived` gives from now on under this name; as long as the columns `of`, if given, stay the same."""
        self._derived[name] = value
        if of:
            self._of[name] = of


def _whole(columns: dict[str, np.ndarray], size: int) -> Columns:
    """Columns that are known to have `size` rows each: posts and people change one at a time, and checks add up."""
    made = object.__new__(Columns)
    made._hold(columns, size)
    return made
