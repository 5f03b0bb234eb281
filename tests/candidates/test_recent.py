import numpy as np
import pytest

from cocoonsim.candidates.recent import Recent
from cocoonsim.core.chance import Dice


@pytest.mark.parametrize(("window", "ids"), [(1, [4]), (2, [3, 4]), (3, [3, 4]), (5, [1, 3, 4]), (6, [0, 1, 3, 4])])
def test_offers_what_was_created_within_the_window(platform, window, ids):
    # step 5: item 2 is young but past its life, item 5 is not out yet
    view = platform(2, 6, step=5, created=[0, 1, 4, 4, 5, 6], lifespan=[99, 99, 1, 99, 99, 99])
    assert Recent(window=window).offer(view, np.arange(2), Dice(1, 5)).tolist() == ids
