import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import pdist

from cocoonsim.metrics.intra_list_distance import IntraListDistance


def test_by_hand(moment_of):
    """One topic each (0, 0, 1, 2): 1 - 2 / 12 as in the naive oracle; the same mixture twice: 0; one item: undefined."""
    topics = [[1, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1], [0.5, 0.5, 0], [0.5, 0.5, 0]]
    feed = [[0, 1, 2, 3], [4, 5, -1, -1], [0, 4, -1, -1], [0, -1, -1, -1]]
    values = IntraListDistance().measure(moment_of(topics, feed))[0].values
    assert np.allclose(values, [1 - 2 / 12, 0, 1 - np.sqrt(0.5), np.nan], equal_nan=True)
    assert (values[:3] >= 0).all()


def test_nulls_by_hand(moment_of):
    """Two equal items and another: 1 of 3 pairs is alike; by clicks 2, 0, 0 the weights are 3/5, 1/5, 1/5."""
    uniform, popular = IntraListDistance().measure(moment_of(np.eye(2)[[0, 0, 1]], [[0, 1]], item_clicks=[2, 0, 0]))
    assert np.allclose(uniform.null, 2 / 3)
    assert np.allclose(popular.null, 1 - (16 + 1) / 25)


@settings(max_examples=40, database=None, derandomize=True)
@given(st.integers(0, 10_000), st.integers(2, 8))
def test_pair_by_pair(moment_of, oracle, seed, n):
    topics = np.random.default_rng(seed).dirichlet([0.3] * 5, n).astype(np.float32)
    value = IntraListDistance().measure(moment_of(topics, [list(range(n))]))[0].values[0]
    assert value == pytest.approx(pdist(topics.astype(float), "cosine").mean(), abs=1e-12)
    naive = oracle("exposure")
    assert value == pytest.approx(naive.ild(topics.astype(float).tolist(), naive.cosd), abs=1e-12)


def test_no_excess_on_feeds_drawn_from_its_nulls(moment_of, standard_errors):
    rng = np.random.default_rng(2)
    topics, clicks = rng.dirichlet([0.2] * 6, 40), rng.integers(0, 30, 40)
    uniform = rng.permuted(np.tile(np.arange(40), (2000, 1)), axis=1)[:, :7]
    popular = rng.choice(40, (2000, 7), p=(clicks + 1) / (clicks + 1).sum())
    first, _ = IntraListDistance().measure(moment_of(topics, uniform, item_clicks=clicks))
    _, second = IntraListDistance().measure(moment_of(topics, popular, item_clicks=clicks))
    assert abs(standard_errors(first.excess)) < 4
    assert abs(standard_errors(second.excess)) < 4
