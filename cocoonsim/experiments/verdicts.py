"""How a check of a replication is judged.

A mean agrees with another's when |m1 - m0| <= 3 sqrt(s0^2 + s1^2) + tolerance, s0 and s1 their standard errors. Bounds and
orders are one-sided t-tests with p < 0.01, paired by seed where variants are compared (Welch's where `given` leaves different
seeds in each). Where all runs agree there is nothing to test: the numbers are compared as they are.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from cocoonsim.scenario.expectations import Check

LEVEL = 0.01
SIGMAS = 3.0
_SAME = 1e-12


class Estimate(NamedTuple):
    """A mean, its standard error and degrees of freedom."""

    mean: float
    se: float
    df: float

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval; NaN where one run is all there is."""
        from scipy.stats import t

        if self.df < 1:
            return math.nan, math.nan
        half = float(t.ppf(0.975, self.df)) * self.se if self.se > 0 else 0.0
        return self.mean - half, self.mean + half

    @property
    def chance_above(self) -> float:
        """The p-value of "it lies above 0", one-sided."""
        from scipy.stats import t

        if self.df < 1 or self.se <= _SAME * abs(self.mean):
            return 0.0 if self.mean > 0 else 1.0
        return float(t.sf(self.mean / self.se, self.df))


def estimate(values: np.ndarray) -> Estimate:
    """The mean of single runs (n,).

    >>> estimate(np.array([1.0, 2.0, 3.0])).mean
    2.0
    """
    n = len(values)
    spread = float(values.std(ddof=1)) if n > 1 else 0.0
    return Estimate(float(values.mean()), spread / math.sqrt(n), n - 1)


def difference(first: np.ndarray, second: np.ndarray, factor: float = 1.0, paired: bool = True) -> Estimate:
    """The mean of `first - factor x second`: paired, or by Welch's formula.

    >>> difference(np.array([3.0, 4.0]), np.array([1.0, 2.0]))
    Estimate(mean=2.0, se=0.0, df=1)
    """
    if paired:
        return estimate(first - factor * second)
    one, two = estimate(first), estimate(factor * second)
    a, b = one.se**2, two.se**2
    df = (a + b) ** 2 / (a**2 / max(one.df, 1) + b**2 / max(two.df, 1)) if a + b > 0 else one.df + two.df
    return Estimate(one.mean - two.mean, math.sqrt(a + b), df)


def ratio(first: np.ndarray, second: np.ndarray, paired: bool = True) -> Estimate:
    """The ratio of the means, with the standard error of the delta method."""
    below = float(second.mean())
    if below == 0:
        return Estimate(math.nan, math.nan, 0)
    value = float(first.mean()) / below
    rest = difference(first, second, value, paired)
    return Estimate(value, rest.se / abs(below), rest.df)


@dataclass(frozen=True)
class Verdict:
    """What came of a check, in words and numbers."""

    claim: str
    of: str
    where: str
    expected: str
    obtained: str
    value: float
    low: float
    high: float
    detail: str
    passed: bool
    known_difference: str
    source: str
    runs: int
    reference: float | None = None
    """The mean that others have found, where one is compared with,"""
    allowed: float | None = None
    """and how far from it is within the rule."""

    @property
    def failed(self) -> bool:
        """Whether it counts as a failure."""
        return not self.passed and not self.known_difference

    @property
    def word(self) -> str:
        """`pass`, `FAIL` or `known difference`."""
        return "pass" if self.passed else "FAIL" if self.failed else "known difference"


def judge(check: Check, samples: Mapping[str, np.ndarray]) -> Verdict:
    """The verdict on a check, from the values of its variants: float64 (n_seeds,), in the same order of seeds.

    With `given`, from the values of those runs only.
    """
    runs = min(len(samples[name]) for name in check.names)
    empty = [name or "the scenario" for name in check.names if not len(samples[name])]
    undefined = {name: int(np.isnan(samples[name]).sum()) for name in check.names}
    if empty:
        return _verdict(
            check, Estimate(math.nan, math.nan, 0), False, f"no run of {empty[0]} stopped as {check.given}", runs
        )
    if any(undefined.values()):
        told = ", ".join(f"{count} of {len(samples[name])} runs" for name, count in undefined.items() if count)
        return _verdict(check, Estimate(math.nan, math.nan, 0), False, f"undefined in {told}", runs)
    if check.order:
        return _ordered(check, samples)
    found = _estimate(check, samples)
    if check.mean is not None:
        slack = SIGMAS * math.hypot(_reference_error(check), found.se) + check.tolerance
        off = abs(found.mean - check.mean)
        verdict = _verdict(check, found, off <= slack, f"off by {off:.3g}, allowed {slack:.3g}", runs)
        return replace(verdict, reference=check.mean, allowed=slack)
    if check.exact is not None or check.share_of_seeds is not None:
        return _one_by_one(check, samples, found)
    chances = []
    for bound, sign in ((check.above, 1.0), (check.below, -1.0)):
        if bound is not None:
            beyond = _beyond(check, samples, found, bound)
            chances.append(beyond._replace(mean=sign * beyond.mean).chance_above)
    return _verdict(check, found, max(chances) < LEVEL, f"p = {max(chances):.2g}", runs)


