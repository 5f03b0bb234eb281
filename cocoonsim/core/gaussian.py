"""Normal beliefs about things on a ring: their covariance, draws from it, and what is left to know after some are known."""

from __future__ import annotations

import numpy as np


def places_apart(n: int) -> np.ndarray:
    """int64 (n,): how many places each of n things on a ring is from the first, the shorter way round.

    >>> places_apart(5).tolist()
    [0, 1, 2, 2, 1]
    """
    return np.minimum(np.arange(n), n - np.arange(n))


def ring_covariance(n: int, correlation: float, spread: float = 1.0) -> np.ndarray:
    """float64 (n, n): spread^2 x correlation^(places apart)."""
    apart = places_apart(n)[(np.arange(n)[:, None] - np.arange(n)[None, :]) % n]
    return spread**2 * np.where(apart == 0, 1.0, float(correlation) ** apart)


def ring_values(noise: np.ndarray, correlation: float, spread: float = 1.0) -> np.ndarray:
    """float64 (draws, n): draws with the covariance of `ring_covariance`, made from complex white noise (draws, n).

    The covariance is circulant, so a Fourier transform makes it diagonal and the draw is exact.
    """
    n = noise.shape[1]
    if not n:
        return np.empty(noise.shape)
    power = np.where(places_apart(n) == 0, 1.0, float(correlation) ** places_apart(n))
    strength = np.sqrt(np.maximum(np.fft.fft(power).real, 0.0) * n)
    values: np.ndarray = spread * np.fft.ifft(strength * noise, axis=1).real
    return values


def condition(
    mean: np.ndarray, covariance: np.ndarray, known: np.ndarray, values: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Means and variances (n, items) of normal beliefs after the items `known` (n, k; -1 is none) have shown their `values`.

    Beliefs start from `mean` (n, items), each with the same `covariance` (items, items). Exact conditioning.

    >>> covariance = np.array([[1.0, 0.5], [0.5, 1.0]])
    >>> mean, variance = condition(np.zeros((1, 2)), covariance, np.array([[0]]), np.array([[2.0, 9.0]]))
    >>> mean.tolist(), variance.tolist()
    ([[2.0, 1.0]], [[0.0, 0.75]])
    """
    start = np.broadcast_to(np.diag(covariance), mean.shape)
    after, left = mean.astype(np.float64).copy(), start.copy()
    sizes = (known >= 0).sum(axis=1)
    for size in np.flatnonzero(np.bincount(sizes)):
        if not size:
            continue
        rows = np.flatnonzero(sizes == size)
        items = known[rows, :size]  # those that are known stand first
        block = covariance[items[:, :, None], items[:, None, :]]
        across = covariance[items]  # (rows, size, items)
        gap = np.take_along_axis(values[rows] - mean[rows], items.astype(np.int64), axis=1)
        weights = np.linalg.solve(block, across)  # (rows, size, items)
        total, drop = np.zeros(after[rows].shape), np.zeros(after[rows].shape)
        for number in range(size):  # one by one: sums do not depend on who else is in the block
            total += weights[:, number] * gap[:, number, None]
            drop += weights[:, number] * across[:, number]
        after[rows] += total
        left[rows] = np.maximum(left[rows] - drop, 0.0)
        for number in range(size):
            left[rows, items[:, number]] = 0.0
            after[rows, items[:, number]] = values[rows, items[:, number]]
    return after, left
