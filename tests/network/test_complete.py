import numpy as np
import pytest

from cocoonsim.core.chance import Chance
from cocoonsim.core.errors import UserError
from cocoonsim.core.world import people
from cocoonsim.network.complete import Complete


@pytest.mark.parametrize("n", [1, 2, 7])
def test_everybody_follows_all_others(n):
    follows = Complete().build(people(np.ones((n, 1))), Chance(1))
    assert [follows.of(user).tolist() for user in range(n)] == [[v for v in range(n) if v != user] for user in range(n)]


def test_too_many_are_refused():
    with pytest.raises(UserError, match="Use at most 5000 users"):
        Complete().build(people(np.ones((5001, 1))), Chance(1))
