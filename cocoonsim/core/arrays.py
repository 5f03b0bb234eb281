"""Exact dot products, top-k by packed key, checks that speak.

**The grid.** Vectors are scaled to length 1 and cut to multiples of 2^-12. Then every product is a multiple of 2^-24,
every partial sum is at most 1, and a float32 dot product is *exact*: the same bits whatever the order, the block, the
thread or the library. Price: scores move by at most a few times 2^-12.

**The tie rule.** Items that score the same are ordered at random, by a code made of (step, user, item). Not by id: old
items have small ids and would win every cold start.
"""

from __future__ import annotations

import numpy as np

GRID = np.float32(4096)
NOBODY = -1
"""The id in an empty place of a feed or a padded row of candidates."""


def all_empty(feed: np.ndarray) -> bool:
    """Whether nobody is shown anything. Quick where somebody is: the first place of a feed is filled first.

    >>> all_empty(np.array([[-1, -1], [3, -1]]))
    False
    """
    return not feed.size or (feed[0, 0] == NOBODY and bool((feed == NOBODY).all()))


def unit_rows(rows: np.ndarray) -> np.ndarray:
    """Rows scaled to length 1 on the 2^-12 grid, float32 (n, d); a row of zeros stays zero.

    >>> unit_rows(np.array([[3.0, 4.0], [0.0, 0.0]])).tolist()  # 0.6 and 0.8, cut to the grid
    [[0.599853515625, 0.7998046875], [0.0, 0.0]]
    """
    rows = np.asarray(rows)
    wide = rows.astype(np.float64)
    length = np.sqrt((wide * wide).sum(axis=1, keepdims=True))
    wide /= np.where(length > 0, length, 1.0)
    # a hair above 1 could come from rounding and would make the dot product inexact: cut, never round
    return (np.trunc(wide.astype(np.float32) * GRID) / GRID).astype(np.float32)


def shares_on_grid(shares: np.ndarray) -> np.ndarray:
    """Non-negative rows that sum to at most 1, cut to the 2^-12 grid, float32.

    >>> shares_on_grid(np.array([[0.3, 0.7]])).tolist()
    [[0.2998046875, 0.699951171875]]
    """
    return (np.trunc(np.asarray(shares, np.float32) * GRID) / GRID).astype(np.float32)


class Vectors:
    """Unit vectors on the grid, kept row by row (to gather) and column by column (to multiply)."""

    def __init__(self, rows: np.ndarray) -> None:
        self.rows = unit_rows(rows)
        self.columns = np.ascontiguousarray(self.rows.T)

    @classmethod
    def of_shares(cls, shares: np.ndarray) -> Vectors:
        """Rows that sum to at most 1, cut to the grid and not scaled: a product of two of them is exact as well."""
        made = cls.__new__(cls)
        made.rows = shares_on_grid(shares)
        made.columns = np.ascontiguousarray(made.rows.T)
        return made


def exact_products(left: np.ndarray, right: Vectors, ids: np.ndarray | slice) -> np.ndarray:
    """Dot products of grid rows `left` (n, d) with the vectors `ids`: float32 (n, n_ids), the same bits every time.

    `ids` is a slice or a row of ids shared by all, or (n, c) ids, a row for each.
    """
    if isinstance(ids, slice) or ids.ndim == 1:
        return left @ right.columns[:, ids]
    gathered = np.take(right.rows, ids, axis=0, mode="clip")
    return np.matmul(gathered, left[:, :, None])[:, :, 0]


# ---------------------------------------------------------------------------------------------------- top-k
# A score and a tie code are packed into one int64 that sorts like (score, code): float32 bits made order-preserving in
# the upper half, the code in the lower. The code is the item id scrambled by a word of the user's; as the scrambling
# can be undone, the id comes back out of the winner's key.

_LOW = np.int64(0xFFFFFFFF)
_ODD_1, _ODD_2 = np.uint32(0x7FEB352D), np.uint32(0x846CA68B)
_UNDO_1, _UNDO_2 = np.uint32(pow(0x7FEB352D, -1, 2**32)), np.uint32(pow(0x846CA68B, -1, 2**32))


def scramble(ids: np.ndarray) -> np.ndarray:
    """uint32 like `ids`: a one-to-one mixing of whole numbers below 2^32 (lowbias32, Wellons, hash-prospector)."""
    x = ids.astype(np.uint32)
    x ^= x >> np.uint32(16)
    x *= _ODD_1
    x ^= x >> np.uint32(15)
    x *= _ODD_2
    x ^= x >> np.uint32(16)
    return x


