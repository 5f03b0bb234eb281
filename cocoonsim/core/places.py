"""Some out of very many places, without looking at each: the ties of random graphs.

A random graph of a million users has 10^12 places for a tie and fills ten million of them. Both functions cost time and
memory in proportion to the filled ones only.

Source: Batagelj & Brandes (2005), Efficient generation of large random networks (the gaps between ties are geometric).
"""

from __future__ import annotations

import math

import numpy as np


def each_with_chance(n_places: int, chance: float, generator: np.random.Generator) -> np.ndarray:
    """int64, ascending: places of range(n_places), each taken with the same chance and independently of the others.

    >>> from cocoonsim.core.chance import Chance
    >>> each_with_chance(5, 1.0, Chance(1).generator("example")).tolist()
    [0, 1, 2, 3, 4]
    """
    if n_places <= 0 or chance <= 0.0:
        return np.empty(0, np.int64)
    if chance >= 1.0:
        return np.arange(n_places, dtype=np.int64)
    expected = n_places * chance
    parts: list[np.ndarray] = []
    last = -1
    while last < n_places:
        # a few standard deviations more than expected: one round nearly always does
        left = (n_places - 1 - last) * chance if parts else expected
        gaps = generator.geometric(chance, int(left + 4.0 * math.sqrt(left)) + 16)
        np.minimum(gaps, n_places + 1, out=gaps)  # one gap past the end is as good as any other, and cannot overflow
        taken = last + np.cumsum(gaps)
        last = int(taken[-1])
        parts.append(taken)
    found = np.concatenate(parts)
    return found[: np.searchsorted(found, n_places)]


def exactly(n_places: int, n_taken: int, generator: np.random.Generator) -> np.ndarray:
    """int64, ascending: exactly `n_taken` of range(n_places), every choice of them equally likely.

    >>> from cocoonsim.core.chance import Chance
    >>> exactly(4, 4, Chance(1).generator("example")).tolist()
    [0, 1, 2, 3]
    """
    if not 0 <= n_taken <= n_places:
        raise ValueError(f"cannot take {n_taken} of {n_places} places")
    if n_taken > n_places // 2:  # fewer to draw when the free places are drawn instead
        free = np.ones(n_places, bool)
        free[exactly(n_places, n_places - n_taken, generator)] = False
        return np.flatnonzero(free)
    found = np.empty(0, np.int64)
    while len(found) < n_taken:  # never more draws than places still wanted: so the set stays evenly distributed
        drawn = np.concatenate([found, generator.integers(0, n_places, n_taken - len(found))])
        drawn.sort()
        found = drawn[np.concatenate([[True], drawn[1:] != drawn[:-1]])] if drawn.size else drawn
    return found


def unordered_pairs(places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The pairs (larger, smaller), int64, that places 0, 1, 2, ... of the pairs (1,0), (2,0), (2,1), (3,0), ... stand for.

    >>> unordered_pairs(np.array([0, 1, 2, 3]))
    (array([1, 2, 2, 3]), array([0, 0, 1, 0]))
    """
    larger = ((1.0 + np.sqrt(1.0 + 8.0 * places)) / 2.0).astype(np.int64)
    # the root may be off by one for large places
    larger -= larger * (larger - 1) // 2 > places
    larger += larger * (larger + 1) // 2 <= places
    return larger, places - larger * (larger - 1) // 2
