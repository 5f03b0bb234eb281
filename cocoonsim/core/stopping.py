"""When a run may end before its last step: nothing moves any more, nothing can move any more, or everybody has parted."""

from __future__ import annotations

import numpy as np

from cocoonsim.core.follows import Follows
from cocoonsim.core.world import World

REASONS = ("steps", "frozen", "absorbed", "segregated")
"""Why a run ends: it was as long as it was to be, or one of these rules."""
SAME = 1e-3
"""Opinions closer than this count as one when it is asked whether anybody can still be drawn to anybody else."""


def frozen(before: World, after: World, tolerance: float) -> bool:
    """Whether no opinion and no interest moved by `tolerance` or more."""
    names = ("opinion", "interests")
    moved = (float(np.abs(after.users[name] - before.users[name]).max(initial=0.0)) for name in names)
    return all(far < tolerance for far in moved)


def absorbed(opinion: np.ndarray, within: float, same: float = SAME) -> bool:
    """Whether any two opinions (n,) are either the same, up to `same`, or further apart than `within`.

    Bounded confidence with that tolerance then changes nothing that matters.

    >>> absorbed(np.array([0.1, 0.1004, 0.9]), within=0.3), absorbed(np.array([0.1, 0.3, 0.9]), within=0.3)
    (True, False)
    """
    ordered = np.sort(opinion)
    following = np.searchsorted(ordered, ordered + same, side="right")  # the nearest one that is not the same
    some = following < len(ordered)
    return not (ordered[following[some]] - ordered[some] <= within).any()


def segregated(follows: Follows, opinion: np.ndarray, within: float) -> bool:
    """Whether the network has fallen into at least two pieces, in each of which opinions (n,) span at most `within`.

    Pieces are connected when the direction of ties is ignored.

    >>> apart = Follows.from_arcs(4, np.array([0, 3]), np.array([1, 2]))
    >>> segregated(apart, np.array([0.1, 0.2, 0.9, 0.8]), within=0.3)
    True
    """
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    n = follows.n_users
    if (np.abs(opinion[follows.sources()] - opinion[follows.targets]) > within).any():
        return False  # some tie alone spans more, so its piece does; it is quicker to see
    graph = csr_array((np.ones(follows.n_arcs, np.int8), follows.targets, follows.starts), shape=(n, n))
    pieces, label = connected_components(graph, directed=True, connection="weak")
    if pieces < 2:
        return False
    low, high = np.full(pieces, np.inf), np.full(pieces, -np.inf)
    np.minimum.at(low, label, opinion)
    np.maximum.at(high, label, opinion)
    return bool((high - low <= within).all())
