"""Who resembles whom, from clicks: cosines of sparse rows, and the nearest of them."""

from __future__ import annotations

from typing import Any

import numpy as np


def clicked(history: Any) -> Any:
    """A CSR array (n_users, n_items) of ones where a user has clicked an item at least once, float64."""
    marks = history.pairs("clicks").astype(np.float64)
    marks.sum_duplicates()
    marks.data[:] = 1.0
    return marks


def cosines(rows: Any, others: Any, shrink: float) -> Any:
    """CSR (n, m): common / (sqrt(size x size) + shrink) for rows of two 0/1 arrays with the same columns."""
    common = (rows @ others.T).tocsr()
    row = np.repeat(np.arange(common.shape[0]), np.diff(common.indptr))
    size, other_size = (np.diff(marks.indptr).astype(np.float64) for marks in (rows, others))
    common.data = common.data / (np.sqrt(size[row] * other_size[common.indices]) + shrink)
    return common


def nearest(similar: Any, k: int, skip: np.ndarray) -> Any:
    """CSR like `similar` with the k largest entries of each row; all that tie with the last of them stay.

    `skip` (n,) is a column to leave out of each row: oneself.
    """
    from scipy.sparse import csr_array

    row = np.repeat(np.arange(similar.shape[0]), np.diff(similar.indptr))
    kept = (similar.indices != skip[row]) & (similar.data > 0)
    row, column, value = row[kept], similar.indices[kept], similar.data[kept]
    order = np.lexsort((-value, row))
    sizes = np.bincount(row, minlength=similar.shape[0])
    place = np.arange(row.size) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    least = np.full(similar.shape[0], -np.inf)
    last = place == k - 1
    least[row[order][last]] = value[order][last]
    near = value >= least[row]
    return csr_array((value[near], (row[near], column[near])), shape=similar.shape)


def wide_enough(table: Any, n_items: int) -> Any:
    """The same with empty columns for items published since."""
    if table.shape[1] == n_items:
        return table
    wider = table.copy()
    wider.resize((table.shape[0], n_items))
    return wider
