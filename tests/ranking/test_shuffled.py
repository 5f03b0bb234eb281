import numpy as np
from scipy.stats import chisquare

from cocoonsim.core.chance import Dice
from cocoonsim.ranking.shuffled import Shuffled


def test_every_item_is_as_often_first(stand):
    here = stand(np.ones((4000, 1)), np.ones((5, 1)))
    first = here.scores(Shuffled()).argmax(axis=1)
    assert chisquare(np.bincount(first, minlength=5)).pvalue > 1e-3


def test_each_step_has_its_own_order_and_no_item_is_looked_at_twice(stand):
    here = stand(np.ones((50, 1)), np.ones((20, 1)))
    whole = here.scores(Shuffled())
    assert (here.scores(Shuffled(), users=[7], items=[3, 9]) == whole[7, [3, 9]]).all()
    assert (here.scores(Shuffled(), dice=Dice(1, 1)) != whole).mean() > 0.99
