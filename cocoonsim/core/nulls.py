"""What chance alone would give: exact expectations of exposure measures, without a single random draw.

A short list looks narrow even when nobody narrowed it: ten draws from ten equal topics hold 2.55 bits, not 3.32. So every
measure is reported next to what its null model expects. All expectations here are exact sums over the distribution of
counts, or say how near they come; none is a simulation, so none adds noise of its own.

**Two ways to draw** `n` items: with replacement (a multinomial), or without, from a pool of so many items (a multivariate
hypergeometric). Both are independent counts that are *given to add up to n*, Poisson or binomial ones. So the expectation
of anything that is a product over topics, and the chance that no count exceeds m, is one coefficient of a product of
polynomials, with positive terms only: nothing cancels.

Source: own; conditioning independent counts on their sum is textbook, e.g. Johnson, Kotz & Balakrishnan (1997), Discrete
multivariate distributions.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

JS_GRID = 2**14
"""Steps of the table of expected Jensen-Shannon terms; between them it is read off a straight line (error < 1e-6 bits)."""


# ---------------------------------------------------------------------------------------------------- tables of counts
def log_choose(total: np.ndarray, n: int) -> np.ndarray:
    """log of "total choose c" for c = 0 ... n: float64 (k, n + 1), -inf where c exceeds the total.

    `total` (k,) need not be whole; a part of a marked item counts as one that can still be drawn.
    """
    left = np.asarray(total, np.float64)[:, None] - np.arange(n)
    with np.errstate(divide="ignore"):
        steps = np.log(np.maximum(left, 0.0) / np.arange(1, n + 1))
    return np.concatenate([np.zeros((len(left), 1)), np.cumsum(steps, axis=1)], axis=1)


def binomial_table(n: int, shares: np.ndarray) -> np.ndarray:
    """Chance of a count of c = 0 ... n in n draws with replacement: float64 (k, n + 1) for `shares` (k,).

    >>> binomial_table(2, np.array([0.5])).round(3).tolist()
    [[0.25, 0.5, 0.25]]
    """
    shares = np.asarray(shares, np.float64)[:, None]
    count = np.arange(n + 1)
    ways = np.exp(log_choose(np.array([n]), n))
    table: np.ndarray = ways * shares**count * (1.0 - shares) ** (n - count)
    return table


def hypergeometric_table(n: int, marked: np.ndarray, pool: int) -> np.ndarray:
    """Chance of a count of c = 0 ... n in n draws without replacement, `marked` (k,) of `pool` items being of a kind.

    >>> hypergeometric_table(2, np.array([2]), 4).round(3).tolist()
    [[0.167, 0.667, 0.167]]
    """
    marked = np.asarray(marked)
    others = log_choose(pool - marked, n)[:, ::-1]
    table: np.ndarray = np.exp(log_choose(marked, n) + others - log_choose(np.array([pool]), n)[0, n])
    return table


def expected_separable(table: np.ndarray, value: np.ndarray) -> float:
    """Expectation of a sum over topics of `value[count]`: `table` (k, n + 1) of chances, `value` (n + 1,) or (k, n + 1)."""
    return float((table * value).sum())


def entropy_terms(n: int) -> np.ndarray:
    """What a count of c = 0 ... n adds to the entropy of n items, in bits: float64 (n + 1,).

    >>> expected_separable(binomial_table(10, np.full(10, 0.1)), entropy_terms(10)).__round__(4)
    2.5527
    """
    share = np.arange(n + 1) / max(n, 1)
    return -share * np.log2(np.where(share > 0, share, 1.0))


def count_weights(n: int, shares: np.ndarray, pool: float | None = None) -> np.ndarray:
    """Terms (k, n + 1) of the independent counts which, given that they add up to n, are the counts of n draws.

    With replacement when `pool` is None (Poisson terms); else without, from `pool` items (binomial terms). Terms of a
    topic may share a factor: it cancels when one divides by the chance of adding up to n.
    """
    shares = np.asarray(shares, np.float64)
    shares = shares[shares > 0]
    count = np.arange(n + 1)
    if pool is None:
        logs = count * np.log(n * shares)[:, None] - (n * shares)[:, None]
        logs -= np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, n + 1)))])
    else:
        drawn = n / (pool + 1.0)  # below 1 even when all are drawn; any value gives the same answer
        logs = log_choose(shares * pool, n) + count * (np.log(drawn) - np.log1p(-drawn))
        logs += (shares * pool * np.log1p(-drawn))[:, None]
    weights: np.ndarray = np.exp(logs)
    return weights


def _product(polynomials: np.ndarray) -> np.ndarray:
    """The product of polynomials (k, ..., n + 1) over the first axis, cut after the n-th power."""
    n = polynomials.shape[-1] - 1
    while len(polynomials) > 1:
        half = len(polynomials) // 2
        left, right, odd = polynomials[:half], polynomials[half : 2 * half], polynomials[2 * half :]
        product = np.zeros_like(left)
        for power in range(n + 1):
            product[..., power:] += left[..., power : power + 1] * right[..., : n + 1 - power]
        polynomials = np.concatenate([product, odd])
    result: np.ndarray = polynomials[0]
    return result


# ---------------------------------------------------------------------------------------------------- topics of a list
def expected_largest_share(n: int, shares: np.ndarray, pool: float | None = None) -> float:
    """Expected share of the commonest topic among n items drawn with (`pool` None) or without replacement. Exact.

    >>> expected_largest_share(2, np.array([0.5, 0.5])), round(expected_largest_share(2, np.array([0.5, 0.5]), 4), 6)
    (0.75, 0.666667)
    """
    if n < 1:
        return float("nan")
    return _expected_largest_share(n, np.asarray(shares, np.float64).tobytes(), pool)


@lru_cache(maxsize=256)
def _expected_largest_share(n: int, float64_shares: bytes, pool: float | None) -> float:
    weights = count_weights(n, np.frombuffer(float64_shares), pool)
    larger = weights.sum(axis=0)[::-1].cumsum()[::-1]
    most = np.flatnonzero(np.append(larger[1:], 0.0) < 1e-20)[0]  # no count above it but with a chance that is nil
    at_most = np.append(np.arange(most), n)[:, None] >= np.arange(n + 1)  # a row for each m: only counts of at most m
    chances = _product(weights[:, None, :] * at_most)[:, n]
    return float((1.0 - chances[:-1] / chances[-1]).sum() / n)


def expected_effective(n: int, shares: np.ndarray, pool: float | None = None) -> float:
    """Expected effective number of topics, 2 to the entropy, of n items with (`pool` None) or without replacement. Exact.

    2^entropy = n times the product over topics of count^(-count / n): a product, so its expectation is exact too, which
    2^(expected entropy) would not be.

    >>> expected_effective(2, np.array([0.5, 0.5]))  # one topic or two, equally likely
    1.5
    """
    if n < 1:
        return float("nan")
    return _expected_effective(n, np.asarray(shares, np.float64).tobytes(), pool)


@lru_cache(maxsize=256)
def _expected_effective(n: int, float64_shares: bytes, pool: float | None) -> float:
    """Shares as bytes: a pool that does not change is the same question in every step."""
    shares = np.frombuffer(float64_shares)
    count = np.arange(n + 1)
    factor = np.exp(-count * np.log(np.maximum(count, 1)) / n)
    top, bottom = _product(count_weights(n, shares, pool)[:, None, :] * np.stack([factor, np.ones(n + 1)]))[:, n]
    return float(n * top / bottom)


def matched_pool(n: int, size: int, pool: int) -> float | None:
    """The pool out of which n draws at once vary as much as n items in feeds of `size`, each drawn without replacement.

    None when they vary as much as draws with replacement. A window over several feeds is neither one draw nor
    independent draws; with this pool the means and covariances of its counts are right, and both extremes are exact.

    >>> round(matched_pool(10, 10, 500), 6), matched_pool(50, 1, 500)  # one feed of 10; feeds of one item
    (500.0, None)
    """
    size = min(size, n, pool)
    if size <= 1 and pool > 1:
        return None
    rest = n % size  # the window may cut a feed in two
    spread = ((n - rest) * (pool - size) + rest * (pool - rest)) / (n * (pool - 1)) if pool > 1 else 0.0
    return (n - spread) / (1.0 - spread)


def pair_diversity(total: np.ndarray, squares: np.ndarray | float, n: np.ndarray | int) -> np.ndarray:
    """1 minus the mean dot product over all pairs of n vectors, from their sum (..., d) and the sum of their squares.

    NaN for fewer than two. As every pair of a pool is as likely as any other to be in a random list, the value for the
    pool is exactly what a list of any length drawn from it without replacement expects.
    """
    n = np.asarray(n, np.float64)
    products = (total * total).sum(axis=-1) - squares
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(n >= 2, products / (n * (n - 1.0)), np.nan)
    return np.maximum(1.0 - mean, 0.0)  # rounding may leave a hair below zero


@lru_cache(maxsize=512)
def expected_js_terms(n: int) -> np.ndarray:
    """What a topic of share p adds to the expected Jensen-Shannon divergence, in bits, of n own draws from the source.

    float64 (`JS_GRID` + 1,), for p = 0 ... 1 in equal steps: the sum over binomial counts c of the terms of c / n and p.
    """
    p = np.arange(JS_GRID + 1) / JS_GRID
    table = binomial_table(n, p)
    expected = np.zeros(JS_GRID + 1)
    for count in range(n + 1):
        expected += table[:, count] * js_terms(np.full(1, count / n), p)
    expected.setflags(write=False)
    return expected


def expected_js(n: int, shares: np.ndarray) -> np.ndarray:
    """Expected Jensen-Shannon divergence, in bits, between each row of `shares` (..., k) and n draws from that row."""
    table = expected_js_terms(n)
    place = np.asarray(shares, np.float64) * JS_GRID
    low = np.minimum(place.astype(np.int64), JS_GRID - 1)
    below = table[low]
    expected: np.ndarray = (below + (place - low) * (table[low + 1] - below)).sum(axis=-1)
    return expected


def js_terms(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """What shares `left` and `right` of a topic add to the Jensen-Shannon divergence, in bits; broadcasts.

    >>> float(js_terms(np.array([0.5, 0.5, 0]), np.array([0.5, 0, 0.5])).sum())
    0.5
    """
    return 0.5 * (_xlog2x(left) + _xlog2x(right)) - _xlog2x(0.5 * (left + right))


def _xlog2x(x: np.ndarray) -> np.ndarray:
    return x * np.log2(np.where(x > 0, x, 1.0))


# ---------------------------------------------------------------------------------------------------- shares of items
def expected_coverage(lengths: np.ndarray, n_items: int) -> float:
    """Expected share of items shown to anyone when `lengths[k]` users are each shown k of them at random. Exact.

    >>> expected_coverage(np.array([0, 3]), 2)
    0.875
    """
    if n_items < 1:
        return float("nan")
    with np.errstate(divide="ignore"):
        missed = np.log1p(-np.minimum(np.arange(len(lengths)) / n_items, 1.0))
    some = lengths > 0
    return float(-np.expm1((lengths[some] * missed[some]).sum()))


def expected_gini(lengths: np.ndarray, n_items: int) -> float:
    """Expected Gini coefficient of item exposures when `lengths[k]` users are each shown k items at random.

    Exact for any number of users: the counts of two items differ by a sum of steps -1, 0 and 1, one a user. The number of
    steps that are not 0 is a sum of binomials; given that number the difference is a fair coin walk, whose mean distance
    from home is known. Tails of the binomials beyond 9 standard deviations (1e-18) are left out. NaN when nothing is shown.
    """
    lengths = np.asarray(lengths, np.int64)
    size = np.arange(len(lengths))
    slots = float((size * lengths).sum())
    if slots == 0 or n_items < 1:
        return float("nan")
    if n_items == 1:
        return 0.0
    first, chances = 0, np.ones(1)
    for k in np.flatnonzero(lengths * size).tolist():
        one_of_two = (
            2.0 * k * max(n_items - k, 0) / (n_items * (n_items - 1.0))
        )  # shown one of two given items, not both
        low, more = _binomial(int(lengths[k]), one_of_two)
        first, chances = first + low, np.convolve(chances, more)
    far = _distance_from_home(first + len(chances))[first:]
    return float((n_items - 1) * (chances * far).sum() / (2.0 * slots))


def _binomial(n: int, p: float) -> tuple[int, np.ndarray]:
    """The binomial chances that are not vanishing, and the count at which they begin. By ratios of neighbours: stable."""
    if p <= 0.0 or p >= 1.0:
        return (0 if p <= 0.0 else n), np.ones(1)
    reach = 9.0 * np.sqrt(n * p * (1.0 - p)) + 30.0
    low, high = max(0, int(n * p - reach)), min(n, int(n * p + reach) + 1)
    count = np.arange(low, high)
    logs = np.concatenate([[0.0], np.cumsum(np.log((n - count) / (count + 1.0)) + np.log(p) - np.log1p(-p))])
    chances = np.exp(logs - logs.max())
    return low, chances / chances.sum()


def _distance_from_home(n: int) -> np.ndarray:
    """Mean distance from home after 0 ... n-1 fair steps of length 1: 0, 1, 1, 3/2, 3/2, 15/8, ..."""
    pairs = np.arange(1, n // 2 + 1)
    odd = np.cumprod(np.concatenate([[1.0], (2.0 * pairs + 1.0) / (2.0 * pairs)]))
    distance = np.repeat(odd, 2)  # the same after an odd number of steps and the next even one
    return np.concatenate([[0.0], distance])[:n]
