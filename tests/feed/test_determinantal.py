import numpy as np
import pytest

from cocoonsim.core.arrays import unit_rows
from cocoonsim.feed.determinantal import Determinantal
from cocoonsim.feed.top import Top


def naive(scores, topics, slate, weight, shortlist, rescale):
    """Chen et al. (2018), section 4, for one user: try every candidate, with the determinant of the whole kernel."""
    vectors = unit_rows(topics).astype(float)
    left = sorted(range(len(scores)), key=lambda i: -scores[i])[: max(shortlist, slate)]
    low, high = min(scores[i] for i in left), max(scores[i] for i in left)
    worth = {i: (scores[i] - low) / (high - low) if rescale else scores[i] for i in left}

    def value(chosen):
        quality = np.exp([weight * worth[i] for i in chosen])
        kernel = quality[:, None] * (vectors[chosen] @ vectors[chosen].T) * quality
        return np.linalg.slogdet(kernel)[1]

    chosen = []
    for _ in range(slate):
        best = max(left, key=lambda i: value([*chosen, i]))
        chosen.append(best)
        left.remove(best)
    return chosen


@pytest.mark.parametrize("rescale", [True, False])
@pytest.mark.parametrize("weight", [0.0, 0.5, 2.0, 10.0])
@pytest.mark.parametrize("shortlist", [1, 12, 30])
def test_same_picks_as_trying_every_determinant(fill, weight, rescale, shortlist):
    rng = np.random.default_rng(8)
    topics = rng.dirichlet([0.3] * 10, 30)
    scores = rng.permuted(np.tile(np.arange(30) / 16, (25, 1)), axis=1)
    rule = Determinantal(quality_weight=weight, shortlist=shortlist, rescale=rescale)
    feeds = fill(rule, scores, 5, topics)
    for user in range(25):
        assert feeds[user].tolist() == naive(scores[user], topics, 5, weight, shortlist, rescale)


def test_by_hand(fill):
    # unit arrows at 0, 0, 45 and 90 degrees: what is left of them after the first is 0, 0, 1/2, 1
    topics = [[1, 0], [1, 0], [0.5, 0.5], [0, 1]]
    # in logarithms: 1.2 w - ln 2 at 45 degrees, 0 at 90 degrees; the former is larger above w = 0.578. Two arrows fill the
    # plane, then the rest come by their scores
    assert fill(Determinantal(quality_weight=0.5), [[1.0, 0.9, 0.6, 0.0]], 4, topics).tolist() == [[0, 3, 1, 2]]
    assert fill(Determinantal(quality_weight=0.65), [[1.0, 0.9, 0.6, 0.0]], 4, topics).tolist() == [[0, 2, 1, 3]]


def test_more_places_than_topics_go_to_the_best_scores(fill):
    topics = np.repeat(np.eye(3), 4, axis=0)
    scores = np.random.default_rng(2).permuted(np.tile(np.arange(12) / 12, (40, 1)), axis=1)
    feeds = fill(Determinantal(quality_weight=0.2), scores, 8, topics)
    for user in range(40):
        first, rest = feeds[user, :3].tolist(), feeds[user, 3:].tolist()
        best_of_each = [max(range(4 * t, 4 * t + 4), key=lambda i, u=user: scores[u, i]) for t in range(3)]
        assert sorted(first) == sorted(best_of_each)
        others = sorted((i for i in range(12) if i not in first), key=lambda i, u=user: -scores[u, i])
        assert rest == others[:5]


def test_score_alone_is_top_and_short_lists_are_no_trouble(fill):
    scores = np.random.default_rng(1).random((30, 12))
    topics = np.random.default_rng(3).dirichlet([0.3] * 4, 12)
    # on four topics, four items; the weight outbids any volume that counts as one
    assert (fill(Determinantal(quality_weight=1e4), scores, 4, topics) == fill(Top(), scores, 4)).all()
    feeds = fill(Determinantal(), np.ones((10, 4)), 6, np.eye(4))
    assert (np.sort(feeds, axis=1) == [-1, -1, 0, 1, 2, 3]).all()
    assert (feeds[:, 4:] == -1).all()
    assert fill(Determinantal(), [[-np.inf, -np.inf]], 2).tolist() == [[-1, -1]]
