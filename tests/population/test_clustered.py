import numpy as np
import pytest

from cocoonsim.core.chance import Chance
from cocoonsim.population.clustered import Clustered


def test_groups_are_even_and_unordered():
    group = Clustered(users=1003, clusters=4).build(10, Chance(1)).group
    assert np.bincount(group).tolist() == [251, 251, 251, 250]
    assert np.abs(np.corrcoef(np.arange(1003), group)[0, 1]) < 0.1


def test_people_of_a_cluster_vary_as_a_dirichlet_does():
    # Dirichlet(c p) has mean p and variance p (1 - p) / (c + 1)
    users = Clustered(users=40_000, clusters=2, cohesion=9.0, concentration=1.0).build(4, Chance(2))
    for group in (0, 1):
        mine = users.interests[users.group == group].astype(np.float64)
        mean = mine.mean(axis=0)
        assert mine.var(axis=0) == pytest.approx(mean * (1 - mean) / 10, rel=0.06, abs=1e-4)


def test_profiles_spread_as_a_symmetric_dirichlet():
    # one cluster per user and great cohesion: interests are the profiles, variance (1/T)(1 - 1/T) / (T a + 1)
    users = Clustered(users=20_000, clusters=20_000, cohesion=1e6, concentration=0.5).build(5, Chance(3))
    expected = 0.2 * 0.8 / (5 * 0.5 + 1)
    assert users.interests.mean(axis=0) == pytest.approx(np.full(5, 0.2), abs=0.01)
    assert users.interests.var(axis=0) == pytest.approx(np.full(5, expected), rel=0.06)


def test_the_opinion_is_the_place_of_the_interests():
    users = Clustered(users=300, noise=0.0).build(9, Chance(4))
    by_hand = [sum(share * (-1 + 2 * k / 8) for k, share in enumerate(row)) for row in users.interests.tolist()]
    assert users.opinion[:, 0] == pytest.approx(by_hand, abs=1e-6)
    half = Clustered(users=300, noise=0.0, leaning=0.5).build(9, Chance(4))
    assert half.opinion == pytest.approx(users.opinion / 2)


def test_noise_has_its_spread_and_bounds_are_a_setting():
    settings = {"users": 20_000, "leaning": 0.0, "noise": 0.8, "dimensions": 3}
    free = Clustered(**settings, bounded=False).build(6, Chance(5))
    kept = Clustered(**settings).build(6, Chance(5))
    assert free.opinion.shape == (20_000, 3)
    assert free.opinion.std(axis=0) == pytest.approx(np.full(3, 0.8), rel=0.03)
    assert np.array_equal(kept.opinion, np.clip(free.opinion, -1, 1))
    assert np.array_equal(kept.innate_opinion, kept.opinion)


def test_further_dimensions_place_the_topics_in_another_order():
    opinion = Clustered(users=500, noise=0.0, dimensions=2).build(12, Chance(6)).opinion
    assert not np.allclose(opinion[:, 0], opinion[:, 1])


def test_more_clusters_than_users_are_a_problem():
    assert Clustered(users=3, clusters=4).problems()[0][0] == "clusters"
    assert Clustered(users=4, clusters=4).problems() == []
