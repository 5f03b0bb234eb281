import numpy as np
import pytest

from cocoonsim.metrics.opinion_variance import OpinionVariance


def test_by_hand(moment_of):
    """Two poles: 1 (hand value of the naive oracle). Everyone counts, online or not."""
    moment = moment_of(np.eye(2), [[0]], n_users=4, opinion=[-1, -1, 1, 1])
    (reading,) = OpinionVariance().measure(moment)
    assert reading.values[0] == 1
    assert np.isnan(reading.null[0])
    assert reading.stage == "people"


def test_dimensions_are_averaged(moment_of):
    opinion = [[-1, 0.5], [1, 0.5]]
    assert OpinionVariance().measure(moment_of(np.eye(2), [[0], [1]], opinion=opinion))[0].values[0] == 0.5


def test_against_the_naive_oracle(moment_of, oracle):
    opinion = np.random.default_rng(0).uniform(-1, 1, 50)
    value = OpinionVariance().measure(moment_of(np.eye(2), np.zeros((50, 1)), opinion=opinion))[0].values[0]
    assert value == pytest.approx(oracle("polarisation").var(opinion.tolist()))
