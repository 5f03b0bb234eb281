import numpy as np

from cocoonsim.feed.top import Top


def test_best_first_and_short_feeds_are_padded(fill):
    assert fill(Top(), [[0.1, 0.5, 0.3, 0.4]], 3).tolist() == [[1, 3, 2]]
    assert fill(Top(), [[0.1, -np.inf, 0.3]], 4).tolist() == [[2, 0, -1, -1]]


def test_ties_go_to_each_item_alike(fill):
    first = fill(Top(), np.ones((4000, 5)), 2)[:, 0]
    # 4000 draws of 5: the expected 800 each, give or take 4 standard deviations of 25
    assert np.abs(np.bincount(first, minlength=5) - 800).max() < 100
