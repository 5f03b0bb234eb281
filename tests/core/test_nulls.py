"""Exact nulls against enumeration of all cases, scipy, and published values."""

import itertools
import math

import numpy as np
import pytest
from scipy import special, stats
from scipy.spatial.distance import jensenshannon

from cocoonsim.core import nulls

POOL = [0, 0, 0, 1, 1, 2, 2]  # the topics of seven items
COUNTS = np.bincount(POOL)
SHARES = COUNTS / len(POOL)


def counts_of(items):
    return np.bincount([POOL[i] for i in items], minlength=3)


def over_lists(n, value, replace):
    """The mean of a value of the topic counts over all lists of n items, listed one by one."""
    if replace:
        return np.mean([value(counts_of(items)) for items in itertools.product(range(len(POOL)), repeat=n)])
    return np.mean([value(counts_of(items)) for items in itertools.combinations(range(len(POOL)), n)])


def gini(counts):
    """Mean difference over all pairs, divided by twice the mean: the definition."""
    pairs = sum(abs(a - b) for a in counts for b in counts)
    return pairs / (2 * len(counts) * sum(counts))


def test_tables_are_those_of_scipy():
    count = np.arange(11)
    table = nulls.binomial_table(10, np.array([0.0, 0.2, 1.0]))
    assert np.allclose(table, stats.binom.pmf(count, 10, np.array([[0.0], [0.2], [1.0]])), atol=1e-14)
    marked = np.array([0, 3, 40, 100])
    assert np.allclose(
        nulls.hypergeometric_table(10, marked, 100), stats.hypergeom.pmf(count, 100, marked[:, None], 10), atol=1e-13
    )


def test_expected_entropy_of_short_lists():
    def entropy(n, table):
        return nulls.expected_separable(table, nulls.entropy_terms(n))

    assert entropy(2, nulls.binomial_table(2, np.full(4, 0.25))) == pytest.approx(0.75)  # by hand
    assert entropy(10, nulls.binomial_table(10, np.full(10, 0.1))) == pytest.approx(2.5527223430081576)  # naive oracle
    assert entropy(2, nulls.hypergeometric_table(2, np.array([2, 2]), 4)) == pytest.approx(2 / 3)  # by hand


@pytest.mark.parametrize("n", [1, 2, 4])
@pytest.mark.parametrize("replace", [True, False])
def test_largest_share_and_effective_topics_by_enumeration(n, replace):
    pool = None if replace else len(POOL)
    share = over_lists(n, lambda c: c.max() / n, replace)
    assert nulls.expected_largest_share(n, SHARES, pool) == pytest.approx(share, rel=1e-12)
    effective = over_lists(n, lambda c: np.exp(stats.entropy(c)), replace)
    assert nulls.expected_effective(n, SHARES, pool) == pytest.approx(effective, rel=1e-12)


def test_a_list_of_the_whole_pool_is_certain():
    assert nulls.expected_largest_share(7, SHARES, 7) == pytest.approx(3 / 7)
    assert nulls.expected_effective(7, SHARES, 7) == pytest.approx(np.exp(stats.entropy(COUNTS)))


def test_long_lists_and_many_topics_stay_finite():
    drawn = np.random.default_rng(4).multinomial(100, np.full(200, 1 / 200), 4_000)
    largest = drawn.max(axis=1) / 100
    error = largest.std() / np.sqrt(len(largest))
    assert abs(nulls.expected_largest_share(100, np.full(200, 1 / 200)) - largest.mean()) < 4 * error
    # to second order in the deviations, the expected number of effective topics is T (1 - (T - 1) / (2 n))
    assert nulls.expected_effective(400, np.array([0.5, 0.5])) == pytest.approx(2 * (1 - 1 / 800), rel=1e-5)


def test_nothing_drawn_is_undefined():
    assert math.isnan(nulls.expected_largest_share(0, SHARES))
    assert math.isnan(nulls.expected_effective(0, SHARES))


def test_matched_pool_has_the_covariance_of_the_feeds():
    """Feeds of k without replacement have (N - k) / (N - 1) of the multinomial variance; so must the matched pool."""
    n, k, pool = 24, 6, 40
    matched = nulls.matched_pool(n, k, pool)
    assert matched is not None
    assert (matched - n) / (matched - 1) == pytest.approx((pool - k) / (pool - 1))
    assert nulls.matched_pool(6, 6, 40) == pytest.approx(40)
    assert nulls.matched_pool(6, 1, 40) is None
    assert nulls.matched_pool(6, 6, 6) == pytest.approx(6)
    assert nulls.matched_pool(3, 4, 1) == pytest.approx(3)  # one item, over and over


