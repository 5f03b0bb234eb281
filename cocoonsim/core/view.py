"""What a ranking policy and a feed rule see: a block of users, a set of candidates, and behaviour. No mind in sight."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from cocoonsim.core.arrays import Vectors, exact_products, gather, unit_rows
from cocoonsim.core.chance import Dice
from cocoonsim.core.world import PlatformView, World, item_vectors

_DENSE = 4  # a table with so many items for each one asked for is laid out in full: entries are then at hand


@dataclass
class View:
    """A block of users and their candidates.

    `users` int64 (n,); `items` int32 (w,), the same candidates for all of them, or (n, w), a row each, padded with -1;
    `model` is what the policy's `learn` returned; `lists` are the short lists a feed rule asked for (when it fills).
    """

    platform: PlatformView
    users: np.ndarray
    items: np.ndarray
    dice: Dice
    model: Any = None
    lists: dict[str, tuple[np.ndarray, np.ndarray]] = field(default_factory=dict)
    _world: World | None = None
    _shared: dict[str, Any] = field(default_factory=dict, init=False)
    _units: list[tuple[np.ndarray, np.ndarray]] = field(default_factory=list, init=False)
    _part_of: tuple[View, slice] | None = None
    _cut: list[tuple[np.ndarray, np.ndarray]] = field(default_factory=list, init=False)
    """Rows of these users, and those of the view that this is a part of."""

    @property
    def step(self) -> int:
        return self.platform.step

    @property
    def minds(self) -> World:
        """The true world: only for a policy that says `sees_minds = True`."""
        if self._world is None:
            raise PermissionError("a policy that looks into minds must say so: sees_minds = True")
        return self._world

    @property
    def shape(self) -> tuple[int, int]:
        """(users, candidates)"""
        return len(self.users), self.items.shape[-1]

    def user(self, column: str) -> np.ndarray:
        """A column of these users: `clicked_topics` (n, topics), or a number each as (n, 1), to broadcast over items.

        It is the same array every time, and cannot be written to.
        """
        values = self.each(f"user {column}", lambda view: view.platform.user(column).take(view.users, axis=0))
        return values[:, None] if values.ndim == 1 else values

    def each(self, name: str, make: Callable[[View], np.ndarray]) -> np.ndarray:
        """Something with a row for each user, computed once, and for a part of a view at once for all whom it is a part of."""
        if name not in self._shared:
            if self._part_of is None:
                self._shared[name] = make(self)
                self._shared[name].setflags(write=False)  # others see it, too
            else:
                whole, part = self._part_of
                rows = whole.each(name, make)
                self._shared[name] = rows[part]
                self._cut.append((self._shared[name], rows))
        known: np.ndarray = self._shared[name]
        return known

    def shared(self, name: str, make: Callable[[], Any]) -> Any:
        """Something about these users that every tile of candidates needs, computed once; it must not be changed."""
        if name not in self._shared:
            self._shared[name] = make()
        return self._shared[name]

    def item(self, column: str) -> np.ndarray:
        """A column of the candidates, shaped like `items`; integers come as float32."""
        values = gather(self.platform.item(column), self.items)
        return values.astype(np.float32) if values.dtype.kind in "iub" else values

    def affinity(self, profile: np.ndarray, vectors: Vectors | None = None) -> np.ndarray:
        """float32 (n, w), -1 to 1: the cosine of each user's `profile` (n, d) with each candidate, exactly.

        `vectors` are the candidates' vectors, by default their topics. A profile of zeros has affinity 0 to all.
        """
        return self.products(self._on_grid(profile), vectors or item_vectors(self.platform.items))

    def _on_grid(self, profile: np.ndarray) -> np.ndarray:
        """`unit_rows`, once for one profile: that of a block meets many tiles."""
        units = next((known for given, known in self._units if given is profile), None)
        if units is None:
            whole, part = self._part_of or (self, slice(None))
            rows = next((rows for mine, rows in self._cut if mine is profile), None)
            units = unit_rows(profile) if rows is None else whole._on_grid(rows)[part]
            self._units = [*self._units[-7:], (profile, units)]
        return units

    def some(self, part: slice, items: np.ndarray) -> View:
        """Some of these users with candidates of their own; what is known of all is not worked out again for them."""
        return replace(self, users=self.users[part], items=items, lists={}, _part_of=(self, part))

    def products(self, rows: np.ndarray, vectors: Vectors) -> np.ndarray:
        """float32 (n, w): exact dot products of each user's row, which is on the grid, with the candidates' vectors."""
        return exact_products(rows, vectors, _as_slice(self.items))

    def pick(self, table: Any) -> np.ndarray:
        """float32 (n, w): the candidates' entries of `table`, a sparse CSR array of (these users, all items)."""
        if self.items.ndim == 1:
            return np.asarray(table[:, self.items].toarray(), np.float32)
        if table.shape[1] <= _DENSE * self.items.shape[1]:
            found = np.take_along_axis(table.toarray(), np.maximum(self.items, 0).astype(np.int64), axis=1)
            return np.asarray(found, np.float32)
        rows = np.repeat(np.arange(len(self.users)), self.items.shape[1])
        values = table[rows, np.maximum(self.items, 0).ravel()]
        return np.asarray(values, np.float32).reshape(self.items.shape)

    def uniform(self, stream: str) -> np.ndarray:
        """float32 (n, w), strictly between 0 and 1: a number for each (step, user, item), however the items are tiled."""
        return self.dice.pairs(stream, self.users, self.items)


def _as_slice(ids: np.ndarray) -> np.ndarray | slice:
    """Consecutive ids as a slice, so that a tile of the catalogue is read in place and not copied."""
    if ids.ndim == 1 and ids.size and int(ids[-1]) - int(ids[0]) + 1 == ids.size:
        return slice(int(ids[0]), int(ids[-1]) + 1)
    return ids
