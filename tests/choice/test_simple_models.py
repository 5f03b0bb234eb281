"""accepts_all, follows_recommendation, confidence_gate, satiating, risk_averse: against closed forms."""

from math import exp

import numpy as np
import pytest

from cocoonsim.choice.accepts_all import AcceptsAll
from cocoonsim.choice.bernoulli import Bernoulli
from cocoonsim.choice.confidence_gate import ConfidenceGate, hill
from cocoonsim.choice.follows_recommendation import FollowsRecommendation
from cocoonsim.choice.risk_averse import RiskAverse
from cocoonsim.choice.satiating import Satiating
from cocoonsim.core.chance import Dice
from cocoonsim.core.follows import Follows
from cocoonsim.core.world import World, content, people

N = 40_000
DICE = Dice(5, 3)


def world(topics, items=None, interests=None, **users) -> World:
    topics = np.array(topics, float)
    interests = np.tile(np.eye(topics.shape[1])[0] if interests is None else interests, (N, 1))
    return World(0, people(interests, **users), content(topics, **(items or {})), Follows.none(N))


def clicks(model, this: World, feed) -> np.ndarray:
    return model.choose(this, np.arange(N), np.tile(np.array(feed, np.int32), (N, 1)), DICE)


def within(count: int, chance: float) -> bool:
    return abs(count - N * chance) <= 4 * np.sqrt(N * chance * (1 - chance)) + 1e-9


def test_everything_there_is_accepted():
    assert (clicks(AcceptsAll(), world(np.eye(2)), [1, -1, 0]) == [True, False, True]).all()


def test_trust_takes_the_first_and_else_the_best():
    this = world(np.eye(3), {"quality": np.array([0.9, 0.5, 0.5])})
    taken = clicks(FollowsRecommendation(trust=0.3), this, [2, 0, 1])
    assert (taken.sum(axis=1) == 1).all()
    assert within(taken[:, 0].sum(), 0.3)
    assert within(taken[:, 1].sum(), 0.7)
    assert not clicks(FollowsRecommendation(), this, [-1, -1]).any()
    ties = clicks(FollowsRecommendation(trust=0.0), this, [1, 2]).sum(axis=0)  # equally bad: one at random
    assert within(ties[0], 0.5)


def test_the_hard_gate_is_a_wall():
    this = world(np.eye(2), {"stance": np.array([0.25, 0.5])}, opinion=np.zeros(N), tolerance=np.full(N, 0.25))
    assert (clicks(ConfidenceGate(), this, [0, 1]) == [False, False]).all()  # 0.25 lies on the border
    assert (clicks(ConfidenceGate(inclusive=True), this, [0, 1]) == [True, False]).all()
    assert (clicks(ConfidenceGate(tolerance=0.6), this, [0, 1, -1]) == [True, True, False]).all()


@pytest.mark.parametrize("sharpness", [1.0, 4.0, 20.0])
def test_the_slope_is_hills(sharpness):
    stance = np.array([0.0, 0.2, 0.3, 0.33, 0.9])
    this = world(np.ones((5, 1)), {"stance": stance}, opinion=np.zeros(N))
    passed = clicks(ConfidenceGate(gate="hill", tolerance=0.3, sharpness=sharpness), this, range(5)).sum(axis=0)
    for count, distance in zip(passed, stance, strict=True):
        assert within(count, 0.3**sharpness / (distance**sharpness + 0.3**sharpness))


def test_hill_at_the_ends():
    assert hill(np.array([0.0, 1e-300, 1e300]), np.float64(0.3), 1000.0).tolist() == [1.0, 1.0, pytest.approx(0.0)]
    assert hill(np.array([0.0, 0.1]), np.float64(0.0), 20.0).tolist() == [1.0, pytest.approx(0.0)]


def test_distance_is_euclidean_in_several_dimensions():
    stance = np.array([[0.3, 0.4], [0.3, 0.39]])
    this = world(np.eye(2), {"stance": stance}, opinion=np.zeros((N, 2)))
    assert (clicks(ConfidenceGate(tolerance=0.5), this, [0, 1]) == [False, True]).all()


def test_satiation_takes_the_appetite():
    full = np.tile([1.5, 0.0], (N, 1)).astype(np.float32)
    hungry = world([[1.0, 0.0], [0.6, 0.4]])
    eaten = hungry.with_users(satiation=full)
    taste = [1.0, 0.6 / np.hypot(0.6, 0.4)]  # the cosine of (1, 0) with each item
    for model, this, fill in ((Satiating(), hungry, [0, 0]), (Satiating(strength=0.8), eaten, [1.5, 0.9])):
        taken = clicks(model, this, [0, 1]).sum(axis=0)
        for place in (0, 1):
            chance = 0.5 * taste[place] * exp(-model.strength * fill[place])
            assert abs(taken[place] - N * chance) <= 4 * np.sqrt(N * chance * (1 - chance)) + N * 5e-4  # the grid


def test_the_exact_toy_of_aridor_et_al():
    """4 items on a ring, sigma 1, rho 0.5, x0 = -0.5 seen: the user stays local iff risk aversion exceeds 4/3."""
    mean, variance = np.array([-0.5, -0.25, -0.125, -0.25]), np.array([0.0, 0.75, 0.9375, 0.75])
    this = world(np.eye(4), belief_mean=np.tile(mean, (N, 1)), belief_var=np.tile(variance, (N, 1)))
    near = clicks(RiskAverse(risk_aversion=4 / 3 + 1e-6), this, [1, 2, 3])
    far = clicks(RiskAverse(risk_aversion=4 / 3 - 1e-6), this, [1, 2, 3])
    assert (far == [False, True, False]).all()
    assert not near[:, 1].any()
    assert (near.sum(axis=1) == 1).all()
    assert within(near[:, 0].sum(), 0.5)  # both neighbours are worth the same


def test_without_beliefs_people_know_what_they_like():
    assert (clicks(RiskAverse(), world(np.eye(2)), [1, 0, -1]) == [False, True, False]).all()


@pytest.mark.parametrize("sensitivity", [1.0, 3.0])
def test_bernoulli_hill_and_threshold(sensitivity):
    quality = np.array([0.9, 0.5, 0.2])
    this = world(np.ones((3, 1)), {"quality": quality})
    rising = Bernoulli(response="hill", sensitivity=sensitivity, midpoint=0.5, most=1.0, attention_decay=0.0)
    for count, value in zip(clicks(rising, this, range(3)).sum(axis=0), quality, strict=True):
        assert within(count, value**sensitivity / (value**sensitivity + 0.5**sensitivity))
    wall = Bernoulli(response="threshold", midpoint=0.5, most=1.0, attention_decay=0.0)
    assert (clicks(wall, this, range(3)) == [True, True, False]).all()
    assert Bernoulli(response="hill", midpoint=0.0).problems()[0][0] == "midpoint"
