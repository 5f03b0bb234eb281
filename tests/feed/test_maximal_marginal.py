import numpy as np
import pytest

from cocoonsim.core.arrays import unit_rows
from cocoonsim.feed.maximal_marginal import MaximalMarginal
from cocoonsim.feed.top import Top


def naive(scores, topics, slate, balance, shortlist, rescale):
    """Carbonell & Goldstein (1998), equation 2, for one user, in plain loops."""
    vectors = unit_rows(topics).astype(float)
    left = sorted(range(len(scores)), key=lambda i: -scores[i])[: max(shortlist, slate)]
    low, high = min(scores[i] for i in left), max(scores[i] for i in left)
    worth = {i: (scores[i] - low) / (high - low) if rescale else scores[i] for i in left}
    chosen = []
    for _ in range(slate):
        best = max(
            left,
            key=lambda i: (
                balance * worth[i] - (1 - balance) * max((vectors[i] @ vectors[j] for j in chosen), default=0.0)
            ),
        )
        chosen.append(best)
        left.remove(best)
    return chosen


@pytest.mark.parametrize("rescale", [True, False])
@pytest.mark.parametrize("balance", [0.0, 0.3, 0.7, 1.0])
@pytest.mark.parametrize("shortlist", [1, 12])
def test_same_picks_as_the_textbook_loop(fill, balance, rescale, shortlist):
    rng = np.random.default_rng(8)
    topics = rng.dirichlet([0.3] * 6, 30)
    scores = rng.permuted(np.tile(np.arange(30) / 16, (25, 1)), axis=1)
    rule = MaximalMarginal(balance=balance, shortlist=shortlist, rescale=rescale)
    feeds = fill(rule, scores, 5, topics)
    for user in range(25):
        assert feeds[user].tolist() == naive(scores[user], topics, 5, balance, shortlist, rescale)


def test_by_hand(fill):
    # two copies of topic 0 score best, topic 1 a little less: the copy waits until both topics are there
    topics, scores = [[1, 0], [1, 0], [0, 1]], [[1.0, 0.9, 0.5]]
    assert fill(MaximalMarginal(balance=0.5), scores, 3, topics).tolist() == [[0, 2, 1]]
    assert fill(MaximalMarginal(balance=0.9), scores, 3, topics).tolist() == [[0, 1, 2]]


def test_score_alone_is_top_and_equal_scores_are_no_trouble(fill):
    scores = np.random.default_rng(1).random((30, 12))
    assert (fill(MaximalMarginal(balance=1.0), scores, 5) == fill(Top(), scores, 5)).all()
    feeds = fill(MaximalMarginal(), np.ones((10, 4)), 6, np.eye(4))
    assert (np.sort(feeds, axis=1) == [-1, -1, 0, 1, 2, 3]).all()
    assert (feeds[:, 4:] == -1).all()
    assert fill(MaximalMarginal(), [[-np.inf, -np.inf]], 2).tolist() == [[-1, -1]]
