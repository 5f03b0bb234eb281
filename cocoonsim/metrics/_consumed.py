"""What people have clicked so far, today included, and how far apart items lie."""

from __future__ import annotations

from typing import Any

import numpy as np

from cocoonsim.core.moment import Moment
from cocoonsim.core.world import Columns, World, item_vectors

SPACES = ("topics", "stance", "position")
"""Where distances are taken: 1 - cosine of topics, Euclidean between stances, or the shorter way round the ring, 0 to 1/2."""


def consumed(moment: Moment) -> Any:
    """CSR (n, n_items) of ones: the items that each of `moment.users` has clicked at least once by the end of the step."""
    from scipy.sparse import csr_array

    row, place = np.nonzero(moment.clicks)
    shape = (len(moment.users), moment.world.n_items)
    today = csr_array((np.ones(row.size, np.int32), (row, moment.feed[row, place])), shape=shape)
    before = moment.history.pairs("clicks")[moment.users]
    if before.shape != shape:
        before.resize(shape)
    both = (before + today).tocsr()
    both.sum_duplicates()
    both.sort_indices()
    both.data = np.ones(both.nnz)
    return both


def apart(items: Columns, one: np.ndarray, other: np.ndarray, by: str) -> np.ndarray:
    """float64 like the broadcast of two arrays of ids: how far the items are apart in one of `SPACES`."""
    if by == "position":
        gap = np.abs(items.position[one] - items.position[other])
        return np.minimum(gap, 1.0 - gap)
    if by == "stance":
        gap = items.stance[one] - items.stance[other]
        return np.sqrt((gap * gap).sum(axis=-1))
    rows = item_vectors(items).rows
    return 1.0 - (rows[one] * rows[other]).sum(axis=-1).astype(np.float64)


def space_misfits(by: str, world: World) -> list[tuple[str, str]]:
    """What is wrong with measuring distances in a space, for `Component.misfits`."""
    if by != "position" or "position" in world.items:
        return []
    return [("by", "the items have no position. Choose a catalogue that gives them one, such as ring")]
