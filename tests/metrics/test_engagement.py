import numpy as np

from cocoonsim.metrics.engagement import Engagement


def test_by_hand(moment_of):
    feed = [[0, 1], [0, -1], [-1, -1], [1, 0]]
    clicks = [[1, 0], [1, 0], [0, 0], [0, 0]]
    (reading,) = Engagement().measure(moment_of(np.eye(2), feed, clicks))
    assert np.allclose(reading.values, [0.5, 1, np.nan, 0], equal_nan=True)
    assert np.isnan(reading.null).all()
    assert reading.stage == "clicked"
