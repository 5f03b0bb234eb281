"""The judge's arithmetic against scipy and cases worked out by hand."""

import math

import numpy as np
import pytest
from scipy import stats

from cocoonsim.experiments.verdicts import difference, estimate, judge, ratio
from cocoonsim.scenario.expectations import Check

ONE = np.array([1.2, 0.7, 1.9, 1.4, 1.1, 0.9])
TWO = np.array([0.8, 0.2, 1.1, 1.2, 0.4, 0.6])


def verdict(samples, **check):
    if not isinstance(samples, dict):
        samples = {"": np.asarray(samples, float)}
    return judge(
        Check(claim="It is so", of="steps", **check), {name: np.asarray(x, float) for name, x in samples.items()}
    )


def test_the_interval_of_a_mean_is_students():
    low, high = stats.t.interval(0.95, 5, ONE.mean(), stats.sem(ONE))
    assert estimate(ONE).interval == pytest.approx((low, high), rel=1e-12)


def test_a_paired_difference_is_scipys():
    found = difference(ONE, TWO)
    assert found.chance_above == pytest.approx(stats.ttest_rel(ONE, TWO, alternative="greater").pvalue, rel=1e-9)
    beyond = found._replace(mean=found.mean - 0.3)
    assert beyond.chance_above == pytest.approx(
        stats.ttest_1samp(ONE - TWO, 0.3, alternative="greater").pvalue, rel=1e-9
    )


def test_an_unpaired_difference_is_welchs():
    found = difference(ONE, TWO[:4], paired=False)
    told = stats.ttest_ind(ONE, TWO[:4], equal_var=False, alternative="greater")
    assert found.chance_above == pytest.approx(told.pvalue, rel=1e-9)
    assert found.df == pytest.approx(told.df, rel=1e-9)


def test_the_error_of_a_ratio_is_that_of_the_delta_method():
    """By hand: var(x/y) = (s_x^2 - 2 r s_xy + r^2 s_y^2) / (n y^2), with r = 1.2/(4.3/6)."""
    found = ratio(ONE, TWO)
    cov = np.cov(ONE, TWO)
    r = ONE.mean() / TWO.mean()
    by_hand = math.sqrt((cov[0, 0] - 2 * r * cov[0, 1] + r**2 * cov[1, 1]) / 6) / TWO.mean()
    assert found.mean == pytest.approx(7.2 / 4.3, rel=1e-12)
    assert found.se == pytest.approx(by_hand, rel=1e-9)


def test_the_acceptance_rule_at_its_edge():
    """Ours: mean 2, se = 1/sqrt(3) (1, 2, 3). Theirs: se 0.4. Allowed: 3 sqrt(1/3 + 0.16) + 0.1 = 2.20736..."""
    allowed = 3 * math.sqrt(1 / 3 + 0.16) + 0.1
    assert verdict([1, 2, 3], mean=2 + allowed - 1e-9, se=0.4, tolerance=0.1).passed
    beyond = verdict([1, 2, 3], mean=2 + allowed + 1e-9, se=0.4, tolerance=0.1)
    assert not beyond.passed
    assert beyond.failed
    assert beyond.word == "FAIL"
    assert beyond.allowed == pytest.approx(allowed, rel=1e-12)


def test_half_a_width_is_turned_into_a_standard_error():
    """0.17 over 20 runs: t(0.975, 19) = 2.09302405, se = 0.081222. Our three runs agree, so that alone counts."""
    assert verdict([2, 2, 2], mean=2 + 3 * 0.17 / 2.09302405 - 1e-6, half_width=0.17, runs=20).passed
    assert not verdict([2, 2, 2], mean=2 + 3 * 0.17 / 2.09302405 + 1e-6, half_width=0.17, runs=20).passed


def test_exact_means_every_run():
    assert verdict([0.5, 0.5 + 9e-10], exact=0.5).passed
    assert not verdict([0.5, 0.5 + 2e-9], exact=0.5).passed
    assert verdict([0.5, 0.5 + 2e-9], exact=0.5, within=1e-8).passed
    nearly = [2.0] * 19 + [3.0]
    assert not verdict(nearly, exact=2).passed
    assert verdict(nearly, exact=2, share_of_seeds=0.95).passed
    assert not verdict(nearly, exact=2, share_of_seeds=0.96).passed
    assert verdict({"": [3, 4], "b": [1, 2]}, exact=2, minus="b").passed


def test_bounds_are_one_sided_tests_at_one_in_a_hundred():
    p = stats.ttest_1samp(ONE, 0.55, alternative="greater").pvalue
    assert p < 0.01
    assert verdict(ONE, above=0.55).passed
    assert stats.ttest_1samp(ONE, 0.7, alternative="greater").pvalue > 0.01
    assert not verdict(ONE, above=0.7).passed, "the mean lies above, but it may be luck"
    assert verdict(-ONE, below=-0.55).passed
    assert not verdict(ONE, above=0.55, below=1.3).passed
    assert verdict([2, 2], above=1.9).passed, "where all agree there is nothing to test"
    assert not verdict([2, 2], above=2).passed
    assert verdict([2], above=1.9).passed


def test_a_bound_on_a_ratio_is_tested_on_the_difference():
    x, y = np.array([6.0, 7.0, 5.5, 6.5]), np.array([1.0, 1.2, 0.8, 1.1])
    p = stats.ttest_1samp(x - 5 * y, 0, alternative="greater").pvalue
    assert verdict({"": x, "b": y}, over="b", above=5).passed == (p < 0.01)
    assert p < 0.01
    assert not verdict({"": x, "b": y}, over="b", above=5.9).passed
    p = stats.ttest_1samp(8 * y - x, 0, alternative="greater").pvalue
    assert verdict({"": x, "b": y}, over="b", below=8).passed == (p < 0.01)
    assert p < 0.01


def test_an_order_holds_between_all_neighbours():
    three = {"a": ONE + 1, "b": ONE, "c": TWO}
    assert verdict(three, order=("a", "b", "c")).passed
    assert not verdict(three, order=("b", "a", "c")).passed
    assert not verdict({"a": ONE, "b": ONE + 1e-3 * np.array([1, -1, 1, -1, 1, -1])}, order=("a", "b")).passed
    assert not verdict(three, order=("a", "b", "c"), margin=0.5).passed
    assert verdict({"a": [2, 2], "b": [1, 1]}, order=("a", "b")).passed
    assert not verdict({"a": [2, 2], "b": [2, 2]}, order=("a", "b")).passed


def test_what_is_undefined_or_did_not_happen_is_no_pass():
    for way in ({"above": 0.0}, {"exact": 1.0}, {"mean": 1.0, "se": 9.0}):
        lost = verdict([1.0, np.nan, 1.0], **way)
        assert not lost.passed
        assert lost.detail == "undefined in 1 of 3 runs"
    none = verdict([], mean=1.0, se=1.0, given="segregated")
    assert not none.passed
    assert "no run of the scenario stopped as segregated" in none.detail


def test_a_known_difference_is_no_failure_and_no_pass():
    found = verdict([1.0, 1.1], exact=2.0, known_difference="their clock ticks once more")
    assert (found.passed, found.failed, found.word) == (False, False, "known difference")
    assert verdict([2.0, 2.0], exact=2.0, known_difference="mended since").word == "pass"
