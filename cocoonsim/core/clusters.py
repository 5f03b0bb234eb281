"""Items that point in nearly the same direction, put together: what lets a full scan skip most of a catalogue.

A clustering only ever saves time. Whatever it is, `core/pruning.py` finds the same items; so it may be rough, and it is:
k-means on the sphere, a few rounds on a sample. The start is a fixed rule (every so-manyth vector), no random numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np

from cocoonsim.core.arrays import Vectors

_PER_CLUSTER = 256  # items; fewer make the bounds dearer than the scan they save, more make them loose
_MOST = 1024  # clusters: a bound is worked out for each user and each cluster
_SAMPLE = 16  # items looked at for each cluster when the centres are sought
_ROUNDS = 5
_ROWS = 1024  # vectors compared with all centres at once: bounds the memory, changes nothing


@dataclass(frozen=True)
class Clusters:
    """`centres` float32 (n_clusters, d) of length 1; `labels` int32 (n,): the cluster of each vector.

    Centres that follow each other are mostly near each other. A vector of zeros has no direction: it gets the label
    n_clusters, which has no centre.
    """

    centres: np.ndarray
    labels: np.ndarray


_KNOWN: WeakKeyDictionary[Vectors, Clusters] = WeakKeyDictionary()


def clusters_of(vectors: Vectors) -> Clusters:
    """The clusters of some vectors; worked out once for each `Vectors` and forgotten with it."""
    known = _KNOWN.get(vectors)
    if known is None:
        known = _KNOWN[vectors] = find_clusters(vectors.rows, min(len(vectors.rows) // _PER_CLUSTER, _MOST))
    return known


def find_clusters(rows: np.ndarray, count: int) -> Clusters:
    """At most `count` clusters (at least one) of vectors (n, d) by direction.

    >>> rows = np.array([[1, 0], [0, 1], [0.9, 0.1], [0.1, 0.9]])
    >>> find_clusters(rows, 2).labels
    array([0, 1, 0, 1], dtype=int32)
    """
    lengths = np.sqrt(np.einsum("ij,ij->i", rows, rows, dtype=np.float64))
    directed = np.flatnonzero(lengths > 0)
    if not directed.size:
        return Clusters(np.empty((0, rows.shape[1]), np.float32), np.zeros(len(rows), np.int32))
    count = max(1, min(count, directed.size))
    sample = directed[_evenly(directed.size, _SAMPLE * count)]
    centres = _centres((rows[sample] / lengths[sample, None]).astype(np.float32), count)
    # neighbours next to each other, so that users in the order of their clusters are like those around them
    coarse = nearest(centres, _centres(centres, max(1, round(count**0.5))))
    centres = centres[np.argsort(coarse, kind="stable")]
    labels = np.full(len(rows), len(centres), np.int32)
    labels[directed] = nearest(rows[directed], centres)
    return Clusters(centres, labels)


def nearest(rows: np.ndarray, centres: np.ndarray) -> np.ndarray:
    """int32 (n,): which of the centres (m, d), all of length 1, is nearest in direction to each row (n, d).

    0 where there are no centres.
    """
    out = np.zeros(len(rows), np.int32)
    if not len(centres):
        return out
    across = np.ascontiguousarray(centres.T, np.float32)
    for low in range(0, len(rows), _ROWS):
        part = slice(low, low + _ROWS)
        out[part] = (rows[part].astype(np.float32, copy=False) @ across).argmax(axis=1)
    return out


def _centres(rows: np.ndarray, count: int) -> np.ndarray:
    """Centres (count, d) of length 1, by Lloyd's rounds: each vector to the nearest centre, each centre to its mean."""
    centres = rows[_evenly(len(rows), count)]
    for _ in range(_ROUNDS):
        labels = nearest(rows, centres)
        sums = np.stack([np.bincount(labels, column, count) for column in rows.T], axis=1)
        lengths = np.sqrt((sums * sums).sum(axis=1, keepdims=True))
        # an empty cluster, or one whose vectors cancel out, stays where it is
        moved = sums / np.where(lengths > 0, lengths, 1.0)
        centres = np.where(lengths > 1e-9, moved, centres).astype(np.float32)
    return centres


def _evenly(n: int, take: int) -> np.ndarray:
    """int64: at most `take` places spread evenly over range(n), ascending, none twice."""
    return np.arange(n) if take >= n else np.arange(take) * n // take
