import numpy as np

from cocoonsim.candidates.direct import Direct
from cocoonsim.core.chance import Dice


def test_news_for_all_and_ones_own_finds(platform):
    # items 0 and 1 are old; 2 is news for all; 3 and 5 were found by user 1, 6 by user 0; 4 is a post of user 2
    columns = {
        "created": [0, 4, 5, 5, 5, 5, 5], "author": [-1, -1, -1, -1, 2, -1, -1], "originator": [-1, -1, -1, 1, 2, 1, 0],
    }  # fmt: skip
    view = platform(3, 7, step=5, **columns)
    assert Direct().offer(view, np.array([0, 1, 2]), Dice(1, 5)).tolist() == [[2, 6, -1], [2, 3, 5], [2, -1, -1]]
    assert Direct(window=2).offer(view, np.array([1]), Dice(1, 5)).tolist() == [[1, 2, 3, 5]]
    assert Direct().offer(view, np.array([2]), Dice(1, 5)).tolist() == [[2]]


def test_where_nobody_found_anything_all_share_the_news(platform):
    view = platform(3, 3, step=5, created=[5, 5, 0], author=[-1, 1, -1])
    assert Direct().offer(view, np.array([0, 2]), Dice(1, 5)).tolist() == [0]
