import numpy as np
import pytest
from scipy.spatial.distance import jensenshannon

from cocoonsim.metrics.calibration_js import CalibrationJs


def test_by_hand(moment_of):
    """Clicked (1/2, 1/2, 0), shown (1/2, 0, 1/2): half a bit (hand value of the naive oracle)."""
    before = [([[0, 1], [0, 1], [0, 1], [0, 1]], [[1, 1], [1, 1], [0, 0], [1, 0]])]
    feed = [[0, 2], [1, 0], [0, 2], [2, -1]]
    (reading,) = CalibrationJs().measure(moment_of(np.eye(3), feed, before=before))
    assert np.allclose(reading.values, [0.5, 0, np.nan, 1], equal_nan=True)  # user 2 never clicked
    # two draws from (1/2, 1/2): alike half the time, then as far from it as (1, 0) is; one draw from (1, 0, 0): 0
    one = jensenshannon([1, 0], [0.5, 0.5], base=2) ** 2
    assert np.allclose(reading.null, [one / 2, one / 2, np.nan, 0], equal_nan=True)
    assert reading.null_name == "own-history"


def test_an_empty_feed_is_undefined(moment_of):
    (reading,) = CalibrationJs().measure(moment_of(np.eye(2), [[-1, -1]], before=[([[0, 1]], True)]))
    assert np.isnan(reading.values).all()
    assert np.isnan(reading.null).all()


def test_main_topics_against_scipy_and_the_naive_oracle(moment_of, oracle):
    rng = np.random.default_rng(0)
    topics = rng.dirichlet([0.3] * 6, 30)
    draws = [rng.permuted(np.tile(np.arange(30), (12, 1)), axis=1)[:, :5] for _ in range(4)]
    clicks = [rng.random((12, 5)) < 0.5 for _ in range(3)]
    (reading,) = CalibrationJs().measure(moment_of(topics, draws[3], before=list(zip(draws, clicks, strict=False))))
    naive = oracle("exposure")
    main = topics.argmax(axis=1)
    for user in range(12):
        past = np.concatenate([main[draws[k][user][clicks[k][user]]] for k in range(3)])
        own = np.bincount(past, minlength=6) / len(past)
        shown = np.bincount(main[draws[3][user]], minlength=6) / 5
        assert reading.values[user] == pytest.approx(jensenshannon(own, shown, base=2) ** 2, abs=1e-12)
        assert reading.values[user] == pytest.approx(naive.js(own.tolist(), shown.tolist()), abs=1e-12)


def test_no_excess_on_feeds_drawn_from_ones_own_clicks(moment_of, standard_errors):
    """Mixed topics and feeds of different lengths: each user is shown a random choice of their own past clicks."""
    rng = np.random.default_rng(6)
    topics = rng.dirichlet([0.4] * 8, 50)
    past = rng.integers(0, 50, (2000, 20))
    feed = past[np.arange(2000)[:, None], rng.integers(0, 20, (2000, 10))]
    feed[1000:, 6:] = -1
    (reading,) = CalibrationJs().measure(moment_of(topics, feed, before=[(past, True)]))
    assert reading.values.mean() > 0.1  # chance alone is far from 0
    assert abs(standard_errors(reading.excess)) < 4
    assert abs(standard_errors(reading.excess[1000:])) < 4
