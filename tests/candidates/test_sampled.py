from collections import Counter
from itertools import combinations

import numpy as np
import pytest
from scipy.stats import chisquare

from cocoonsim.candidates.sampled import Sampled
from cocoonsim.core.chance import Dice


@pytest.mark.parametrize("size", [1, 2, 3, 4])  # 3 and 4 of five items are drawn by what is left out
def test_every_set_of_items_is_as_likely(platform, size):
    view = platform(1, 7, step=1, lifespan=[9, 1, 9, 9, 1, 9, 9])  # five live items
    users = np.arange(6000)
    offer = Sampled(size=size).offer(view, users, Dice(3, 1))
    assert offer.shape == (6000, size)
    drawn = Counter(tuple(sorted(row)) for row in offer.tolist())
    assert set(drawn) == set(combinations([0, 2, 3, 5, 6], size))
    assert chisquare(list(drawn.values())).pvalue > 1e-3


def test_no_item_twice_and_fresh_in_each_step(platform):
    view = platform(1, 1000)
    users = np.arange(200)
    for size in (100, 500, 900):
        offer = np.sort(Sampled(size=size).offer(view, users, Dice(1, 0)), axis=1)
        assert (np.diff(offer, axis=1) > 0).all()
    today, tomorrow = (Sampled(size=5).offer(view, users, Dice(1, step)) for step in (0, 1))
    assert (today != tomorrow).any(axis=1).mean() > 0.9


@pytest.mark.parametrize(("size", "n"), [(2, 5), (4, 9), (20, 40), (40, 500), (1, 3)])
def test_a_sample_is_the_first_different_numbers_drawn(platform, size, n):
    """Of an endless row of draws, looked at one by one: of some sizes few draw a number twice, of some most."""
    users, dice = np.arange(300), Dice(5, 2)
    draws = dice.below("sampled", users, 40 * size, n).tolist()
    expected = [list(dict.fromkeys(row))[:size] for row in draws]
    assert Sampled(size=size).offer(platform(1, n), users, dice).tolist() == expected


def test_all_items_where_there_are_no_more(platform):
    view = platform(1, 5)
    assert Sampled(size=5).offer(view, np.arange(3), Dice(1, 0)).tolist() == [0, 1, 2, 3, 4]
