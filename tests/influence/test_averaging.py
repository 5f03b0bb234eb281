"""degroot, friedkin_johnsen, hegselmann_krause, biased_assimilation: against matrices, closed forms and plain loops."""

from fractions import Fraction

import numpy as np
import pytest
from scipy.linalg import expm

from cocoonsim.core.blocks import Blocks
from cocoonsim.core.chance import Dice
from cocoonsim.core.follows import Follows
from cocoonsim.core.world import World, content, people
from cocoonsim.influence import Influence
from cocoonsim.influence.biased_assimilation import BiasedAssimilation
from cocoonsim.influence.degroot import Degroot
from cocoonsim.influence.friedkin_johnsen import FriedkinJohnsen
from cocoonsim.influence.hegselmann_krause import HegselmannKrause
from cocoonsim.testing import tiny_worlds

BLOCKS = Blocks(threads=1)


def world(follows: Follows, opinion, **columns) -> World:
    n = follows.n_users
    users = people(np.ones((n, 1)), opinion=np.asarray(opinion, float), **columns)
    return World(0, users, content(np.ones((1, 1))), follows)


def advanced(rule: Influence, this: World, steps: int = 1, **time) -> World:
    users, feed = np.arange(this.n_users), np.full((this.n_users, 1), -1, np.int32)
    for step in range(steps):
        this = rule.advance(this, users, feed, feed >= 0, Dice(1, step), BLOCKS, **time)
    return this


def matrix(follows: Follows, own: float) -> np.ndarray:
    w = np.zeros((follows.n_users,) * 2)
    for u in range(follows.n_users):
        k = len(follows.of(u))
        w[u, u] = own if k else 1.0
        for v in follows.of(u):
            w[u, v] = (1 - own) / k
    return w


def random_graph(seed: int, n: int = 12) -> Follows:
    luck = np.random.Generator(np.random.Philox(seed))
    ring = np.arange(n)
    extra = luck.integers(0, n, (2, 2 * n))
    return Follows.from_arcs(n, np.concatenate([ring, extra[0]]), np.concatenate([(ring + 1) % n, extra[1]]))


@pytest.mark.parametrize("own", [0.0, 0.3, 1.0])
def test_degroot_is_a_matrix_power_and_ends_at_the_left_eigenvector(own):
    follows = random_graph(1)
    start = np.random.Generator(np.random.Philox(2)).normal(size=(12, 2))
    w = matrix(follows, own)
    after = advanced(Degroot(own_weight=own), world(follows, start), steps=7).users.opinion
    assert after == pytest.approx(np.linalg.matrix_power(w, 7) @ start, abs=1e-12)
    if own == 0.3:
        values, vectors = np.linalg.eig(w.T)
        pi = np.real(vectors[:, np.argmax(np.real(values))])
        far = advanced(Degroot(own_weight=own), world(follows, start), steps=400).users.opinion
        assert far == pytest.approx(np.tile(pi / pi.sum() @ start, (12, 1)), abs=1e-9)


def test_degroot_with_weights_on_ties():
    """Rows that sum to less than 1 leave the rest with the person."""
    follows = Follows(np.array([0, 2, 3, 3]), np.array([1, 2, 0], np.int32), np.array([0.5, 0.2, 0.9]))
    w = np.array([[0.3, 0.5, 0.2], [0.9, 0.1, 0.0], [0.0, 0.0, 1.0]])
    start = np.array([[1.0], [-0.5], [0.25]])
    assert advanced(Degroot(), world(follows, start), steps=3).users.opinion == pytest.approx(
        np.linalg.matrix_power(w, 3) @ start, abs=1e-12
    )


@pytest.mark.parametrize(("integrator", "error"), [("euler", 2e-2), ("rk4", 1e-7)])
def test_in_continuous_time_it_is_abelsons_equation(integrator, error):
    """dx/dt = (W - I) x, so x(2) = exp(2 (W - I)) x(0); Runge-Kutta errs by dt^4 and less, Euler by dt."""
    follows = random_graph(3)
    start = np.random.Generator(np.random.Philox(2)).normal(size=(12, 1))
    after = advanced(Degroot(own_weight=0.0), world(follows, start), steps=40, dt=0.05, integrator=integrator)
    wanted = expm(2.0 * (matrix(follows, 0.0) - np.eye(12))) @ start
    gap = np.abs(after.users.opinion - wanted).max()
    assert gap < error
    assert integrator == "rk4" or gap > 1e-4  # Euler is not the same thing


