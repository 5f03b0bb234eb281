"""The four stages of the funnel in a world of four people and seven items, every number by hand."""

import numpy as np
import pytest

from cocoonsim.metrics.cross_cutting_share import CrossCuttingShare

LEFT, RIGHT = -1.0, 1.0
OPINION = [RIGHT, LEFT, 0.0, 0.5]
"""User 2 has no side."""
STANCE = [-1.0, -0.5, 0.0, 0.4, 1.0, -1.0, -0.2]
"""Items 0, 1, 6 lean to the left, 3 and 4 to the right, 2 is neutral; 5 leans left but is gone."""
AUTHOR = [1, 1, 0, 0, 3, 1, 3]
LIFESPAN = [9, 9, 9, 9, 9, 1, 9]
FOLLOWS = [(0, 1), (0, 3), (1, 0), (2, 0)]
"""User 3 follows nobody."""
FEED = [[0, 2, 3, -1], [0, 1, 4, 3], [0, 4, -1, -1], [4, 3, 2, -1]]
CLICKS = [[1, 1, 0, 0], [1, 0, 0, 0], [1, 1, 0, 0], [0, 0, 1, 0]]
NAN = np.nan


@pytest.fixture
def funnel(moment_of):
    def measure(**more):
        moment = moment_of(
            np.eye(7), FEED, CLICKS, opinion=OPINION, stance=STANCE, lifespan=LIFESPAN, arcs=FOLLOWS, **more
        )
        return {reading.stage: reading for reading in CrossCuttingShare().measure(moment)}

    return measure


def test_stages_come_in_the_order_of_the_funnel(funnel):
    assert list(funnel(author=AUTHOR)) == ["chance", "network", "shown", "clicked"]


def test_chance(funnel):
    """Five live items lean: three to the left, two to the right."""
    assert np.allclose(funnel()["chance"].values, [3 / 5, 2 / 5, NAN, 3 / 5], equal_nan=True)


def test_every_stage_is_compared_with_chance(funnel):
    for reading in funnel(author=AUTHOR).values():
        assert np.allclose(reading.null, [3 / 5, 2 / 5, NAN, 3 / 5], equal_nan=True)
        assert reading.null_name == "uniform-pool"


def test_network_by_authors(funnel):
    """User 0 follows 1 (items 0, 1: left) and 3 (4: right; 6: left): 3 of 4. User 1 follows 0 (3: right; 2 is neutral)."""
    assert np.allclose(funnel(author=AUTHOR)["network"].values, [3 / 4, 1, NAN, NAN], equal_nan=True)


def test_network_by_clicks_where_items_have_no_authors(funnel):
    """User 1 clicked 0 and 3, not 1; user 3 clicked 4, 5 (gone) and 2 (neutral). User 0 has clicked nothing."""
    before = [
        ([[0, 1, -1], [0, 3, 1], [0, 1, -1], [4, 5, 2]], [[0, 0, 0], [1, 1, 0], [1, 1, 0], [1, 1, 1]]),
    ]
    assert np.allclose(funnel(before=before)["network"].values, [1 / 3, NAN, NAN, NAN], equal_nan=True)


def test_shown(funnel):
    """User 0: items 0 and 3 lean, one is across. User 1: 4 and 3 of four. User 3: none of two."""
    assert np.allclose(funnel()["shown"].values, [1 / 2, 2 / 4, NAN, 0], equal_nan=True)


def test_clicked(funnel):
    """User 0 clicked 0 (across) and a neutral one; user 1 clicked 0 (own side); user 3 only a neutral one."""
    assert np.allclose(funnel()["clicked"].values, [1, 0, NAN, NAN], equal_nan=True)


def test_nothing_offered_where_nobody_clicked_anything(funnel):
    assert np.isnan(funnel()["network"].values).all()
