import itertools

import numpy as np
import pytest

from cocoonsim.metrics.top_topic_share import TopTopicShare


def test_by_hand(moment_of):
    """Main topics 0 0 1 2; a mixture counts for its largest topic; an empty feed is undefined."""
    topics = [[1, 0, 0], [0.6, 0.4, 0], [0, 1, 0], [0, 0.2, 0.8]]
    feed = [[0, 1, 2, 3], [0, 1, -1, -1], [1, 2, 3, -1], [-1, -1, -1, -1]]
    uniform, popular = TopTopicShare().measure(moment_of(topics, feed))
    assert np.allclose(uniform.values, [0.5, 1, 1 / 3, np.nan], equal_nan=True)
    # all four: certainly one half. Two of four: the pair of topic 0 (1 of 6) gives 1, else 1/2.
    # Three of four: both of topic 0 (2 of 4) gives 2/3, else 1/3.
    assert np.allclose(uniform.null, [0.5, 7 / 12, 0.5, np.nan], equal_nan=True)
    # two independent draws are alike with chance 1/4 + 1/16 + 1/16
    assert popular.null[1] == pytest.approx(0.5 + 0.5 * 3 / 8)


def test_null_of_ten_from_ten_equal_topics(moment_of):
    """Against 200,000 simulated feeds."""
    uniform, popular = TopTopicShare().measure(moment_of(np.eye(10)[np.arange(1000) % 10], [list(range(10))]))
    simulated = np.random.default_rng(0).multinomial(10, np.full(10, 0.1), 200_000).max(axis=1) / 10
    error = simulated.std() / np.sqrt(len(simulated))
    assert abs(popular.null[0] - simulated.mean()) < 4 * error
    assert uniform.null[0] < popular.null[0]  # without replacement topics repeat a little less


def test_popularity_null_by_enumeration(moment_of):
    clicks, main = np.array([4, 0, 1]), [0, 1, 1]
    weights = (clicks + 1) / (clicks + 1).sum()
    expected = sum(
        np.prod(weights[list(draw)]) * np.bincount([main[i] for i in draw]).max() / 3
        for draw in itertools.product(range(3), repeat=3)
    )
    null = TopTopicShare().measure(moment_of(np.eye(2)[main], [[0, 1, 2]], item_clicks=clicks))[1].null
    assert null[0] == pytest.approx(expected)


def test_no_excess_on_feeds_drawn_from_its_nulls(moment_of, standard_errors):
    rng = np.random.default_rng(3)
    topics, clicks = rng.dirichlet([0.2] * 6, 40), rng.integers(0, 30, 40)
    length = rng.integers(0, 8, 2000)  # feeds of all lengths
    uniform = rng.permuted(np.tile(np.arange(40), (2000, 1)), axis=1)[:, :7]
    popular = rng.choice(40, (2000, 7), p=(clicks + 1) / (clicks + 1).sum())
    for feed in (uniform, popular):
        feed[np.arange(7) >= length[:, None]] = -1
    first, _ = TopTopicShare().measure(moment_of(topics, uniform, item_clicks=clicks))
    _, second = TopTopicShare().measure(moment_of(topics, popular, item_clicks=clicks))
    assert abs(standard_errors(first.excess)) < 4
    assert abs(standard_errors(second.excess)) < 4
