"""user_knn and item_knn against naive loops, and on a checkerboard whose right answer is known."""

import numpy as np
import pytest

from cocoonsim.ranking.item_knn import ItemKnn
from cocoonsim.ranking.user_knn import UserKnn
from cocoonsim.testing import tiny_worlds
from cocoonsim.testing.scoring import scores


def cosine(one, other, shrink):
    common = (one & other).sum()
    return common / (np.sqrt(one.sum() * other.sum()) + shrink) if common else 0.0


def nearest(row, k, oneself):
    """The k largest above 0, and whoever ties with the last of them."""
    others = sorted((value for j, value in enumerate(row) if j != oneself and value > 0), reverse=True)
    least = others[min(k, len(others)) - 1] if others else np.inf
    return [j for j, value in enumerate(row) if j != oneself and value > 0 and value >= least]


@pytest.mark.parametrize(("k", "shrink"), [(1, 0.0), (5, 1.0), (200, 10.0)])
def test_same_as_plain_loops(k, shrink):
    for tiny in tiny_worlds():
        marks, live = tiny.history.pairs("clicks").toarray() > 0, tiny.platform.live
        by_user = np.array([[cosine(one, other, shrink) for other in marks] for one in marks])
        wanted = np.array(
            [
                sum((by_user[u, v] * marks[v] for v in nearest(by_user[u], k, u)), np.zeros(marks.shape[1]))
                for u in tiny.users
            ]
        )
        assert scores(UserKnn(neighbours=k, shrink=shrink), tiny) == pytest.approx(wanted[:, live], abs=1e-5)
        by_item = np.array([[cosine(one, other, shrink) for other in marks.T] for one in marks.T])
        near = [nearest(row, k, i) for i, row in enumerate(by_item)]
        wanted = np.array(
            [[sum(by_item[i, j] for j in near[i] if marks[u, j]) for i in range(marks.shape[1])] for u in tiny.users]
        )
        assert scores(ItemKnn(neighbours=k, shrink=shrink), tiny) == pytest.approx(wanted[:, live], abs=1e-5)


@pytest.mark.parametrize(
    "policy", [UserKnn(neighbours=4, shrink=0.0), ItemKnn(neighbours=4, shrink=0.0)], ids=["user", "item"]
)
def test_on_a_checkerboard_the_missing_square_comes_first(stand, policy):
    """Users like items of their own parity; user 0 has not clicked item 8 yet (after implicit's recommender tests)."""
    seen = [(u, i, True) for u in range(10) for i in range(10) if u % 2 == i % 2 and (u, i) != (0, 8)]
    here = stand(np.ones((10, 1)), np.ones((10, 1)), seen=seen)
    given = here.scores(policy)[0]
    new = [i for i in range(10) if (0, i, True) not in seen]
    assert max(new, key=lambda i: given[i]) == 8
    assert all(given[i] == 0 for i in range(1, 10, 2))
