import numpy as np

from cocoonsim.ranking.social import Social
from cocoonsim.testing import tiny_worlds
from cocoonsim.testing.scoring import scores


def test_counts_followees_not_clicks(stand):
    seen = [(1, 0, True), (1, 0, True), (2, 0, True), (2, 1, True), (3, 1, True), (1, 2, False)]
    here = stand(np.ones((4, 1)), np.ones((3, 1)), arcs=[(0, 1), (0, 2), (3, 2), (2, 0)], seen=seen)
    assert here.scores(Social()).tolist() == [[2, 1, 0], [0, 0, 0], [0, 0, 0], [1, 1, 0]]
    assert here.scores(Social(), users=[3, 0], items=[[1, -1], [1, 0]])[:, 0].tolist() == [1, 1]


def test_same_as_a_plain_loop():
    for tiny in tiny_worlds():
        clicked = tiny.history.pairs("clicks").toarray() > 0
        given = scores(Social(), tiny)
        for user in tiny.users:
            naive = sum((clicked[other] for other in tiny.world.follows.of(user)), np.zeros(tiny.world.n_items))
            assert given[user].tolist() == naive[tiny.platform.live].tolist()
