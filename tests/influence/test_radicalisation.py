"""radicalisation: against exact chances, the equation term by term, and SciPy's integrator."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.stats import chisquare

from cocoonsim import Scenario, play
from cocoonsim.core.chance import Dice
from cocoonsim.core.follows import Follows
from cocoonsim.influence.radicalisation import Radicalisation
from cocoonsim.testing import tiny_worlds


def test_contacts_of_the_active_are_drawn_without_replacement_by_likeness(world):
    """Two picks from distances 0.1, 0.2, 0.4, 0.8 with homophily 1: ordered pairs have chance w_i/W x w_j/(W - w_i)."""
    from itertools import combinations

    opinion = np.array([0.0, 0.1, -0.2, 0.4, -0.8])
    rule = Radicalisation(contacts_each=2, homophily=1.0, reciprocity=0.0)
    activity = np.array([1.0, 0, 0, 0, 0])
    counts = dict.fromkeys(combinations(range(1, 5), 2), 0)
    for step in range(12_000):
        influenced, influencing, _ = rule.contacts(world(opinion, activity=activity), np.arange(5), Dice(1, step))
        assert (influencing == 0).all()
        counts[tuple(sorted(influenced.tolist()))] += 1
    w = dict(zip(range(1, 5), 1 / np.abs(opinion[1:]), strict=True))
    total = sum(w.values())
    chance = [w[i] / total * w[j] / (total - w[i]) + w[j] / total * w[i] / (total - w[j]) for i, j in counts]
    assert chisquare(list(counts.values()), 12_000 * np.array(chance)).pvalue > 1e-3


def test_reciprocity_turns_contacts_round(world):
    rule = Radicalisation(contacts_each=3, homophily=0.0, reciprocity=0.4)
    back = forth = 0
    for step in range(300):
        influenced, influencing, _ = rule.contacts(
            world(np.linspace(-1, 1, 40), activity=np.eye(40)[7]), np.arange(40), Dice(1, step)
        )
        forth += int((influencing == 7).sum())
        back += int((influenced == 7).sum())
    assert forth == 900
    assert abs(back - 360) <= 4 * np.sqrt(900 * 0.24)


def test_the_slope_is_the_equation():
    for tiny in tiny_worlds():
        rule = Radicalisation(contacts_each=4, strength=2.0, controversy=1.5, decay=0.7)
        met = rule.contacts(tiny.world, tiny.users, tiny.dice)
        rate = rule.slope(tiny.world, tiny.users, tiny.feed, tiny.clicks, tiny.dice, met)["opinion"][:, 0]
        x = tiny.world.users.opinion[:, 0]
        for user in tiny.users:
            push = sum(np.tanh(1.5 * x[j]) for i, j in zip(*met[:2], strict=True) if i == user)
            assert rate[user] == pytest.approx(-0.7 * x[user] + 2.0 * push, abs=1e-12)


@pytest.mark.parametrize("weighted", [False, True])
def test_on_a_network_it_is_the_differential_equation(weighted):
    """dx_i/dt = -x_i + K sum_j w_ij tanh(a x_j) over the followees (Santos, Lelkes & Levin 2021), solved by SciPy."""
    generator = np.random.Generator(np.random.Philox(5))
    n, start = 12, generator.uniform(-1, 1, 12)
    weights = (generator.random((n, n)) < 0.3) * generator.uniform(0.2, 2.0, (n, n))
    np.fill_diagonal(weights, 0)
    weights = weights if weighted else (weights > 0).astype(float)
    ties = [[int(i), int(j), *([float(weights[i, j])] if weighted else [])] for i, j in np.argwhere(weights)]
    scenario = Scenario.from_dict(
        {
            "steps": 100, "candidates": "none", "activity": {"kind": "continuous", "dt": 0.05, "integrator": "rk4"},
            "population": {"kind": "uniform", "users": n, "columns": {"opinion": {"each": start.tolist()}}},
            "network": {"kind": "listed", "ties": ties},
            "influence": {"kind": "radicalisation", "among": "followees", "strength": 0.4, "controversy": 1.7, "hearing": 0.3},
        }
    )  # fmt: skip
    *_, end = play(scenario, seed=1)

    def slope(_, both):
        x, heard = both.reshape(2, n)
        return np.concatenate([0.4 * weights @ np.tanh(1.7 * x) - x, 0.3 * (weights @ x - weights.sum(axis=1) * heard)])

    solved = solve_ivp(slope, (0, 5), np.concatenate([start, np.zeros(n)]), rtol=1e-10, atol=1e-12).y[:, -1]
    assert end.after.users.opinion[:, 0] == pytest.approx(solved[:n], abs=1e-6)
    assert end.after.users["heard"] == pytest.approx(solved[n:], abs=1e-6)
    assert np.abs(solved[:n] - start).max() > 0.5


def test_only_the_active_are_heard_on_a_network(world):
    rule = Radicalisation(among="followees")
    follows = Follows.from_arcs(3, np.array([0, 0, 1]), np.array([1, 2, 0]))
    opinion, activity = np.array([0.5, 1.0, -1.0]), np.array([1.0, 0, 1])
    tied = world(opinion, follows, activity=activity)
    influenced, influencing, weight = rule.contacts(tied, np.arange(3), Dice(1, 0))
    assert list(zip(influenced.tolist(), influencing.tolist(), strict=True)) == [(0, 2), (1, 0)]
    assert weight is None
    assert rule.misfits(world(opinion), 1) == [("among", "nobody follows anybody. Use a network, or among: everyone")]
    assert not rule.misfits(tied, 1), "how many an active person would contact does not matter"


def overlapping(dims: int, overlap: float) -> np.ndarray:
    """The matrix of the cosines between topics."""
    return np.full((dims, dims), overlap) + (1 - overlap) * np.eye(dims)


@pytest.mark.parametrize("overlap", [0.0, 0.4, 1.0])
def test_several_topics_are_the_equation_with_the_matrix_of_their_overlaps(overlap, world):
    """Baumann et al. (2021): dx_v = -x_v + K sum_j tanh(a (M x_j)_v), and distances squared are d M d."""
    opinion = np.random.Generator(np.random.Philox(3)).uniform(-1, 1, (30, 3))
    rule, matrix = (
        Radicalisation(contacts_each=4, strength=2.0, controversy=1.5, overlap=overlap),
        overlapping(3, overlap),
    )
    this, feed = world(opinion), np.full((30, 1), -1, np.int32)
    met = rule.contacts(this, np.arange(30), Dice(1, 0))
    rate = rule.slope(this, np.arange(30), feed, feed >= 0, Dice(1, 0), met)["opinion"]
    expected = -opinion
    for to, by in zip(*met[:2], strict=True):
        expected[to] += 2.0 * np.tanh(1.5 * matrix @ opinion[by])
    assert rate == pytest.approx(expected, abs=1e-12)
    gaps = opinion[[4, 7]][:, None] - opinion[None, :]
    distances = np.sqrt(np.einsum("nid,de,nie->ni", gaps, matrix, gaps))
    assert rule._distances(opinion, np.array([4, 7])) == pytest.approx(distances, abs=1e-12)


def test_two_topics_that_are_one_are_one_topic_of_twice_the_controversy():
    """With an overlap of 1 and equal opinions, M x = 2x and all distances double, which changes no odds."""
    start = np.random.Generator(np.random.Philox(4)).uniform(-1, 1, 50).tolist()

    def end(dims: int, **settings) -> np.ndarray:
        opinion = {"each": [[one] * dims for one in start]}
        scenario = Scenario.from_dict(
            {
                "steps": 60, "candidates": "none", "activity": {"kind": "continuous", "dt": 0.05, "integrator": "rk4"},
                "population": {"kind": "uniform", "users": 50, "dimensions": dims, "columns": {"opinion": opinion}},
                "influence": {"kind": "radicalisation", "contacts_each": 3, **settings},
            }
        )  # fmt: skip
        for moment in play(scenario, seed=1):
            last = moment.after.users.opinion
        return last

    one, two = end(1, controversy=2.0), end(2, controversy=1.0, overlap=1.0)
    assert two == pytest.approx(np.repeat(one, 2, axis=1), abs=1e-9)
    assert np.ptp(one) > 0.5
