"""pairwise, copy: against plain loops, exact chances and published runs."""

import numpy as np
import pytest
from scipy.stats import chisquare

from cocoonsim import Scenario, play
from cocoonsim.core.blocks import Blocks
from cocoonsim.core.chance import Dice
from cocoonsim.core.follows import Follows
from cocoonsim.core.world import World, content, people
from cocoonsim.influence.copy import Copy
from cocoonsim.influence.pairwise import Pairwise
from cocoonsim.testing import tiny_worlds

BLOCKS = Blocks(threads=1)


def after(rule, this: World, step: int = 0) -> np.ndarray:
    feed = np.full((this.n_users, 1), -1, np.int32)
    return rule.update(this, np.arange(this.n_users), feed, feed >= 0, Dice(1, step), BLOCKS).users.opinion[:, 0]


def major_clusters(opinion, gap=0.02):
    """Groups between gaps, of at least 2 % of the people (REPLICATIONS, n_clusters and major_clusters)."""
    ordered = np.sort(opinion)
    sizes = np.diff(np.concatenate([[0], np.flatnonzero(np.diff(ordered) > gap) + 1, [len(ordered)]]))
    return int((sizes >= 0.02 * len(ordered)).sum())


@pytest.mark.parametrize(
    "rule",
    [
        Pairwise(tolerance=0.4),
        Pairwise(tolerance=0.4, symmetric=False, rate=0.9),
        Pairwise(tolerance=0.4, among="followees"),
        Pairwise(tolerance=0.5, similarity_exponent=1.2, distance_floor=0.01),
        Pairwise(tolerance=0.5, similarity_exponent=1.2, among="followees"),
    ],
    ids=range(5),
)
def test_encounters_by_a_plain_loop(rule):
    for tiny in tiny_worlds("two_camps", "melting_pot", "lonely_user"):
        given = rule.update(tiny.world, tiny.users, tiny.feed, tiny.clicks, tiny.dice, BLOCKS).users.opinion[:, 0]
        x, n = tiny.world.users.opinion[:, 0].copy(), tiny.world.n_users
        first = tiny.dice.below("pairwise first", np.arange(n), 1, n)[:, 0]
        luck = tiny.dice.uniform("pairwise partner", np.arange(n))[:, 0].astype(float)
        for i, u in zip(first, luck, strict=True):
            others = [j for j in range(n) if j != i] if rule.among == "everyone" else tiny.world.follows.of(i).tolist()
            if not others:
                continue
            odds = [max(abs(x[j] - x[i]), rule.distance_floor) ** -rule.similarity_exponent for j in others]
            j = others[min(int(np.searchsorted(np.cumsum(odds), u * sum(odds), side="right")), len(others) - 1)]
            gap = x[j] - x[i]
            if abs(gap) < rule.tolerance:
                x[i] += rule.rate * gap
                x[j] -= rule.rate * gap if rule.symmetric else 0.0
        assert given == pytest.approx(x, abs=1e-9)


@pytest.mark.parametrize(
    "more", [{}, {"symmetric": False, "rate": 0.9}, {"inclusive": True}, {"tolerance": 0.0}], ids=range(4)
)
def test_the_encounters_of_somebody_who_comes_alone_by_a_plain_loop(more):
    rule, moved = Pairwise(**{"among": "followees", "encounters": 5, "tolerance": 0.4, "rate": 0.3} | more), 0
    for tiny in tiny_worlds("two_camps", "melting_pot", "lonely_user"):
        for i in range(0, tiny.world.n_users, 3):
            one = slice(i, i + 1)
            given = rule.update(tiny.world, np.array([i]), tiny.feed[one], tiny.clicks[one], tiny.dice, BLOCKS)
            x, others = tiny.world.users.opinion[:, 0].copy(), tiny.world.follows.of(i)
            reach = rule.tolerance or tiny.world.users.tolerance[i]
            for u in tiny.dice.uniform("pairwise partner", np.arange(5))[:, 0].astype(float) if len(others) else ():
                j = others[int(u * len(others))]
                gap = x[j] - x[i]
                if abs(gap) < reach or (rule.inclusive and abs(gap) == reach):
                    x[i] += rule.rate * gap
                    x[j] -= rule.rate * gap if rule.symmetric else 0.0
            assert given.users.opinion[:, 0] == pytest.approx(x, abs=1e-12)
            moved += int((x != tiny.world.users.opinion[:, 0]).any())
    assert moved > 5


def test_the_mean_is_conserved(world):
    start = np.random.Generator(np.random.Philox(1)).random(500)
    this, rule = world(start), Pairwise(tolerance=0.3)
    for step in range(20):
        this = this.with_users(opinion=after(rule, this, step)[:, None])
    assert abs(this.users.opinion.mean() - start.mean()) <= 1e-12 * 20 * 500


def test_the_like_meet_as_often_as_the_exponent_says(world):
    """Chances proportional to max(d, floor)^-2 from 0 to opinions at 0.001 (floored at 0.1), 0.2, 0.4 and 0.8."""
    opinion = np.array([0.0, 0.001, 0.2, 0.4, 0.8])
    rule = Pairwise(
        tolerance=5.0, rate=1e-9, symmetric=False, similarity_exponent=2.0, distance_floor=0.1, encounters=1
    )
    met = np.zeros(5)
    for step in range(6000):
        this = world(opinion)
        moved = after(rule, this, step) - opinion
        if moved[0] != 0:
            met[1 + np.argmin(np.abs(opinion[1:] * 1e-9 - moved[0]))] += 1
    odds = np.array([0.1, 0.2, 0.4, 0.8]) ** -2
    assert chisquare(met[1:], met.sum() * odds / odds.sum()).pvalue > 1e-3


