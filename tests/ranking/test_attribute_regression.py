import numpy as np
import pytest
from scipy.optimize import nnls

from cocoonsim.ranking.attribute_regression import AttributeRegression
from cocoonsim.testing import tiny_worlds
from cocoonsim.testing.scoring import scores


def test_weights_are_those_of_nonnegative_least_squares_over_all_items():
    """scipy's solver on the whole matrix, an item a row; scores are on a grid of 2^-12."""
    for tiny in tiny_worlds():
        topics = tiny.world.items.topics.astype(np.float64)
        clicked = tiny.history.pairs("clicks").toarray() > 0
        given = scores(AttributeRegression(ridge=1e-12), tiny)
        for user in tiny.users:
            weights = nnls(topics, clicked[user].astype(float))[0]
            weights = weights / weights.sum() if weights.any() else weights
            assert given[user] == pytest.approx(topics[tiny.platform.live] @ weights, abs=3e-3)


def test_what_was_offered_and_not_clicked_counts_against_a_topic():
    """Both of two items of topic 0 were clicked, and one of ten of topic 1: weights 1 and 0.1, as shares 10/11 and 1/11."""
    tiny = next(tiny_worlds("melting_pot"))
    topic = np.array([0] * 2 + [1] * 10 + [2] * (tiny.world.n_items - 12))
    object.__setattr__(
        tiny, "world", tiny.world.with_items(topics=np.eye(tiny.world.n_topics, dtype=np.float32)[topic])
    )
    history = tiny.history.copy()
    history._pairs.clear()
    feed = np.array([[0, 1, 5]], np.int32)
    history.add(np.array([0]), feed, feed >= 0, tiny.world.items.topics)
    object.__setattr__(tiny, "history", history)
    weights = AttributeRegression(ridge=1e-12).learn(tiny.platform, tiny.dice)
    assert weights[0, :3] == pytest.approx([10 / 11, 1 / 11, 0], abs=1e-9)
    assert not weights[1:].any()