def _pair(check: Check, samples: Mapping[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    return samples[check.variant], samples[check.minus or check.over]


def _estimate(check: Check, samples: Mapping[str, np.ndarray]) -> Estimate:
    if check.minus:
        return difference(*_pair(check, samples), paired=not check.given)
    if check.over:
        return ratio(*_pair(check, samples), paired=not check.given)
    return estimate(samples[check.variant])


def _beyond(check: Check, samples: Mapping[str, np.ndarray], found: Estimate, bound: float) -> Estimate:
    """How far the quantity lies above a bound. A ratio x/y lies above b when x - b y lies above 0, for positive y."""
    if check.over:
        first, second = _pair(check, samples)
        rest = difference(first, second, bound, paired=not check.given)
        return rest if second.mean() > 0 else rest._replace(mean=-rest.mean)
    return found._replace(mean=found.mean - bound)


def _one_by_one(check: Check, samples: Mapping[str, np.ndarray], found: Estimate) -> Verdict:
    """Each run by itself: all of them, or a share."""
    values = samples[check.variant]
    if check.minus:
        values = values - samples[check.minus]
    elif check.over:
        values = values / samples[check.over]
    good = np.ones(len(values), bool)
    if check.exact is not None:
        good &= np.abs(values - check.exact) <= check.within
    if check.above is not None:
        good &= values > check.above
    if check.below is not None:
        good &= values < check.below
    told = f"{int(good.sum())} of {len(good)} runs"
    if check.exact is not None:
        told += f", farthest {np.abs(values - check.exact).max():.2g} away"
    share = 1.0 if check.share_of_seeds is None else check.share_of_seeds
    digits = f"{found.mean:.11g}" if check.exact is not None and np.ptp(values) == 0 else ""
    return _verdict(check, found, bool(good.mean() >= share), told, len(good), digits)


def _ordered(check: Check, samples: Mapping[str, np.ndarray]) -> Verdict:
    steps = [
        difference(samples[one], samples[two], paired=not check.given)
        for one, two in zip(check.order, check.order[1:], strict=False)
    ]
    chances = [step._replace(mean=step.mean - check.margin).chance_above for step in steps]
    means = [float(samples[name].mean()) for name in check.order]
    smallest = steps[int(np.argmax(chances))]
    obtained = " > ".join(short(mean) for mean in means)
    return _verdict(
        check, smallest, max(chances) < LEVEL, f"p = {max(chances):.2g} at most", len(samples[check.order[0]]), obtained
    )


def _reference_error(check: Check) -> float:
    """The standard error of the number that is compared with."""
    from scipy.stats import t

    if check.se is not None:
        return check.se
    assert check.half_width is not None
    assert check.runs is not None
    return check.half_width / float(t.ppf(0.975, check.runs - 1))


def _verdict(check: Check, found: Estimate, passed: bool, detail: str, runs: int, obtained: str = "") -> Verdict:
    low, high = found.interval
    spread = f" ({short(low)} to {short(high)})" if low < high else ""
    return Verdict(
        check.claim, check.of + ("" if check.at == "last" else f", {check.at}"), _where(check), _expected(check),
        obtained or short(found.mean) + spread, found.mean, low, high, detail, passed, check.known_difference,
        check.source, runs,
    )  # fmt: skip


def _where(check: Check) -> str:
    if check.order:
        return " > ".join(check.order)
    first = check.variant or "as it stands"
    return f"{first} − {check.minus}" if check.minus else f"{first} / {check.over}" if check.over else first


def _expected(check: Check) -> str:
    if check.order:
        return "in this order" + (f", by more than {check.margin:g}" if check.margin else "")
    if check.mean is not None:
        slack = f", slack {check.tolerance:g}" if check.tolerance else ""
        return f"{check.mean:g} ± {_reference_error(check):.2g}{slack}"
    words = []
    if check.exact is not None:
        words.append(f"= {check.exact:.11g}" + (f" ± {check.within:g}" if check.within != 1e-9 else ""))
    words += [f"> {check.above:g}"] if check.above is not None else []
    words += [f"< {check.below:g}"] if check.below is not None else []
    share = f" in at least {100 * check.share_of_seeds:g} % of runs" if check.share_of_seeds is not None else ""
    return " and ".join(words) + share


def short(value: float) -> str:
    """A number for a table: four figures.

    >>> short(0.123456), short(float("nan"))
    ('0.1235', 'undefined')
    """
    return f"{value:.4g}" if math.isfinite(value) else "undefined"
