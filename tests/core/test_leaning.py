import numpy as np
import pytest

from cocoonsim.core.leaning import dirichlet_rows, leaning_weights, mean_place, topic_places


def test_topics_lie_evenly_from_minus_one_to_one():
    assert topic_places(3).tolist() == [-1.0, 0.0, 1.0]
    assert topic_places(1).tolist() == [0.0]


def test_mean_place_is_the_weighted_mean_row_by_row():
    shares = np.array([[0.5, 0.5, 0.0], [0.1, 0.2, 0.7]])
    assert mean_place(shares) == pytest.approx([-0.5, 0.6])
    assert mean_place(shares, np.array([0.0, 1.0, 0.0])) == pytest.approx([0.5, 0.2])


def test_leaning_weights_follow_the_formula():
    # by hand: places -1, 0, 1; side 1, lean 2: e^-2, 1, e^2 over their sum
    expected = np.array([np.exp(-2), 1, np.exp(2)]) / (np.exp(-2) + 1 + np.exp(2))
    assert leaning_weights(np.array([1.0]), 3, 2.0)[0] == pytest.approx(expected)
    assert leaning_weights(np.array([-1.0]), 3, 2.0)[0] == pytest.approx(expected[::-1])
    assert leaning_weights(np.array([0.7]), 4, 0.0)[0] == pytest.approx([0.25] * 4)


def test_dirichlet_rows_have_the_mean_and_variance_of_a_dirichlet():
    # Dirichlet(a), A = sum a: mean a/A, variance a(A-a)/(A^2 (A+1))
    weights, n = np.array([0.3, 1.2, 2.5]), 40_000
    rows = dirichlet_rows(np.tile(weights, (n, 1)), np.random.default_rng(1))
    total = weights.sum()
    variance = weights * (total - weights) / (total**2 * (total + 1))
    assert rows.sum(axis=1) == pytest.approx(np.ones(n))
    assert np.abs(rows.mean(axis=0) - weights / total).max() < 5 * np.sqrt(variance.max() / n)
    assert rows.var(axis=0) == pytest.approx(variance, rel=0.04)


def test_tiny_weights_give_one_topic_each_and_no_row_of_zeros():
    rows = dirichlet_rows(np.full((2000, 5), 1e-6), np.random.default_rng(2))
    assert np.isfinite(rows).all()
    assert (rows.max(axis=1) > 0.999).all()
    assert rows.mean(axis=0) == pytest.approx(np.full(5, 0.2), abs=0.05)
