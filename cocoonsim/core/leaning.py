"""Where topics lie on the opinion axis, and tastes that lean to one side of it."""

from __future__ import annotations

import numpy as np


def topic_places(n_topics: int) -> np.ndarray:
    """float64 (n_topics,): topics spread evenly over the opinion axis, from -1 to 1; a single topic lies at 0.

    People and content both use it: whoever likes the first topics leans to -1, and so does what is written on them.

    >>> topic_places(5).tolist()
    [-1.0, -0.5, 0.0, 0.5, 1.0]
    """
    return np.linspace(-1.0, 1.0, n_topics) if n_topics > 1 else np.zeros(1)


def mean_place(shares: np.ndarray, places: np.ndarray | None = None) -> np.ndarray:
    """float64 (n,): the mean place of each row's topics, weighted by its shares (n, n_topics)."""
    where = topic_places(shares.shape[1]) if places is None else places
    # einsum and not a matrix product: each row is summed by itself, in one order, on any machine
    return np.einsum("nt,t->n", np.asarray(shares, np.float64), where)


def leaning_weights(sides: np.ndarray, n_topics: int, lean: float) -> np.ndarray:
    """float64 (n, n_topics), rows sum to 1: the mean taste of someone on a side (-1 to 1).

    A topic's weight is proportional to exp(lean x side x place of the topic): with a lean of 0 all topics weigh the same.
    """
    slope = lean * np.asarray(sides, np.float64)[:, None] * topic_places(n_topics)[None, :]
    weights = np.exp(slope - slope.max(axis=1, keepdims=True))
    return weights / weights.sum(axis=1, keepdims=True)


def dirichlet_rows(weights: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """float64 (n, k), rows sum to 1: a draw from a Dirichlet distribution for each row of `weights` (n, k), all above 0.

    The gamma numbers behind it are kept as logarithms, so that weights near 0 do not end in a row of zeros.
    """
    weights = np.asarray(weights, np.float64)
    # a gamma number of shape a is one of shape a + 1 times U^(1/a)
    logs = np.log(generator.standard_gamma(weights + 1.0)) + np.log1p(-generator.random(weights.shape)) / weights
    rows = np.exp(logs - logs.max(axis=1, keepdims=True))
    return rows / rows.sum(axis=1, keepdims=True)
