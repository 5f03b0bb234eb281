import numpy as np
import pytest

from cocoonsim.core.history import History
from cocoonsim.feed.top import Top
from cocoonsim.feed.xquad import Xquad


def liked(clicked, n_items):
    history = History(len(clicked), len(clicked[0]), n_items)
    history.clicked_topics[:] = clicked
    return history


def naive(scores, topics, importance, slate, balance, shortlist, rescale):
    """Santos et al. (2010), algorithm 1 with lambda = 1 - balance, for one user, in plain loops: picks, and values of all."""
    left = sorted(range(len(scores)), key=lambda i: -scores[i])[: max(shortlist, slate)]
    low, high = min(scores[i] for i in left), max(scores[i] for i in left)
    chosen, steps = [], []
    for _ in range(slate):
        value = {}
        for i in left:
            worth = (scores[i] - low) / (high - low) if rescale else scores[i]
            novelty = 0.0
            for t, weight in enumerate(importance):
                missing = 1.0
                for j in chosen:
                    missing *= 1 - topics[j][t]
                novelty += weight * topics[i][t] * missing
            value[i] = balance * worth + (1 - balance) * novelty
        best = max(left, key=lambda i: value[i])
        steps.append(value)
        chosen.append(best)
        left.remove(best)
    return chosen, steps


@pytest.mark.parametrize("rescale", [True, False])
@pytest.mark.parametrize("balance", [0.0, 0.3, 0.7, 1.0])
@pytest.mark.parametrize("shortlist", [1, 12])
def test_same_picks_as_the_textbook_loop(fill, balance, rescale, shortlist):
    """Values differ by the grid, up to 2^-12 for shares and for importances: picks agree where the best is clearly best."""
    rng = np.random.default_rng(8)
    topics = rng.dirichlet([0.3] * 6, 30)
    scores = rng.permuted(np.tile(np.arange(30) / 16, (25, 1)), axis=1)
    clicked = rng.gamma(0.5, size=(25, 6))
    rule = Xquad(balance=balance, shortlist=shortlist, rescale=rescale)
    feeds = fill(rule, scores, 5, topics, history=liked(clicked, 30))
    same = 0
    for user in range(25):
        importance = clicked[user] / clicked[user].sum()
        chosen, steps = naive(scores[user], topics, importance, 5, balance, shortlist, rescale)
        same += feeds[user].tolist() == chosen
        for ours, theirs, value in zip(feeds[user].tolist(), chosen, steps, strict=True):
            assert value[ours] > value[theirs] - 12 / 4096  # 6 topics, each with two cuts
            if ours != theirs:
                break
    assert same >= 22


def test_by_hand(fill):
    # half of the clicks on each of two topics: after an item of topic 0, topic 1 adds 0.5 and topic 0 nothing
    topics, scores, history = [[1, 0], [1, 0], [0, 1]], [[1.0, 0.9, 0.5]], liked([[3.0, 3.0]], 3)
    # stretched scores 1, 0.8, 0: at a balance of 0.5, 0.4 for the copy and 0.25 for the other topic; at 0.3, 0.24 and 0.35
    assert fill(Xquad(balance=0.5), scores, 3, topics, history=history).tolist() == [[0, 1, 2]]
    assert fill(Xquad(balance=0.3), scores, 3, topics, history=history).tolist() == [[0, 2, 1]]


def test_interests_and_none(fill):
    topics, scores = [[1, 0], [1, 0], [0, 1], [0, 1]], np.tile([[1.0, 0.9, 0.8, 0.7]], (2, 1))
    only_first = [[5.0, 0.0], [0.0, 0.0]]
    feeds = fill(Xquad(balance=0.0), scores, 2, topics, history=liked(only_first, 4))
    assert feeds.tolist() == [[0, 1], [0, 2]]  # a topic nobody clicked adds nothing; without clicks all are alike
    equal = fill(Xquad(balance=0.0, aspects="equal"), scores, 2, topics, history=liked(only_first, 4))
    assert equal.tolist() == [[0, 2], [0, 2]]


def test_score_alone_is_top_and_short_lists_are_no_trouble(fill):
    scores = np.random.default_rng(1).random((30, 12))
    assert (fill(Xquad(balance=1.0), scores, 5) == fill(Top(), scores, 5)).all()
    feeds = fill(Xquad(), np.ones((10, 4)), 6, np.eye(4))
    assert (np.sort(feeds, axis=1) == [-1, -1, 0, 1, 2, 3]).all()
    assert (feeds[:, 4:] == -1).all()
    assert fill(Xquad(), [[-np.inf, -np.inf]], 2).tolist() == [[-1, -1]]
