"""Exact dot products, checks that speak, small helpers.

**The grid.** Vectors are scaled to length 1 and cut to multiples of 2^-12. Then every product is a multiple of 2^-24,
every partial sum is at most 1, and a float32 dot product is *exact*: the same bits whatever the order, the block, the
thread or the library. Price: scores move by at most a few times 2^-12.
"""

from __future__ import annotations

import numpy as np

GRID = np.float32(4096)
_TINY = 1e-140
_AT_ONCE = 1_048_576  # bytes of vectors that are gathered at a time: they are used while they are in the cache
NOBODY = -1
"""The id in an empty place of a feed or a padded row of candidates."""


def all_empty(feed: np.ndarray) -> bool:
    """Whether nobody is shown anything. Quick where somebody is: the first place of a feed is filled first.

    >>> all_empty(np.array([[-1, -1], [3, -1]]))
    False
    """
    return not feed.size or (feed[0, 0] == NOBODY and bool((feed == NOBODY).all()))


def unit_rows(rows: np.ndarray) -> np.ndarray:
    """Rows scaled to length 1 on the 2^-12 grid, float32 (n, d); a row of zeros (or so small that its squares are) is zero.

    >>> unit_rows(np.array([[3.0, 4.0], [0.0, 0.0]])).tolist()  # 0.6 and 0.8, cut to the grid
    [[0.599853515625, 0.7998046875], [0.0, 0.0]]
    """
    rows = np.asarray(rows)
    wide = rows.astype(np.float64)
    length = np.sqrt(np.add.reduce(wide * wide, axis=1, keepdims=True))
    if not length.min(initial=np.inf) >= _TINY:  # not a number is not, either
        tiny = np.flatnonzero((length > 0) & (length < _TINY))
        if tiny.size:  # squares this small have lost their digits, so the length would be wrong
            wide[tiny] /= np.abs(wide[tiny]).max(axis=1, keepdims=True)
            length[tiny] = np.sqrt(np.add.reduce(wide[tiny] * wide[tiny], axis=1, keepdims=True))
        length[length == 0] = 1.0
    wide /= length
    # a hair above 1 could come from rounding and would make the dot product inexact: cut, never round
    return _cut_to_grid(wide.astype(np.float32))


def shares_on_grid(shares: np.ndarray) -> np.ndarray:
    """Non-negative rows that sum to at most 1, cut to the 2^-12 grid, float32.

    >>> shares_on_grid(np.array([[0.3, 0.7]])).tolist()
    [[0.2998046875, 0.699951171875]]
    """
    return _cut_to_grid(np.array(shares, np.float32))


