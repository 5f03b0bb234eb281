import numpy as np
import pytest

from cocoonsim.core.chance import Chance
from cocoonsim.core.errors import UserError
from cocoonsim.core.world import people
from cocoonsim.network.nearest import Nearest
from cocoonsim.testing import tiny_worlds


@pytest.mark.parametrize("by", ["interests", "opinion"])
def test_nobody_who_is_followed_is_further_than_anybody_who_is_not(by):
    for tiny in tiny_worlds():
        users = tiny.world.users
        follows = Nearest(degree=7, by=by).build(users, Chance(1))
        assert (follows.degree == 7).all()
        for user in range(users.size):
            if by == "opinion":
                far = np.linalg.norm(users.opinion - users.opinion[user], axis=1)
            else:
                rows = users.interests.astype(np.float64)
                far = 1 - rows @ rows[user] / np.linalg.norm(rows, axis=1) / np.linalg.norm(rows[user])
            others = np.setdiff1d(np.arange(users.size), [user, *follows.of(user)])
            assert far[follows.of(user)].max() <= far[others].min() + 2e-3  # cosines are taken on a grid of 2^-12


def test_equals_are_drawn_by_lot():
    users = people(np.ones((40, 1)))
    one, other = (Nearest(degree=3).build(users, Chance(seed)) for seed in (1, 2))
    assert (one.targets != other.targets).any()
    assert np.bincount(one.targets, minlength=40).max() < 12


def test_too_many_are_refused():
    with pytest.raises(UserError, match="only 4 users"):
        Nearest(degree=4).build(people(np.ones((4, 1))), Chance(1))
