import networkx as nx
import numpy as np
import pytest
from scipy import stats

from cocoonsim.core.chance import Chance
from cocoonsim.core.errors import UserError
from cocoonsim.core.follows import Follows
from cocoonsim.core.world import Columns
from cocoonsim.network.scale_free import ScaleFree, preferential


def build(n: int, seed: int = 1, **settings: object) -> Follows:
    return ScaleFree(**settings).build(Columns(group=np.zeros(n, np.int32)), Chance(seed))


def one_by_one(n: int, ties: int, generator: np.random.Generator) -> np.ndarray:
    """The textbook loop: newcomers come one by one and draw from the list of all ends until they have `ties` people."""
    ends = [end for leaf in range(1, ties + 1) for end in (leaf, 0)]
    picked = [0] * ties
    for newcomer in range(ties + 1, n):
        chosen: list[int] = []
        while len(chosen) < ties:
            drawn = ends[generator.integers(len(ends))]
            if drawn not in chosen:
                chosen.append(drawn)
        picked += chosen
        ends += [end for one in chosen for end in (newcomer, one)]
    return np.array(picked)


@pytest.mark.parametrize("ties", [1, 2, 3])
def test_small_graphs_come_as_often_as_one_by_one(ties):
    # all sets of picks of the last two of six users, against the plain loop: one chi-square test of homogeneity
    runs, n = 3000, ties + 4
    ours, theirs = (
        [
            tuple(
                tuple(sorted(row)) for row in make(n, ties, np.random.default_rng(seed)).reshape(-1, ties)[-2:].tolist()
            )
            for seed in range(runs)
        ]
        for make in (preferential, one_by_one)
    )
    kinds = sorted(set(ours) | set(theirs))
    table = np.array([[sample.count(kind) for kind in kinds] for sample in (ours, theirs)])
    table = table[:, table.sum(axis=0) >= 10]
    assert table.shape[1] > 3
    assert stats.chi2_contingency(table).pvalue > 1e-4


def test_degrees_are_those_of_the_theory():
    # Bollobás et al. (2001), Dorogovtsev et al. (2000): P(k) = 2 m (m + 1) / (k (k + 1) (k + 2))
    m = 3
    degree = np.concatenate([build(20_000, seed, ties=m).degree for seed in (1, 2, 3)])
    k = np.arange(m, 30)
    seen = np.array([(degree == one).mean() for one in k])
    expected = 2 * m * (m + 1) / (k * (k + 1) * (k + 2))
    assert degree.min() >= 1
    assert (np.abs(seen - expected) < 5 * np.sqrt(expected / len(degree)) + 2e-4).all()


def test_the_tail_has_exponent_three():
    # maximum likelihood of Clauset, Shalizi & Newman (2009), eq. 3.7, above k = 20
    degree = build(100_000, ties=5).degree
    tail = degree[degree >= 20]
    exponent = 1 + len(tail) / np.log(tail / 19.5).sum()
    # P(k) ~ 1 / (k (k+1) (k+2)) is a little steeper than k^-3 near its start
    assert exponent == pytest.approx(3.0, abs=0.1)
    assert degree.max() > 300


def test_as_many_ties_as_networkx_and_the_same_spread():
    n, m = 2000, 4
    ours = [build(n, seed, ties=m).degree for seed in range(5)]
    theirs = [np.array([d for _, d in nx.barabasi_albert_graph(n, m, seed=seed).degree]) for seed in range(5)]
    assert {degree.sum() for degree in ours} == {degree.sum() for degree in theirs} == {2 * (n - m) * m}
    assert stats.ks_2samp(np.concatenate(ours), np.concatenate(theirs)).pvalue > 1e-3


def test_every_newcomer_picks_different_earlier_people():
    n, m = 3000, 6
    picked = preferential(n, m, np.random.default_rng(5))
    rows = np.sort(picked[m:].reshape(-1, m), axis=1)
    assert (np.diff(rows, axis=1) > 0).all()
    assert (rows[:, -1] < np.arange(m + 1, n)).all()
    assert (rows >= 0).all()


def test_one_way_ties_have_hubs_among_the_followed_only():
    follows = build(5000, ties=4, mutual=False)
    assert follows.degree.max() == 4
    assert (follows.degree == 4).sum() >= 5000 - 5
    assert np.bincount(follows.targets).max() > 60
    assert np.array_equal(build(5000, ties=4).reversed().targets, build(5000, ties=4).targets)
    assert follows.n_arcs / 5000 == pytest.approx(ScaleFree(ties=4, mutual=False).mean_degree(5000))


def test_old_people_have_no_special_numbers():
    degree = build(20_000, ties=3).degree
    assert abs(stats.spearmanr(np.arange(20_000), degree).statistic) < 0.03


def test_too_many_ties_are_refused_and_the_smallest_network_is_a_star():
    with pytest.raises(UserError, match="ties = 5, but there are only 5 users"):
        build(5, ties=5)
    assert sorted(build(5, ties=4).degree.tolist()) == [1, 1, 1, 1, 4]
