import numpy as np
import pytest

from cocoonsim.ranking.popularity import Popularity


@pytest.mark.parametrize(
    ("exponent", "scores"),
    [(0, [1, 1, 1]), (1, [2, 0, 1]), (2, [4, 0, 1]), (0.5, [2**0.5, 0, 1]), (-1, [1 / 3, 1, 1 / 2])],
)
def test_scores_are_clicks_to_a_power(stand, exponent, scores):
    here = stand(np.ones((2, 1)), np.ones((3, 1)), seen=[(0, 0, True), (1, 0, True), (0, 2, True), (1, 1, False)])
    assert np.allclose(here.scores(Popularity(exponent=exponent)), [scores] * 2, rtol=1e-6)


def test_all_items_tie_before_the_first_click(stand):
    assert (stand(np.ones((2, 1)), np.ones((3, 1))).scores(Popularity()) == 0).all()