@pytest.mark.parametrize(("n", "k", "counts"), [(24, 8, [12, 6, 4, 2]), (24, 6, [3, 2, 2, 1]), (10, 3, [5, 2, 1])])
def test_matched_pool_against_simulated_windows(n, k, counts):
    """A window of whole feeds and a part of one, each drawn without replacement."""
    counts = np.array(counts)
    rng = np.random.default_rng(5)
    sizes = [k] * (n // k) + ([n % k] if n % k else [])
    drawn = sum(rng.multivariate_hypergeometric(counts, size, 20_000) for size in sizes)
    effective = np.exp(stats.entropy(drawn, axis=1))
    pool = int(counts.sum())
    null = nulls.expected_effective(n, counts / pool, nulls.matched_pool(n, k, pool))
    assert null == pytest.approx(effective.mean(), abs=0.003 * effective.mean())


def test_pair_diversity_of_a_pool_is_expected_of_its_lists():
    rng = np.random.default_rng(1)
    topics = rng.dirichlet([0.5] * 3, 6)

    def value(rows):
        return float(nulls.pair_diversity(rows.sum(axis=0), (rows**2).sum(), len(rows)))

    lists = [value(topics[list(items)]) for items in itertools.combinations(range(6), 3)]
    assert np.mean(lists) == pytest.approx(value(topics))
    assert math.isnan(value(topics[:1]))


def test_js_terms_are_the_square_of_scipys_distance():
    rng = np.random.default_rng(2)
    for left, right in zip(rng.dirichlet([0.3] * 6, 20), rng.dirichlet([0.3] * 6, 20), strict=True):
        assert nulls.js_terms(left, right).sum() == pytest.approx(jensenshannon(left, right, base=2) ** 2, abs=1e-12)


@pytest.mark.parametrize("n", [1, 5, 20])
def test_expected_js_against_the_sum_over_counts(n):
    """The table is read between its points: within 1e-6 bits for each topic of the sum at the very share."""
    shares = np.random.default_rng(3).dirichlet([0.3] * 8, 5)
    for row in shares:
        exact = sum(
            stats.binom.pmf(c, n, p) * float(nulls.js_terms(np.full(1, c / n), np.full(1, p))[0])
            for p in row
            for c in range(n + 1)
        )
        assert nulls.expected_js(n, row) == pytest.approx(exact, abs=8e-6)


def test_expected_js_by_enumeration():
    """Two draws from (1/2, 1/2): half the time both topics (divergence 0), else one of them."""
    one = jensenshannon([1, 0], [0.5, 0.5], base=2) ** 2
    assert nulls.expected_js(2, np.array([0.5, 0.5])) == pytest.approx(one / 2)
    assert nulls.expected_js(5, np.array([1.0, 0.0])) == 0.0


def test_expected_coverage():
    assert nulls.expected_coverage(np.array([0, 3]), 2) == pytest.approx(7 / 8)  # each item is missed 3 times in 1/8
    assert nulls.expected_coverage(np.array([2, 0, 1, 1]), 6) == pytest.approx(1 - (1 - 2 / 6) * (1 - 3 / 6))
    assert nulls.expected_coverage(np.array([0, 0, 1]), 2) == 1.0
    assert nulls.expected_coverage(np.array([4, 0]), 9) == 0.0
    assert math.isnan(nulls.expected_coverage(np.array([4, 0]), 0))


@pytest.mark.parametrize("sizes", [(1, 1), (2, 2, 2), (1, 2, 3), (0, 2, 4, 1), (4, 4)])
def test_expected_gini_by_enumeration(sizes):
    """All ways in which each user may be shown so many of four items."""
    subsets = [list(itertools.combinations(range(4), size)) for size in sizes]
    values = []
    for feeds in itertools.product(*subsets):
        values.append(gini(np.bincount([item for feed in feeds for item in feed], minlength=4)))
    assert nulls.expected_gini(np.bincount(sizes), 4) == pytest.approx(np.mean(values), abs=1e-12)


def test_expected_gini_of_two_items_and_of_one():
    assert nulls.expected_gini(np.array([0, 1]), 2) == pytest.approx(0.5)  # one of two items shown once
    assert nulls.expected_gini(np.array([0, 5]), 1) == 0.0
    assert math.isnan(nulls.expected_gini(np.array([7, 0]), 10))


@pytest.mark.parametrize(("slots", "published"), [(0.5, 0.676), (1, 0.524), (5, 0.249), (20, 0.126)])
def test_expected_gini_of_many_items_is_that_of_poisson_counts(slots, published):
    """Mean difference of two Poisson counts (a Skellam variable): 2m e^-2m (I0 + I1)(2m). `published`: simulated."""
    n_items = 20_000
    value = nulls.expected_gini(np.array([0, int(slots * n_items)]), n_items)
    assert value == pytest.approx(special.ive(0, 2 * slots) + special.ive(1, 2 * slots), rel=1e-4)
    assert value == pytest.approx(published, abs=0.003)


def test_expected_gini_for_a_million_users():
    """The same limit with the variance of feeds of 10 out of 1,000; and the other way round, by scipy's binomial."""
    users, size, items = 1_000_000, 10, 1_000
    value = nulls.expected_gini(np.array([0] * size + [users]), items)
    moving = users * size * (items - size) / (items * (items - 1))
    normal = math.sqrt(4 * moving / math.pi) * (items - 1) / (2 * users * size)
    assert value == pytest.approx(normal, rel=1e-4)
    mixed = nulls.expected_gini(np.array([0] * (size - 1) + [1, users - 1]), items)
    assert mixed == pytest.approx(value, rel=1e-5)


def test_expected_gini_against_scipys_binomial():
    users, size, items = 500, 3, 20
    steps = np.arange(users + 1)
    moving = stats.binom.pmf(steps, users, 2 * size * (items - size) / (items * (items - 1)))
    half = np.ceil(steps / 2)
    away = np.where(steps > 0, 2 * np.exp(special.gammaln(half + 0.5) - special.gammaln(np.maximum(half, 1))), 0)
    expected = (items - 1) * (moving * away / np.sqrt(np.pi)).sum() / (2 * users * size)
    assert nulls.expected_gini(np.array([0, 0, 0, users]), items) == pytest.approx(expected, rel=1e-10)
