import numpy as np
import pytest

from cocoonsim.ranking.oracle import Oracle
from cocoonsim.testing import tiny_worlds
from cocoonsim.testing.scoring import scores


def test_scores_are_true_utility(stand):
    here = stand([[1, 0], [0.6, 0.4]], [[1, 0], [0, 1], [0.5, 0.5]], quality=[0.5, 1.0, 0.8])
    utility = [[0.5, 0, 0.8 / 2**0.5], [0.5 * 0.6 / 0.52**0.5, 0.4 / 0.52**0.5, 0.8 / (2 * 0.52) ** 0.5]]
    assert np.allclose(here.scores(Oracle()), utility, atol=4 * 2**-12)  # two parts on the grid of 2^-12
    for tiny in tiny_worlds():
        assert (scores(Oracle(), tiny) == tiny.world.utility(tiny.users, tiny.platform.live)).all()


def test_needs_leave_to_look_into_minds():
    tiny = next(iter(tiny_worlds("two_camps")))
    assert Oracle.sees_minds
    with pytest.raises(PermissionError, match="sees_minds = True"):
        Oracle().score(tiny.view())
