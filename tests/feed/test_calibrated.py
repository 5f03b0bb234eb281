from math import log

import numpy as np
import pytest

from cocoonsim.core.arrays import shares_on_grid
from cocoonsim.core.history import History
from cocoonsim.feed.calibrated import Calibrated
from cocoonsim.feed.top import Top


def liked(clicked, n_items):
    history = History(len(clicked), len(clicked[0]), n_items)
    history.clicked_topics[:] = clicked
    return history


def divergence(target, chosen, topics, smoothing):
    """Steck (2018), equations 3 to 5: KL(p, q') with q the mean of the chosen items' topics."""
    total = 0.0
    for t, p in enumerate(target):
        q = sum(topics[i][t] for i in chosen) / len(chosen)
        if p > 0:
            total += p * log(p / ((1 - smoothing) * q + smoothing * p))
    return total


def naive(scores, topics, target, slate, balance, smoothing, shortlist, rescale, total):
    """Steck (2018), section 3: greedy maximisation of equation 6, for one user, in plain loops."""
    left = sorted(range(len(scores)), key=lambda i: -scores[i])[: max(shortlist, slate)]
    low, high = min(scores[i] for i in left), max(scores[i] for i in left)
    worth = {i: (scores[i] - low) / (high - low) if rescale else scores[i] for i in left}
    chosen = []
    for _ in range(slate):
        best = max(
            left,
            key=lambda i: (
                balance * sum(worth[j] for j in [*chosen, i]) / (len(chosen) + 1 if total == "mean" else 1)
                - (1 - balance) * divergence(target, [*chosen, i], topics, smoothing)
            ),
        )
        chosen.append(best)
        left.remove(best)
    return chosen


@pytest.fixture(params=["mixed", "pure"])
def table(request):
    """Items of several topics, and items of one topic each, which take another way through the code."""
    rng = np.random.default_rng(8)
    topics = shares_on_grid(rng.dirichlet([0.3] * 6, 30)).astype(np.float64)
    if request.param == "pure":
        topics = np.eye(6)[rng.integers(0, 6, 30)]
    scores = rng.permuted(np.tile(np.arange(30) / 16, (25, 1)), axis=1)
    clicked = rng.gamma(0.5, size=(25, 6)).astype(np.float32)
    clicked[:, 2] = 0
    return topics, scores, clicked


@pytest.mark.parametrize("total", ["sum", "mean"])
@pytest.mark.parametrize("rescale", [True, False])
@pytest.mark.parametrize("balance", [0.0, 0.3, 0.8])
@pytest.mark.parametrize(("shortlist", "smoothing"), [(1, 0.01), (12, 0.01), (12, 0.3)])
def test_same_picks_as_the_textbook_loop(fill, table, balance, smoothing, rescale, shortlist, total):
    topics, scores, clicked = table
    rule = Calibrated(balance=balance, smoothing=smoothing, shortlist=shortlist, rescale=rescale, total=total)
    feeds = fill(rule, scores, 5, topics, history=liked(clicked, 30))
    shares = shares_on_grid(topics / topics.sum(axis=1, keepdims=True)).astype(np.float64)
    for user in range(25):
        target = clicked[user] / clicked[user].sum(dtype=np.float64)
        expected = naive(scores[user], shares, target, 5, balance, smoothing, shortlist, rescale, total)
        assert feeds[user].tolist() == expected


def test_divergence_falls_as_calibration_rises(fill, table):
    topics, scores, clicked = table
    target = clicked / clicked.sum(axis=1, keepdims=True)
    means = []
    for calibration in (0.0, 0.25, 0.5, 0.75, 1.0):  # the source's lambda
        feeds = fill(Calibrated(balance=1 - calibration), scores, 8, topics, history=liked(clicked, 30))
        means.append(np.mean([divergence(target[u], feeds[u], topics, 0.01) for u in range(25)]))
    assert means == sorted(means, reverse=True)
    assert means[-1] < 0.3 * means[0]


def test_seven_to_three(fill):
    """The example of the docstring: 70 % football and 30 % opera, the ranking likes football."""
    topics = np.repeat(np.eye(2), 10, axis=0)
    scores = [np.linspace(1.0, 0.1, 20)]
    history = liked([[7.0, 3.0]], 20)
    feed = fill(Calibrated(balance=0.01), scores, 10, topics, history=history)[0]
    assert (feed < 10).sum() == 7
    assert (fill(Top(), scores, 10, topics)[0] < 10).sum() == 10


def test_score_alone_or_no_clicks_is_top_and_short_lists_are_no_trouble(fill, table):
    topics, scores, clicked = table
    top = fill(Top(), scores, 5, topics)
    assert (fill(Calibrated(balance=1.0), scores, 5, topics, history=liked(clicked, 30)) == top).all()
    for balance in (0.5, 0.0):
        assert (fill(Calibrated(balance=balance), scores, 5, topics) == top).all()
    feeds = fill(Calibrated(), np.ones((10, 4)), 6, np.eye(4))
    assert (np.sort(feeds, axis=1) == [-1, -1, 0, 1, 2, 3]).all()
    assert (feeds[:, 4:] == -1).all()
    assert fill(Calibrated(), [[-np.inf, -np.inf]], 2).tolist() == [[-1, -1]]
