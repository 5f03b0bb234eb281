import numpy as np
import pytest

from cocoonsim import Scenario, play
from cocoonsim.ranking.newest import Newest


def test_younger_is_better_and_all_are_served_alike(stand):
    here = stand(np.ones((3, 1)), np.ones((4, 1)), step=9, created=[3, 9, 0, 5])
    assert here.scores(Newest()).tolist() == [[-6, 0, -9, -4]] * 3
    assert here.scores(Newest(), items=[[1, -1], [2, 0], [3, 3]]).tolist()[1] == [-9, -6]


def test_what_was_posted_in_a_later_visit_of_the_step_is_newer(stand):
    here = stand(
        np.ones((1, 1)), np.ones((4, 1)), step=90_000, created=[90_000, 90_000, 89_999, 90_000], turn=[7, 500, 900, 8]
    )
    assert np.argsort(-here.scores(Newest())[0]).tolist() == [1, 3, 0, 2]


def test_the_oldest_may_come_first(stand):
    here = stand(np.ones((1, 1)), np.ones((3, 1)), step=9, created=[3, 9, 9], turn=[0, 2, 1])
    assert np.argsort(-here.scores(Newest(oldest_first=True))[0]).tolist() == [0, 2, 1]


@pytest.mark.parametrize("oldest_first", [False, True])
def test_what_nobody_posted_may_come_first(stand, oldest_first):
    """Also in a long run; among themselves both kinds are in order."""
    here = stand(
        np.ones((1, 1)), np.ones((5, 1)), step=90_000, created=[90_000, 3, 90_000, 89_999, 90_000], turn=[7, 0, 0, 0, 8],
        author=[0, 0, -1, -1, 0],
    )  # fmt: skip
    order = np.argsort(-here.scores(Newest(unposted_first=True, oldest_first=oldest_first))[0]).tolist()
    assert order == ([3, 2, 1, 0, 4] if oldest_first else [2, 3, 4, 0, 1])


def test_items_of_one_age_come_in_random_order():
    scenario = Scenario.from_dict(
        {
            "steps": 1, "slate": 2, "population": {"kind": "uniform", "users": 400}, "ranking": "newest",
            "catalogue": {"kind": "topic_mix", "items": 8, "topics": 2},
        }
    )  # fmt: skip
    first = next(iter(play(scenario))).feed[:, 0]
    # 400 draws of 8: the expected 50 each, give or take 4.3 standard deviations of 6.6
    assert np.abs(np.bincount(first, minlength=8) - 50).max() < 29
