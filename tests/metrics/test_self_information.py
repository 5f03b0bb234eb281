import numpy as np
import pytest

from cocoonsim.metrics.self_information import SelfInformation


def test_by_hand(moment_of):
    """Three users; 3 and 0 clicks: 0 bits and log2 4 = 2 bits (hand value of the naive oracle: mean 1)."""
    feed = [[0, 1], [0, -1], [-1, -1]]
    uniform, popular = SelfInformation().measure(moment_of(np.eye(2), feed, item_clicks=[3, 0]))
    assert np.allclose(uniform.values, [1, 0, np.nan], equal_nan=True)
    assert np.allclose(uniform.null, 1)
    assert np.allclose(popular.null, 2 * 1 / 5)  # weights 4/5 and 1/5


def test_more_clicks_than_users_are_no_negative_information(moment_of):
    assert SelfInformation().measure(moment_of(np.eye(2), [[0, 1]], item_clicks=[50, 1]))[0].values[0] == 0


def test_against_the_naive_oracle(moment_of, oracle):
    rng = np.random.default_rng(0)
    clicks = rng.integers(0, 20, 15)
    feed = rng.permuted(np.tile(np.arange(15), (20, 1)), axis=1)[:, :4]
    values = SelfInformation().measure(moment_of(rng.dirichlet([1, 1], 15), feed, item_clicks=clicks))[0].values
    naive = [oracle("exposure").self_info(row.tolist(), dict(enumerate(clicks.tolist())), 20) for row in feed]
    assert values == pytest.approx(naive, abs=1e-12)


def test_no_excess_on_feeds_drawn_from_its_nulls(moment_of, standard_errors):
    rng = np.random.default_rng(5)
    clicks = rng.integers(0, 300, 40)
    uniform = rng.permuted(np.tile(np.arange(40), (2000, 1)), axis=1)[:, :7]
    popular = rng.choice(40, (2000, 7), p=(clicks + 1) / (clicks + 1).sum())
    first, _ = SelfInformation().measure(moment_of(np.eye(40), uniform, item_clicks=clicks))
    _, second = SelfInformation().measure(moment_of(np.eye(40), popular, item_clicks=clicks))
    assert abs(standard_errors(first.excess)) < 4
    assert abs(standard_errors(second.excess)) < 4
