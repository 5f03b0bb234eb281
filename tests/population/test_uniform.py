import numpy as np
import pytest
from scipy import stats

from cocoonsim.core.chance import Chance
from cocoonsim.population.uniform import Uniform


def test_interests_have_the_moments_of_a_symmetric_dirichlet():
    # Dirichlet(a, ..., a) over T topics: mean 1/T, variance (1/T)(1 - 1/T) / (T a + 1)
    users = Uniform(users=40_000, concentration=0.5).build(5, Chance(1))
    assert users.interests.mean(axis=0) == pytest.approx(np.full(5, 0.2), abs=0.01)
    assert users.interests.var(axis=0) == pytest.approx(np.full(5, 0.2 * 0.8 / 3.5), rel=0.05)


def test_opinions_are_uniform_in_every_dimension_and_independent_of_interests():
    users = Uniform(users=20_000, dimensions=2).build(3, Chance(2))
    for dimension in (0, 1):
        assert stats.kstest(users.opinion[:, dimension], "uniform", args=(-1, 2)).pvalue > 1e-4
    # independent columns correlate with a standard error of 1/sqrt(n)
    assert abs(np.corrcoef(users.opinion[:, 0], users.interests[:, 0])[0, 1]) < 4 / np.sqrt(20_000)
    assert abs(np.corrcoef(users.opinion.T)[0, 1]) < 4 / np.sqrt(20_000)


def test_nobody_belongs_to_a_group():
    assert set(Uniform(users=50).build(3, Chance(3)).group) == {0}
