import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cocoonsim.metrics.gini_simpson import GiniSimpson

quick = settings(max_examples=40, database=None, derandomize=True)


def naive(rows):
    """One minus the mean dot product, pair by pair."""
    pairs = [(i, j) for i in range(len(rows)) for j in range(i)]
    return 1 - sum(float(np.dot(rows[i], rows[j])) for i, j in pairs) / len(pairs)


def test_by_hand(moment_of):
    """Topics 0, 0, 1, 2: 1 - 2 / 12 (hand value of the naive oracle); one topic: 0; one item or none: undefined."""
    moment = moment_of(np.eye(4)[[0, 0, 1, 2, 0, 0]], [[0, 1, 2, 3], [0, 1, 4, 5], [3, -1, -1, -1], [-1, -1, -1, -1]])
    uniform, popular = GiniSimpson().measure(moment)
    assert np.allclose(uniform.values, [1 - 2 / 12, 0, np.nan, np.nan], equal_nan=True)
    assert np.allclose(popular.values, uniform.values, equal_nan=True)
    # four items of topic 0, one each of two others: 6 of 15 pairs are alike; and by chance with replacement 18 of 36
    assert np.allclose(uniform.null, 1 - 6 / 15)
    assert np.allclose(popular.null, 1 - 18 / 36)
    assert (uniform.null_name, popular.null_name) == ("uniform-pool", "popularity")


def test_clicks_make_the_popularity_null(moment_of):
    """Clicks 3 and 0 give the weights 4 / 5 and 1 / 5: 1 - 17 / 25."""
    moment = moment_of(np.eye(2), [[0, 1]], item_clicks=[3, 0])
    assert np.allclose(GiniSimpson().measure(moment)[1].null, 1 - 17 / 25)


@quick
@given(st.lists(st.integers(0, 4), min_size=2, max_size=9))
def test_one_topic_each_is_the_textbook_index(moment_of, oracle, topics):
    moment = moment_of(np.eye(5)[topics], [list(range(len(topics)))])
    expected = oracle("exposure").gini_simpson_unbiased(np.bincount(topics, minlength=5).tolist())
    assert GiniSimpson().measure(moment)[0].values[0] == pytest.approx(expected, abs=1e-12)


def test_mixtures_pair_by_pair(moment_of):
    rng = np.random.default_rng(0)
    topics = rng.dirichlet([0.3] * 5, 30).astype(np.float32)
    feed = rng.permuted(np.tile(np.arange(30), (8, 1)), axis=1)[:, :6]
    feed[3, 4:] = -1
    values = GiniSimpson().measure(moment_of(topics, feed))[0].values
    assert np.allclose(values, [naive(topics.astype(float)[row[row >= 0]]) for row in feed], atol=1e-12)


def test_no_excess_on_feeds_drawn_from_its_nulls(moment_of, standard_errors):
    rng = np.random.default_rng(1)
    topics, clicks = rng.dirichlet([0.2] * 6, 40), rng.integers(0, 30, 40)
    uniform = rng.permuted(np.tile(np.arange(40), (2000, 1)), axis=1)[:, :7]
    popular = rng.choice(40, (2000, 7), p=(clicks + 1) / (clicks + 1).sum())
    first, _ = GiniSimpson().measure(moment_of(topics, uniform, item_clicks=clicks))
    _, second = GiniSimpson().measure(moment_of(topics, popular, item_clicks=clicks))
    assert abs(standard_errors(first.excess)) < 4
    assert abs(standard_errors(second.excess)) < 4


def test_only_live_items_are_the_pool(moment_of):
    moment = moment_of(np.eye(3), [[0, 1]], lifespan=[9, 9, 1], step=3)
    assert np.allclose(GiniSimpson().measure(moment)[0].null, 1.0)
    nothing = moment_of(np.eye(3), [[-1, -1]], lifespan=[1, 1, 1], step=3)
    assert all(np.isnan(reading.null).all() for reading in GiniSimpson().measure(nothing))