def test_friedkin_johnsen_ends_at_its_fixed_point():
    follows = random_graph(4)
    luck = np.random.Generator(np.random.Philox(5))
    start, held = luck.normal(size=(12, 1)), luck.uniform(0.1, 0.9, 12).astype(np.float32)
    w, s = matrix(follows, 0.2), np.diag(1.0 - held.astype(float))
    wanted = np.linalg.solve(np.eye(12) - s @ w, (np.eye(12) - s) @ start)
    rule = FriedkinJohnsen(own_weight=0.2)
    after = advanced(rule, world(follows, start, stubbornness=held), steps=600)
    assert after.users.opinion == pytest.approx(wanted, abs=1e-9)


def test_the_graph_form_on_a_path_of_four():
    """REPLICATIONS R1: path P4, s = (0, 0, 1, 1): z = (1/7, 2/7, 5/7, 6/7); two nodes s = (0, 1): z = (1/3, 2/3)."""
    path = Follows.from_arcs(4, np.array([0, 1, 1, 2, 2, 3]), np.array([1, 0, 2, 1, 3, 2]))
    rule = FriedkinJohnsen(form="graph")
    after = advanced(rule, world(path, [0.0, 0.0, 1.0, 1.0]), steps=400).users.opinion[:, 0]
    assert after == pytest.approx(np.array([1, 2, 5, 6]) / 7, abs=1e-9)
    assert ((after - after.mean()) ** 2).sum() == pytest.approx(17 / 49, abs=1e-9)
    assert sum((after[i] - after[i + 1]) ** 2 for i in range(3)) == pytest.approx(11 / 49, abs=1e-9)
    two = Follows.from_arcs(2, np.array([0, 1]), np.array([1, 0]))
    assert advanced(rule, world(two, [0.0, 1.0]), steps=200).users.opinion[:, 0] == pytest.approx(
        [1 / 3, 2 / 3], abs=1e-9
    )


@pytest.mark.parametrize("among", ["everyone", "followees"])
def test_hegselmann_krause_by_loops(among):
    for tiny in tiny_worlds():
        opinion = tiny.world.users.opinion[:, 0]
        rule = HegselmannKrause(tolerance=0.3, among=among)
        after = rule.update(tiny.world, tiny.users, tiny.feed, tiny.clicks, tiny.dice, BLOCKS).users.opinion[:, 0]
        for user in tiny.users:
            others = tiny.users if among == "everyone" else [user, *tiny.world.follows.of(user)]
            near = [opinion[v] for v in others if abs(opinion[v] - opinion[user]) <= 0.3]
            assert after[user] == pytest.approx(np.mean(near), abs=1e-12)


def exact_hk(start, tolerance, steps):
    """The rule in rational numbers, person by person: no rounding can decide who is in reach."""
    for _ in range(steps):
        near = [[other for other in start if abs(own - other) <= tolerance] for own in start]
        start = [sum(seen) / len(seen) for seen in near]
    return start


@pytest.mark.parametrize("tolerance", [Fraction(28, 100), Fraction(22, 100), Fraction(13, 100), Fraction(5, 100)])
def test_hk_on_the_standard_profile_is_what_exact_arithmetic_gives(tolerance):
    """Eleven evenly spaced opinions on [0, 1]; no distance ever equals these tolerances, so rounding decides nothing."""
    start = [Fraction(i, 10) for i in range(11)]
    people = world(Follows.none(11), np.array(start, float))
    for steps in (1, 3, 30):
        got = advanced(HegselmannKrause(tolerance=float(tolerance)), people, steps=steps).users.opinion[:, 0]
        assert got == pytest.approx(np.array(exact_hk(start, tolerance, steps), float), abs=1e-12)


def test_biased_assimilation_is_the_formula_of_dandekar_et_al():
    for tiny in tiny_worlds():
        x = (tiny.world.users.opinion[:, 0] + 1) / 2
        rule = BiasedAssimilation(bias=1.5, own_weight=0.7)
        after = rule.update(tiny.world, tiny.users, tiny.feed, tiny.clicks, tiny.dice, BLOCKS).users.opinion[:, 0]
        for user in tiny.users:
            circle = tiny.world.follows.of(user)
            s, d = sum(x[v] for v in circle), len(circle)
            pro, contra = x[user] ** 1.5 * s, (1 - x[user]) ** 1.5 * (d - s)
            wanted = (0.7 * x[user] + pro) / (0.7 + pro + contra) if d else x[user]
            assert after[user] == pytest.approx(2 * wanted - 1, abs=1e-9)
