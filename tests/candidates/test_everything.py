import numpy as np

from cocoonsim.candidates.everything import Everything
from cocoonsim.core.chance import Dice


def test_all_that_exists_is_offered_to_all(platform):
    view = platform(3, 5, step=2, created=[0, 1, 2, 3, 0], lifespan=[9, 9, 9, 9, 2])
    users = np.arange(3)
    assert Everything().offer(view, users, Dice(1, 2)).tolist() == [0, 1, 2]  # 3 is not out yet, 4 is past its life
    assert Everything().hidden(view, users) is None
    assert Everything().cohort_size == 0
