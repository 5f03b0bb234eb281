import numpy as np
import pytest

from cocoonsim.core.arrays import unit_rows
from cocoonsim.feed.determinantal import Determinantal
from cocoonsim.feed.top import Top


def naive(scores, topics, slate, balance, shortlist, rescale):
    """Chen et al. (2018), equation 17, for one user: try every candidate, with the determinant of the whole set."""
    vectors = unit_rows(topics).astype(float)
    left = sorted(range(len(scores)), key=lambda i: -scores[i])[: max(shortlist, slate)]
    low, high = min(scores[i] for i in left), max(scores[i] for i in left)
    worth = {i: (scores[i] - low) / (high - low) if rescale else scores[i] for i in left}

    def value(chosen):
        _, log_volume = np.linalg.slogdet(vectors[chosen] @ vectors[chosen].T)
        return balance * sum(worth[i] for i in chosen) + (1 - balance) * log_volume

    chosen = []
    for _ in range(slate):
        best = max(left, key=lambda i: value([*chosen, i]))
        chosen.append(best)
        left.remove(best)
    return chosen


@pytest.mark.parametrize("rescale", [True, False])
@pytest.mark.parametrize("balance", [0.0, 0.3, 0.7, 0.95])
@pytest.mark.parametrize("shortlist", [1, 12, 30])
def test_same_picks_as_trying_every_determinant(fill, balance, rescale, shortlist):
    rng = np.random.default_rng(8)
    topics = rng.dirichlet([0.3] * 10, 30)
    scores = rng.permuted(np.tile(np.arange(30) / 16, (25, 1)), axis=1)
    rule = Determinantal(balance=balance, shortlist=shortlist, rescale=rescale)
    feeds = fill(rule, scores, 5, topics)
    for user in range(25):
        assert feeds[user].tolist() == naive(scores[user], topics, 5, balance, shortlist, rescale)


def test_by_hand(fill):
    # unit arrows at 0, 0, 45 and 90 degrees: what is left of them after the first is 0, 0, 1/2, 1
    topics = [[1, 0], [1, 0], [0.5, 0.5], [0, 1]]
    # 45 degrees: 0.6 b - (1 - b) ln 2, 90 degrees: 0; the former wins above b = 0.536. Two arrows fill the plane, then
    # the copy comes by its score
    assert fill(Determinantal(balance=0.5), [[1.0, 0.9, 0.6, 0.0]], 4, topics).tolist() == [[0, 3, 1, 2]]
    assert fill(Determinantal(balance=0.6), [[1.0, 0.9, 0.6, 0.0]], 4, topics)[0, :2].tolist() == [0, 2]


def test_more_places_than_topics_go_to_the_best_scores(fill):
    topics = np.repeat(np.eye(3), 4, axis=0)
    scores = np.random.default_rng(2).permuted(np.tile(np.arange(12) / 12, (40, 1)), axis=1)
    feeds = fill(Determinantal(balance=0.2), scores, 8, topics)
    for user in range(40):
        first, rest = feeds[user, :3].tolist(), feeds[user, 3:].tolist()
        best_of_each = [max(range(4 * t, 4 * t + 4), key=lambda i, u=user: scores[u, i]) for t in range(3)]
        assert sorted(first) == sorted(best_of_each)
        others = sorted((i for i in range(12) if i not in first), key=lambda i, u=user: -scores[u, i])
        assert rest == others[:5]


def test_score_alone_is_top_and_short_lists_are_no_trouble(fill):
    scores = np.random.default_rng(1).random((30, 12))
    topics = np.random.default_rng(3).dirichlet([0.3] * 4, 12)
    assert (fill(Determinantal(balance=1.0), scores, 5, topics) == fill(Top(), scores, 5)).all()
    feeds = fill(Determinantal(), np.ones((10, 4)), 6, np.eye(4))
    assert (np.sort(feeds, axis=1) == [-1, -1, 0, 1, 2, 3]).all()
    assert (feeds[:, 4:] == -1).all()
    assert fill(Determinantal(), [[-np.inf, -np.inf]], 2).tolist() == [[-1, -1]]
