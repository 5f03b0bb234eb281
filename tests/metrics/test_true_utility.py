import numpy as np
import pytest

from cocoonsim.metrics.true_utility import TrueUtility


def test_by_hand(moment_of):
    """Affinity 1 or 0, quality 1 and 0.5 for the liked topic; vectors lie on a grid of 2^-12, hence the tolerance."""
    moment = moment_of(
        np.eye(2)[[0, 0, 1]], [[0, 1, 2], [2, -1, -1], [-1, -1, -1]], [[0, 1, 0], [0, 0, 0], [0, 0, 0]],
        interests=[[1, 0], [1, 0], [0, 1]], quality=[1, 0.5, 0.8],
    )  # fmt: skip
    shown, clicked = TrueUtility().measure(moment)
    assert np.allclose(shown.values, [0.5, 0, np.nan], equal_nan=True)
    assert np.allclose(clicked.values, [0.5, np.nan, np.nan], equal_nan=True)
    assert np.allclose(shown.null, [0.5, 0.5, 0.8 / 3])
    assert np.allclose(clicked.null, shown.null)
    assert (shown.stage, clicked.stage) == ("shown", "clicked")


def test_the_null_is_the_mean_over_every_live_item(moment_of):
    """Item by item by the world's own utility, for each user."""
    rng = np.random.default_rng(0)
    moment = moment_of(
        rng.dirichlet([0.3] * 5, 30), np.zeros((6, 1)), interests=rng.dirichlet([0.5] * 5, 6), quality=rng.random(30),
        lifespan=np.where(np.arange(30) % 3, 9, 1),
    )  # fmt: skip
    every = moment.world.utility(moment.users, np.tile(moment.live, (6, 1)))
    assert TrueUtility().measure(moment)[0].null == pytest.approx(every.mean(axis=1), abs=1e-7)


def test_no_excess_on_random_feeds_and_clicks(moment_of, standard_errors):
    rng = np.random.default_rng(1)
    feed = rng.permuted(np.tile(np.arange(40), (2000, 1)), axis=1)[:, :5]
    moment = moment_of(
        rng.dirichlet([0.3] * 5, 40), feed, rng.random((2000, 5)) < 0.3, interests=rng.dirichlet([0.5] * 5, 2000),
        quality=rng.random(40),
    )  # fmt: skip
    for reading in TrueUtility().measure(moment):
        assert abs(standard_errors(reading.excess)) < 4


def test_no_pool_no_null(moment_of):
    moment = moment_of(np.eye(2), [[-1]], lifespan=[1, 1])
    assert np.isnan(TrueUtility().measure(moment)[0].null).all()