def unscramble(codes: np.ndarray) -> np.ndarray:
    """What was scrambled."""
    x = codes.astype(np.uint32)
    x ^= x >> np.uint32(16)
    x *= _UNDO_2
    x ^= (x >> np.uint32(15)) ^ (x >> np.uint32(30))
    x *= _UNDO_1
    x ^= x >> np.uint32(16)
    return x


def pack(scores: np.ndarray, ids: np.ndarray, salts: np.ndarray) -> np.ndarray:
    """int64 keys that sort by score, then by the random order that `salts` (uint32, a word for each user) gives."""
    keys = (scores + np.float32(0)).view(np.int32).astype(np.int64)  # +0 turns -0.0 into 0.0: they are a tie
    keys ^= (keys >> np.int64(31)) & np.int64(0x7FFFFFFF)
    keys <<= np.int64(32)
    keys |= scramble(ids ^ salts).astype(np.int64)
    return keys


def unpack(keys: np.ndarray, salts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The scores (float32) and ids (int32) that `pack` was given."""
    bits = keys >> np.int64(32)
    bits ^= (bits >> np.int64(31)) & np.int64(0x7FFFFFFF)
    ids = unscramble((keys & _LOW).astype(np.uint32)) ^ salts
    return bits.astype(np.int32).view(np.float32), ids.astype(np.int32)


_EMPTY = np.iinfo(np.int64).min
_LOWEST = np.finfo(np.float32).min  # whatever is below is -inf: not a candidate
_LANES = 16  # maxima are taken over whole vectors of this many numbers


class TopK:
    """The k best candidates of each user in a block, gathered tile by tile.

    A score of -inf means "not a candidate". The result does not depend on how the candidates are cut into tiles.

    >>> top = TopK(k=2, salts=np.array([1], np.uint32))
    >>> top.push(np.array([[0.1, 0.9, 0.5]], np.float32), np.array([10, 11, 12]))
    >>> scores, items = top.result()
    >>> items
    array([[11, 12]], dtype=int32)
    """

    def __init__(self, k: int, salts: np.ndarray, distinct: bool = True) -> None:
        """`salts` uint32 (n,): a word of each user. `distinct`: no row of candidates holds an item twice."""
        self.k, self.salts, self.distinct = k, salts.astype(np.uint32), distinct
        self.best = np.full((len(salts), k), _EMPTY, np.int64)  # ascending in each row
        self.full = False

    def push(self, scores: np.ndarray, ids: np.ndarray) -> None:
        """Offer a tile: scores (n, w), ids (w,) or (n, w). An id below 0 or a score of -inf is nobody."""
        if not scores.shape[1]:
            return
        if ids.ndim == 2 and (ids < 0).any():
            scores = np.where(ids < 0, np.float32(-np.inf), scores)
        least = np.full((len(scores), 1), _LOWEST)
        if self.full:
            least = np.maximum(unpack(self.best[:, :1], self.salts[:, None])[0], least)
        elif self.distinct:  # an item that comes twice would count twice towards the cut
            least = np.maximum(self._cut(scores), least)
        row, column = np.divmod(np.flatnonzero(scores >= least), scores.shape[1])
        widths = np.bincount(row, minlength=len(self.salts))
        if self.distinct and (widths > 4 * self.k).any():
            row, column = self._thin_out(scores, ids, row, column, widths > 4 * self.k)
            widths = np.bincount(row, minlength=len(self.salts))
        if not row.size:
            return
        chosen = ids[column] if ids.ndim == 1 else ids[row, column]
        keys = pack(scores[row, column], chosen.astype(np.uint32), self.salts[row])
        place = np.arange(row.size) - np.repeat(np.cumsum(widths) - widths, widths)
        both = np.full((len(self.salts), self.k + int(widths.max())), _EMPTY, np.int64)
        both[:, : self.k] = self.best
        both[row, self.k + place] = keys
        both.sort(axis=1)
        if not self.distinct:
            twice = np.zeros(both.shape, bool)
            twice[:, 1:] = both[:, 1:] == both[:, :-1]
            both[twice] = _EMPTY
            both.sort(axis=1)
        self.best = np.ascontiguousarray(both[:, -self.k :])
        self.full = bool((self.best[:, 0] != _EMPTY).all())

    def _thin_out(
        self, scores: np.ndarray, ids: np.ndarray, row: np.ndarray, column: np.ndarray, crowded: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """In `crowded` rows, where many tie (nobody has clicked yet, say), let the tie codes decide early."""
        users = np.flatnonzero(crowded)
        some = (ids if ids.ndim == 1 else ids[users]).astype(np.uint32)
        keys = pack(scores[users], some, self.salts[users, None])
        keys[~(scores[users] >= _LOWEST)] = _EMPTY
        least = np.maximum(np.maximum(self._cut(keys), self.best[users, :1]), _EMPTY + 1)
        here, there = np.divmod(np.flatnonzero(keys >= least), keys.shape[1])
        apart = ~crowded[row]
        row, column = np.concatenate([row[apart], users[here]]), np.concatenate([column[apart], there])
        order = np.argsort(row, kind="stable")
        return row[order], column[order]

    def _cut(self, values: np.ndarray) -> np.ndarray | np.generic:
        """A score or key (n, 1) that at least k of the tile's candidates reach: nobody below it can be among the k best.

        The k-th largest of the maxima of groups of columns: far quicker than the k-th largest of all.
        """
        groups = -(-4 * self.k // _LANES) * _LANES
        size = values.shape[1] // groups
        if size < 2:
            return np.float32(-np.inf) if values.dtype == np.float32 else np.int64(_EMPTY)
        maxima = values[:, : size * groups].reshape(len(values), size, groups).max(axis=1)
        # turned round, as a partition from the top is many times slower when most values are equal
        if values.dtype == np.float32:
            return -np.partition(-maxima, self.k - 1, axis=1)[:, self.k - 1, None]
        return ~np.partition(~maxima, self.k - 1, axis=1)[:, self.k - 1, None]

    def result(self) -> tuple[np.ndarray, np.ndarray]:
        """Scores (n, k) float32 and item ids (n, k) int32, best first; empty places hold -inf and -1."""
        keys = self.best[:, ::-1]
        scores, items = unpack(keys, self.salts[:, None])
        empty = keys == _EMPTY
        return np.where(empty, np.float32(-np.inf), scores), np.where(empty, np.int32(NOBODY), items)


# ---------------------------------------------------------------------------------------------------- small helpers
def check_shape(name: str, array: np.ndarray, expected: tuple[int | str, ...]) -> None:
    """Raise a ValueError with both shapes unless `array` has the expected one; a name matches any length.

    >>> check_shape("scores", np.zeros((2, 3)), (2, "items"))
    >>> check_shape("scores", np.zeros((2, 3)), (2, 4))
    Traceback (most recent call last):
    ...
    ValueError: scores: expected shape (2, 4), got (2, 3)
    """
    fits = array.ndim == len(expected) and all(
        isinstance(want, str) or want == have for want, have in zip(expected, array.shape, strict=True)
    )
    if not fits:
        words = ", ".join(str(part) for part in expected)
        raise ValueError(f"{name}: expected shape ({words}), got {array.shape}")


def row_sums_to_one(rows: np.ndarray) -> np.ndarray:
    """Rows divided by their sums, float32; a row of zeros becomes uniform."""
    wide = np.asarray(rows, np.float64)
    total = wide.sum(axis=1, keepdims=True)
    even = np.float64(1.0 / wide.shape[1])
    return np.where(total > 0, wide / np.where(total > 0, total, 1.0), even).astype(np.float32)


def gather(column: np.ndarray, ids: np.ndarray, empty: float = 0) -> np.ndarray:
    """`column[ids]`, with `empty` in places whose id is -1 (an empty place in a feed).

    >>> gather(np.array([5, 6, 7]), np.array([[2, -1]]))
    array([[7, 0]])
    """
    out = np.take(column, np.maximum(ids, 0), axis=0)
    missing = ids < 0
    if missing.any():
        out[missing] = empty
    return out


def sum_by_row(values: np.ndarray, row: np.ndarray, n: int) -> np.ndarray:
    """Sums of `values` (m, d) over equal entries of `row` (m,), which ascends: (n, d), zeros where a row is missing.

    Added in the order given, row by row, so a sum does not depend on which other rows there are.

    >>> sum_by_row(np.array([[1.0], [2.0], [4.0]]), np.array([0, 2, 2]), 3).ravel()
    array([1., 0., 6.])
    """
    out = np.zeros((n, values.shape[1]), values.dtype)
    if row.size:
        first = np.flatnonzero(np.concatenate([[True], row[1:] != row[:-1]]))
        out[row[first]] = np.add.reduceat(values, first, axis=0)
    return out
