import numpy as np
import pytest
from scipy import stats

from cocoonsim.core.places import each_with_chance, exactly, unordered_pairs


def test_each_place_is_taken_with_its_chance_independently():
    # the number taken is binomial, and each place is taken equally often
    n, chance, runs = 50, 0.3, 4000
    generator = np.random.default_rng(1)
    taken = np.zeros((runs, n), bool)
    for run in range(runs):
        places = each_with_chance(n, chance, generator)
        assert (np.diff(places) > 0).all()
        taken[run, places] = True
    counts = np.bincount(taken.sum(axis=1), minlength=n + 1)
    expected = stats.binom.pmf(np.arange(n + 1), n, chance) * runs
    usual = expected > 5
    chi2 = ((counts - expected)[usual] ** 2 / expected[usual]).sum()
    assert stats.chi2.sf(chi2, usual.sum() - 1) > 1e-4
    by_place = ((taken.sum(axis=0) - runs * chance) ** 2 / (runs * chance * (1 - chance))).sum()
    assert stats.chi2.sf(by_place, n) > 1e-4
    neighbours = np.corrcoef(taken[:, :-1].ravel(), taken[:, 1:].ravel())[0, 1]
    assert abs(neighbours) < 4 / np.sqrt(runs * (n - 1))


@pytest.mark.parametrize(("n", "chance", "count"), [(0, 0.5, 0), (10, 0.0, 0), (10, 1.0, 10), (10**15, 1e-18, 0)])
def test_the_ends_of_the_range(n, chance, count):
    assert len(each_with_chance(n, chance, np.random.default_rng(1))) == count


def test_exactly_so_many_and_every_set_equally_often():
    generator = np.random.default_rng(3)
    for taken in (2, 4):  # below and above half: 10 choose 2 = 10 and 5 choose 4 = 5 sets
        sets = [tuple(exactly(5, taken, generator).tolist()) for _ in range(5000)]
        counts = np.array([sets.count(one) for one in set(sets)])
        assert len(counts) == {2: 10, 4: 5}[taken]
        assert stats.chisquare(counts).pvalue > 1e-4
    assert len(exactly(10**12, 1000, generator)) == 1000
    with pytest.raises(ValueError, match="cannot take 6 of 5"):
        exactly(5, 6, generator)


def test_unordered_pairs_count_through_the_triangle():
    expected = [(a, b) for a in range(1, 40) for b in range(a)]
    larger, smaller = unordered_pairs(np.arange(len(expected)))
    assert list(zip(larger.tolist(), smaller.tolist(), strict=True)) == expected
    # the last pairs of three million users, where the square root has no digits to spare
    n = 3_000_000
    last = n * (n - 1) // 2 - 1
    larger, smaller = unordered_pairs(np.array([last, last - (n - 2), last - (n - 1)]))
    assert larger.tolist() == [n - 1, n - 1, n - 2]
    assert smaller.tolist() == [n - 2, 0, n - 3]