def deffuant(seed: int, tolerance: float, sweeps: int, n: int = 1000, **more) -> np.ndarray:
    scenario = Scenario.from_dict(
        {
            "steps": sweeps, "slate": 1, "catalogue": {"kind": "topic_mix", "items": 1, "topics": 1}, "choice": "accepts_all",
            "population": {"kind": "uniform", "users": n, "columns": {"opinion": {"distribution": "uniform"}}},
            "influence": {"kind": "pairwise", "tolerance": tolerance, "rate": 0.5, **more},
            "metrics": ["opinion_variance"], "stop_absorbed": tolerance,
        }
    )  # fmt: skip
    *_, last = play(scenario, seed)
    return last.after.users.opinion[:, 0]


def test_deffuant_at_a_wide_tolerance_is_consensus():
    """REPLICATIONS R2: major clusters exactly 1 at a tolerance of 0.5."""
    assert [major_clusters(deffuant(seed, 0.5, 60, 300)) for seed in range(5)] == [1] * 5


@pytest.mark.parametrize("among", ["followees", "everyone", "clicked"])
def test_copies_are_of_those_that_it_says_and_as_often(among):
    n = 40_000
    follows = Follows(
        np.arange(0, 2 * n + 1, 2), ((np.repeat(np.arange(n), 2) + np.tile([1, 2], n)) % n).astype(np.int32)
    )
    users = people(np.ones((n, 1)), opinion=np.arange(n, dtype=float))
    this = World(0, users, content(np.ones((4, 1)), stance=np.array([-1.0, -2, -3, -4])), follows)
    feed = np.tile(np.arange(4, dtype=np.int32), (n, 1))
    clicks = np.zeros((n, 4), bool)
    clicks[:, [1, 3]] = True
    moved = (
        Copy(chance=0.3, among=among).update(this, np.arange(n), feed, clicks, Dice(1, 0), BLOCKS).users.opinion[:, 0]
    )
    changed = moved != np.arange(n)
    assert abs(changed.sum() - 0.3 * n) <= 4 * np.sqrt(0.21 * n)
    if among == "followees":
        step = (moved - np.arange(n))[changed] % n
        assert abs((step == 1).sum() - (step == 2).sum()) <= 4 * np.sqrt(changed.sum())
        assert set(np.unique(step)) == {1, 2}
    if among == "clicked":
        assert set(np.unique(moved[changed])) == {-2, -4}
    if among == "everyone":
        assert abs(moved[changed].mean() / n - 0.5) <= 4 / np.sqrt(12 * changed.sum())


@pytest.mark.parametrize("symmetric", [True, False])
@pytest.mark.parametrize("inclusive", [True, False])
@pytest.mark.parametrize("exponent", [0.0, 0.5, 1.0, 2.0, 1.25])
def test_a_sweep_is_the_simple_loop_bit_by_bit(symmetric, inclusive, exponent, world):
    """Opinions on a coarse grid, so that distances exactly at the tolerance and at 0 occur."""
    x = np.random.Generator(np.random.Philox(7)).integers(0, 9, 60) / 8
    rule = Pairwise(
        tolerance=0.25,
        rate=0.25,
        symmetric=symmetric,
        inclusive=inclusive,
        similarity_exponent=exponent,
        distance_floor=0.01,
    )
    given = after(rule, world(x))
    dice, n = Dice(1, 0), len(x)
    first = dice.below("pairwise first", np.arange(n), 1, n)[:, 0]
    luck = dice.uniform("pairwise partner", np.arange(n))[:, 0].astype(float)
    power = {0.5: lambda far: 1 / np.sqrt(far), 1.0: lambda far: 1 / far, 2.0: lambda far: 1 / (far * far)}
    for i, u in zip(first, luck, strict=True):
        if exponent:
            far = np.maximum(np.abs(x - x[i]), 0.01)
            odds = power.get(exponent, lambda far: far**-exponent)(far)
            odds[i] = 0
            j = np.searchsorted(np.cumsum(odds), u * np.cumsum(odds)[-1], side="right")
        else:
            j = [k for k in range(n) if k != i][int(u * (n - 1))]
        gap = x[j] - x[i]
        if abs(gap) < 0.25 or (inclusive and abs(gap) == 0.25):
            x[i] = x[i] + 0.25 * gap
            if symmetric:
                x[j] = x[j] - 0.25 * gap
    assert (given == x).all()


def test_newcomers_are_met_first_and_only_once():
    """By hand: 0 follows 1 (far) and 2 (near); 2 is new. The first encounter is with 2 for sure, and halves the distance."""
    users = people(np.ones((3, 1)), opinion=np.array([0.0, 0.9, 0.2]))
    users = users.with_(newest=np.array([2, -1, -1], np.int32))
    follows = Follows.from_arcs(3, np.array([0, 0]), np.array([1, 2]))
    before = World(0, users, content(np.ones((1, 1))), follows)
    rule = Pairwise(among="followees", newcomers=True, encounters=1, tolerance=0.5, rate=0.5, symmetric=False)
    one, feed = np.array([0]), np.full((1, 1), -1, np.int32)
    met = set()
    for seed in range(20):
        after = rule.update(before, one, feed, feed >= 0, Dice(seed, 0), Blocks())
        assert after.users.opinion[:, 0].tolist() == [0.1, 0.9, 0.2]
        assert after.users["newest"].tolist() == [-1, -1, -1]
        again = rule.update(after, one, feed, feed >= 0, Dice(seed, 1), Blocks())
        met.add(round(float(again.users.opinion[0, 0]), 9))
    assert met == {0.1, 0.15}  # afterwards either may be met
