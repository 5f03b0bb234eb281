"""Places that are kept, and turns that are fair."""

import numpy as np
import pytest

from cocoonsim.core.slots import by_turns, fair_turns, places_of, reserve


def test_reserve_does_not_show_anything_twice():
    feed = np.array([[1, 2, 3, 4]], np.int32)
    special = np.array([[False, False, True, False]])
    assert reserve(feed, special, np.array([[3, 9, 8]], np.int32), 2).tolist() == [[1, 2, 3, 9]]
    assert reserve(feed, special, np.array([[3, -1, -1]], np.int32), 4).tolist() == [[1, 2, 3, 4]]


@pytest.mark.parametrize("share", [0.0, 0.13, 0.5, 0.9, 1.0])
def test_turns_are_fair_in_every_place(share):
    luck = (np.arange(100_000) + 0.5) / 100_000  # every value of luck once: the mean is the expectation
    turns = fair_turns(share, luck, 7)
    assert turns.mean(axis=0) == pytest.approx(np.full(7, share), abs=2e-5)
    assert (np.abs(turns.cumsum(axis=1) - share * np.arange(1, 8)) <= 1 + 1e-6).all()


def test_turns_pass_on_when_a_list_has_run_out():
    one, other = np.array([[1, -1, -1]]), np.array([[5, 6, -1]])
    assert by_turns(one, other, np.array([[True, True, False, True, True]])).tolist() == [[1, 5, 6, -1, -1]]


@pytest.mark.parametrize(
    ("share", "slate", "places"), [(0.0, 10, 0), (0.2, 10, 2), (0.21, 10, 3), (0.7, 10, 7), (1.0, 3, 3)]
)
def test_a_quota_is_rounded_up_to_whole_places(share, slate, places):
    assert places_of(share, slate) == places
