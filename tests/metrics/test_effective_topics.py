import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from cocoonsim.metrics.effective_topics import EffectiveTopics


def test_by_hand(moment_of):
    """Counts 2 1 1: 2^1.5 (hand value of the naive oracle); one topic: 1; nothing ever shown: undefined."""
    feed = [[0, 1, 2, 3], [0, 1, -1, -1], [-1, -1, -1, -1]]
    uniform, popular = EffectiveTopics().measure(moment_of(np.eye(3)[[0, 0, 1, 2]], feed))
    assert np.allclose(uniform.values, [2**1.5, 1, np.nan], equal_nan=True)
    # two of four items: alike with chance 1/6 without replacement, 3/8 with it
    assert uniform.null[1] == pytest.approx(2 - 1 / 6)
    assert popular.null[1] == pytest.approx(2 - 3 / 8)
    assert np.isnan(uniform.null[2])


def test_the_window_holds_today_and_the_latest_before(moment_of):
    topics = np.eye(6)
    before = [([[0, 1]], False), ([[2, 3]], False), ([[4, -1]], True)]
    moment = moment_of(topics, [[5, -1]], before=before)
    sizes = {window: EffectiveTopics(window=window).measure(moment)[0].values[0] for window in (1, 2, 3, 4, 50)}
    assert sizes == pytest.approx({1: 1, 2: 2, 3: 3, 4: 4, 50: 6})
    oldest_gone = moment_of(topics[[0, 1, 2, 3, 4, 0]], [[5, -1]], before=before)  # 0 today, and 0 five items ago
    assert EffectiveTopics(window=5).measure(oldest_gone)[0].values[0] == pytest.approx(5)
    assert EffectiveTopics(window=6).measure(oldest_gone)[0].values[0] < 5


def test_a_long_feed_counts_in_full_and_memory_is_a_limit(moment_of):
    before = [([[3, 4, 5]], False)]
    assert EffectiveTopics(window=2).measure(moment_of(np.eye(6), [[0, 1, 2]], before=before))[0].values[0] == (
        pytest.approx(3)
    )
    short = moment_of(np.eye(6), [[0, 1, 2]], before=before, memory=2)
    assert EffectiveTopics().measure(short)[0].values[0] == pytest.approx(5)


@settings(max_examples=40, database=None, derandomize=True)
@given(st.lists(st.integers(0, 4), min_size=1, max_size=12))
def test_exponential_of_scipys_entropy(moment_of, oracle, topics):
    value = EffectiveTopics().measure(moment_of(np.eye(5)[topics], [list(range(len(topics)))]))[0].values[0]
    counts = np.bincount(topics, minlength=5)
    assert value == pytest.approx(np.exp(stats.entropy(counts)), rel=1e-12)
    assert value == pytest.approx(oracle("exposure").hill(counts.tolist(), 1), rel=1e-12)


@pytest.mark.parametrize("window", [8, 30])
def test_no_excess_on_feeds_drawn_from_its_nulls(moment_of, standard_errors, window):
    rng = np.random.default_rng(4)
    topics, clicks = np.eye(6)[rng.integers(0, 6, 40)], rng.integers(0, 30, 40)
    many = np.tile(np.arange(40), (2000, 1))
    uniform = [rng.permuted(many, axis=1)[:, :8] for _ in range(4)]
    popular = [rng.choice(40, (2000, 8), p=(clicks + 1) / (clicks + 1).sum()) for _ in range(4)]
    metric = EffectiveTopics(window=window)
    first, _ = metric.measure(moment_of(topics, uniform[0], before=[(f, False) for f in uniform[1:]]))
    moment = moment_of(topics, popular[0], before=[(f, False) for f in popular[1:]], item_clicks=clicks)
    second = metric.measure(moment)[1]
    assert abs(standard_errors(first.excess)) < 4
    assert abs(standard_errors(second.excess)) < 4