def _cut_to_grid(rows: np.ndarray) -> np.ndarray:
    """Numbers cut to multiples of 2^-12 towards zero, in place."""
    rows *= GRID
    np.trunc(rows, out=rows)
    rows /= GRID
    return rows


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
        columns = right.columns[:, ids] if isinstance(ids, slice) else right.rows.take(ids, axis=0).T
        with np.errstate(invalid="ignore"):  # see `row_products`
            return left @ columns
    few = max(1, _AT_ONCE // max(1, right.rows[:1].nbytes * ids.shape[1]))
    if len(ids) <= few:
        return row_products(right.rows.take(ids, axis=0, mode="clip"), left)
    out = np.empty(ids.shape, np.float32)
    rows = np.empty((few, ids.shape[1], right.rows.shape[1]), np.float32)
    for part in (slice(low, low + few) for low in range(0, len(ids), few)):
        some = ids[part]
        right.rows.take(some, axis=0, mode="clip", out=rows[: len(some)])
        out[part] = row_products(rows[: len(some)], left[part])
    return out


def row_products(rows: np.ndarray, left: np.ndarray) -> np.ndarray:
    """Dot products of each left (n, d) with rows of its own (n, c, d): (n, c). All numbers must be finite.

    >>> row_products(np.array([[[1.0, 0.0], [0.5, 0.5]]]), np.array([[3.0, 4.0]])).tolist()
    [[3.0, 3.5]]
    """
    # OpenBLAS may raise the flag for what it computes in unused lanes (numpy issue 24067): here it says nothing
    with np.errstate(invalid="ignore"):
        return np.matvec(rows, left)


def products_across(left: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """`row_products` of each left (n, d) with columns of its own (n, d, c): (n, c).

    >>> products_across(np.array([[3.0, 4.0]]), np.array([[[1.0, 0.5], [0.0, 0.5]]])).tolist()
    [[3.0, 3.5]]
    """
    with np.errstate(invalid="ignore"):
        return np.vecmat(left, columns)


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
    if (total > 0).all():
        return (wide / total).astype(np.float32)
    even = np.float64(1.0 / wide.shape[1])
    return np.where(total > 0, wide / np.where(total > 0, total, 1.0), even).astype(np.float32)


def gather(column: np.ndarray, ids: np.ndarray, empty: float = 0) -> np.ndarray:
    """`column[ids]`, with `empty` in places whose id is -1 (an empty place in a feed).

    >>> gather(np.array([5, 6, 7]), np.array([[2, -1]]))
    array([[7, 0]])
    """
    missing = ids < 0
    if not missing.any():
        return column.take(ids, axis=0)
    if not len(column):  # nothing exists yet, so all places are empty
        return np.full((*ids.shape, *column.shape[1:]), empty, column.dtype)
    out = np.take(column, np.maximum(ids, 0), axis=0)
    out[missing] = empty
    return out


def count_true(marked: np.ndarray) -> np.ndarray:
    """int64 (n,): how many places of each row of `marked` (n, w) are True.

    A product with ones, exact as all sums are whole and below 2^24: five times as quick as `sum` along short rows.

    >>> count_true(np.array([[True, False, True], [False, False, False]]))
    array([2, 0])
    """
    counts: np.ndarray = marked.view(np.uint8).astype(np.float32) @ np.ones(marked.shape[1], np.float32)
    return counts.astype(np.int64)


def squares(gaps: np.ndarray) -> np.ndarray:
    """float64 (...): squared Euclidean lengths of `gaps` (..., dims), added dimension by dimension.

    >>> squares(np.array([[3.0, -4.0]]))
    array([25.])
    """
    total: np.ndarray = np.square(gaps[..., 0])
    for dim in range(1, gaps.shape[-1]):
        total += np.square(gaps[..., dim])
    return total


def lengths(gaps: np.ndarray) -> np.ndarray:
    """float64 (...): Euclidean lengths of `gaps` (..., dims).

    >>> lengths(np.array([[3.0, -4.0]])), lengths(np.array([[-2.0]]))
    (array([5.]), array([2.]))
    """
    if gaps.shape[-1] == 1:  # the same number, but for those so small that their squares are 0
        return np.abs(gaps[..., 0])
    found: np.ndarray = np.sqrt(squares(gaps))
    return found


def sum_by_row(values: np.ndarray, row: np.ndarray, n: int) -> np.ndarray:
    """Sums of `values` (m, d) over equal entries of `row` (m,), which ascends: (n, d), zeros where a row is missing.

    Added in the order given, row by row, so a sum does not depend on which other rows there are.

    >>> sum_by_row(np.array([[1.0], [2.0], [4.0]]), np.array([0, 2, 2]), 3).ravel()
    array([1., 0., 6.])
    """
    out = np.zeros((n, values.shape[1]), values.dtype)
    if row.size:
        first = first_of_each(row)
        out[row[first]] = values if len(first) == len(row) else np.add.reduceat(values, first, axis=0)
    return out


def first_of_each(ascending: np.ndarray) -> np.ndarray:
    """int64: where each different number of an ascending row comes first.

    >>> first_of_each(np.array([3, 3, 5]))
    array([0, 2])
    """
    if ascending.size and ascending[0] == ascending[-1]:
        return np.zeros(1, np.int64)
    changes = np.empty(ascending.size, bool)
    changes[:1] = True
    np.not_equal(ascending[1:], ascending[:-1], out=changes[1:])
    return changes.nonzero()[0]
