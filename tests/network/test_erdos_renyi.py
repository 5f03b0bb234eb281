import numpy as np
import pytest
from scipy import stats

from cocoonsim.core.chance import Chance
from cocoonsim.core.errors import UserError
from cocoonsim.core.world import Columns
from cocoonsim.network.erdos_renyi import ErdosRenyi


def users(n: int) -> Columns:
    return Columns(group=np.zeros(n, np.int32))


def fits_binomial(degrees: np.ndarray, n: int, p: float) -> bool:
    """Chi-square test of degrees against Binomial(n, p)."""
    counts = np.bincount(degrees, minlength=n + 1)
    expected = stats.binom.pmf(np.arange(n + 1), n, p) * len(degrees)
    usual = expected > 5
    chi2 = ((counts - expected)[usual] ** 2 / expected[usual]).sum()
    return bool(stats.chi2.sf(chi2, usual.sum() - 1) > 1e-4)


def test_followed_and_followers_are_binomial():
    # Gilbert (1959): in G(n, p) a degree is Binomial(n - 1, p)
    n = 20_000
    follows = ErdosRenyi(degree=6).build(users(n), Chance(1))
    assert fits_binomial(follows.degree, n - 1, 6 / (n - 1))
    assert fits_binomial(np.bincount(follows.targets, minlength=n), n - 1, 6 / (n - 1))
    assert abs(follows.n_arcs - 6 * n) < 5 * np.sqrt(6 * n)


def test_mutual_ties_are_binomial_and_go_both_ways():
    n = 20_000
    follows = ErdosRenyi(degree=6, mutual=True).build(users(n), Chance(2))
    back = follows.reversed()
    assert np.array_equal(back.targets, follows.targets)
    assert fits_binomial(follows.degree, n - 1, 6 / (n - 1))


def test_every_arc_is_equally_likely():
    runs, n = 3000, 5
    counts = np.zeros((n, n))
    for seed in range(runs):
        follows = ErdosRenyi(degree=2).build(users(n), Chance(seed))
        counts[follows.sources(), follows.targets] += 1
    off = ~np.eye(n, dtype=bool)
    assert (counts[~off] == 0).all()
    z = (counts[off] - runs * 0.5) / np.sqrt(runs * 0.25)  # chance 2 / 4
    assert np.abs(z).max() < 4.5


def test_exact_has_exactly_so_many_ties():
    for mutual in (False, True):
        follows = ErdosRenyi(degree=4, exact=True, mutual=mutual).build(users(100), Chance(3))
        assert follows.n_arcs == 400


def test_the_complete_graph_and_the_empty_one():
    for exact in (False, True):
        complete = ErdosRenyi(degree=9, exact=exact).build(users(10), Chance(1))
        assert complete.n_arcs == 90
        assert ErdosRenyi(degree=0, exact=exact).build(users(10), Chance(1)).n_arcs == 0
    assert ErdosRenyi(degree=0).build(users(1), Chance(1)).n_users == 1


def test_repair_leaves_nobody_alone_and_changes_nobody_else():
    plain = ErdosRenyi(degree=2).build(users(2000), Chance(4))
    repaired = ErdosRenyi(degree=2, repair=True).build(users(2000), Chance(4))
    lonely = plain.degree == 0
    assert 100 < lonely.sum() < 2000  # about 2000 exp(-2) = 271
    assert np.array_equal(repaired.degree, plain.degree + lonely)
    assert (repaired.sources() != repaired.targets).all()
    both = ErdosRenyi(degree=2, repair=True, mutual=True).build(users(2000), Chance(4))
    assert np.array_equal(both.reversed().targets, both.targets)


@pytest.mark.parametrize("settings", [{}, {"mutual": True}, {"exact": True}, {"exact": True, "mutual": True}])
def test_the_mean_degree_is_the_stated_one_with_repair(settings):
    network = ErdosRenyi(degree=1, repair=True, **settings)
    means = [network.build(users(1000), Chance(seed)).n_arcs / 1000 for seed in range(40)]
    assert np.mean(means) == pytest.approx(network.mean_degree(1000), rel=0.02)


def test_too_high_a_degree_is_refused():
    with pytest.raises(UserError, match=r"degree = 10, but there are only 10 users\. Use a degree of at most 9"):
        ErdosRenyi(degree=10).build(users(10), Chance(1))
