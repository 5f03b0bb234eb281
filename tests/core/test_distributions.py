"""Moments against their formulas (Johnson, Kotz & Balakrishnan, Continuous univariate distributions)."""

import numpy as np
import pytest

from cocoonsim.core.chance import Chance
from cocoonsim.core.distributions import check_spec, draw_column
from cocoonsim.core.errors import UserError

N = 100_000
NOBODY = np.zeros(N, np.int64)


def truncated_power_moment(exponent, low, high, order):
    """E[x^order] of a density proportional to x^-exponent on [low, high]."""

    def integral(power):
        return (
            np.log(high / low) if abs(power + 1) < 1e-12 else (high ** (power + 1) - low ** (power + 1)) / (power + 1)
        )

    return integral(order - exponent) / integral(-exponent)


CASES = [
    ({"distribution": "uniform", "low": -2, "high": 4}, 1.0, 3.0),
    ({"distribution": "normal", "mean": 0.5, "sd": 0.2}, 0.5, 0.04),
    ({"distribution": "beta", "a": 2, "b": 3}, 0.4, 0.04),
    *(
        (
            {"distribution": "power_law", "exponent": exponent, "low": 0.01, "high": 1},
            truncated_power_moment(exponent, 0.01, 1, 1),
            truncated_power_moment(exponent, 0.01, 1, 2) - truncated_power_moment(exponent, 0.01, 1, 1) ** 2,
        )
        for exponent in (0.0, 1.0, 2.1, 3.5)
    ),
]


@pytest.mark.parametrize(
    ("spec", "mean", "variance"), CASES, ids=[f"{i}-{c[0]['distribution']}" for i, c in enumerate(CASES)]
)
def test_moments(spec, mean, variance):
    drawn = draw_column(spec, N, 1, Chance(3).generator("x"), NOBODY)[:, 0]
    assert abs(drawn.mean() - mean) <= 4 * np.sqrt(variance / N)
    fourth = ((drawn - mean) ** 4).mean()
    assert abs(((drawn - mean) ** 2).mean() - variance) <= 4 * np.sqrt((fourth - variance**2) / N)


def test_the_activity_of_baumann_et_al():
    """REPLICATIONS.md R4: <a> = 0.04085245 and <a^2> = 0.0076379 for exponent 2.1 on [0.01, 1]."""
    assert truncated_power_moment(2.1, 0.01, 1, 1) == pytest.approx(0.04085245, abs=5e-9)
    # the page rounds a numerical integral; the closed form is 0.00763767
    assert truncated_power_moment(2.1, 0.01, 1, 2) == pytest.approx(0.0076379, abs=3e-7)


def test_dirichlet_with_and_without_a_base():
    flat = draw_column({"distribution": "dirichlet", "concentration": 0.5}, N, 4, Chance(3).generator("x"), NOBODY)
    assert flat.sum(axis=1) == pytest.approx(np.ones(N), abs=1e-5)
    assert flat.var(axis=0) == pytest.approx(np.full(4, 0.25 * 0.75 / 3), rel=0.03)  # a0 = 2: p (1 - p) / (a0 + 1)
    around = {"distribution": "dirichlet", "concentration": 1, "hyper": 10}
    based = draw_column(around, N, 4, Chance(3).generator("x"), NOBODY)
    base = based.mean(axis=0)
    assert based.var(axis=0) == pytest.approx(base * (1 - base) / 11, rel=0.05)


def test_equispaced_constant_and_by_group():
    assert draw_column({"distribution": "equispaced", "low": 0, "high": 1}, 5, 1, None, NOBODY[:5]).ravel().tolist() == [
        0, 0.25, 0.5, 0.75, 1,
    ]  # fmt: skip
    assert draw_column(0.3, 2, 1, None, NOBODY[:2]).ravel().tolist() == [0.3, 0.3]
    group = np.array([0, 1, 1, 0])
    spec = {"by_group": [0.1, {"distribution": "uniform", "low": 5, "high": 6}]}
    drawn = draw_column(spec, 4, 1, Chance(1).generator("x"), group).ravel()
    assert drawn[[0, 3]].tolist() == [0.1, 0.1]
    assert ((drawn[[1, 2]] >= 5) & (drawn[[1, 2]] <= 6)).all()


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        ("normal", "write a number"),
        ({"distribution": "norml"}, "did you mean 'normal'"),
        ({"distribution": "normal", "mu": 1}, "has no parameter 'mu'"),
        ({"distribution": "normal", "sd": -1}, "sd must not be below 0"),
        ({"distribution": "normal", "sd": "wide"}, "sd must be a number"),
        ({"distribution": "constant"}, "constant needs value"),
        ({"distribution": "uniform", "low": 2, "high": 1}, "low = 2 lies above high = 1"),
        ({"distribution": "beta", "a": 0}, "a must be above 0"),
        ({"distribution": "power_law", "low": 0}, "low must be above 0"),
        ({"by_group": []}, "a list with an entry for each group"),
        ({"by_group": [{"distribution": "nothing"}]}, "there is no distribution"),
    ],
    ids=range(11),
)
def test_mistakes_are_told(spec, words):
    with pytest.raises(UserError, match=words):
        check_spec(spec)


def test_a_mixture_of_conformists_and_others():
    """Four in five hold the view of their group, the rest any: 0.8 + 0.2 / 2 of group 1 are in the upper half."""
    halves = {"by_group": [{"distribution": "uniform", "high": 0.5}, {"distribution": "uniform", "low": 0.5}]}
    spec = {"mixture": [halves, {"distribution": "uniform"}], "weights": [0.8, 0.2]}
    check_spec(spec)
    group = np.arange(N) % 2
    drawn = draw_column(spec, N, 1, Chance(1).generator("x"), group)[:, 0]
    for which, share in ((0, 0.1), (1, 0.9)):
        assert abs((drawn[group == which] >= 0.5).mean() - share) < 4 * np.sqrt(0.09 / (N / 2))
    even = draw_column({"mixture": [0, 1]}, N, 1, Chance(2).generator("x"), group)
    assert abs(even.mean() - 0.5) < 4 * 0.5 / np.sqrt(N)


@pytest.mark.parametrize(
    "spec",
    [
        {"mixture": []}, {"mixture": 3}, {"mixture": [0.1], "low": 2}, {"mixture": [0.1, 0.2], "weights": [1]},
        {"mixture": [0.1, 0.2], "weights": [1, -1]}, {"mixture": [0.1], "weights": [0]}, {"mixture": [{"distribution": "x"}]},
        {"mixture": [0.1], "weights": 3},
    ],
)  # fmt: skip
def test_what_is_no_mixture(spec):
    with pytest.raises(UserError):
        check_spec(spec)
