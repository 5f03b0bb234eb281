"""A supervisor samples feeds and estimates what a regulator would see.

In every `every`-th step `probes` accounts look at their feeds. Each probe has copied the past behaviour of a user who was
drawn at random, so it is shown what that user is shown; the platform does not know which accounts are probes. Of the measure
(a metric with a number for each user) the audit reports the mean over the probes and an interval; the truth over all users
stands beside it. The audit changes nothing.

How: mean -+ t x s / sqrt(n) x sqrt(1 - n/N), Student's t with n - 1 degrees of freedom and the correction for a finite
population of N. It holds the truth as often as it says where feeds differ from each other; where nearly all are alike and a
few stand out (the top topic under a quota that all obey), a sample misses those few and the interval is too narrow. Where a
platform does not fully comply, that share of the probes is refused and counts for nothing.

Also known as: sock-puppet audit, algorithmic audit, data donation sample.
Why it matters here: rules are only as good as what a supervisor can measure: how many probes does it take?
Source: Sandvig, Hamilton, Karahalios & Langbort (2014), Auditing algorithms; Cochran (1977), Sampling techniques, chapter 2.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from cocoonsim.core.component import Component
from cocoonsim.core.moment import Moment
from cocoonsim.core.setting import setting
from cocoonsim.interventions import Intervention


class Audit(Intervention):
    probes: int = setting(100, low=2, high=1_000_000, unit="accounts", help="How many accounts look at their feeds")
    every: int = setting(1, low=1, unit="steps", help="How many steps pass from one audit to the next")
    measure: Component = setting("top_topic_share", part="metrics", help="What is measured in each feed")
    level: float = setting(0.95, above=0.0, below=1.0, help="How often the interval is to hold the truth")

    def problems(self) -> list[tuple[str, str]]:
        found = super().problems()
        if not hasattr(self.measure, "per_user"):
            found.append(("measure", f"{self.measure.name} has no number for each user; use e.g. top_topic_share"))
        return found

    def active(self, step: int) -> bool:
        return super().active(step) and (step - self.start) % self.every == 0

    def watch(self, moment: Moment) -> list[tuple[str, str, float]]:
        if not self.active(moment.step):
            return []
        luck = moment.dice.bits("audit", moment.users)[:, 0]
        drawn = np.sort(np.argsort(luck, kind="stable")[: self.probes])  # a simple random sample, without replacement
        answered = drawn[self.treated(moment.users[drawn], moment.dice)]
        metric: Any = self.measure
        everybody = metric.measure(moment)[0].values
        truth = everybody[~np.isnan(everybody)]
        seen = everybody[answered]
        seen = seen[~np.isnan(seen)]
        low, high = interval(seen, len(truth), self.level)
        name = f"audit of {self.measure.name}"
        mean = float(seen.mean()) if seen.size else math.nan
        return [
            (name, "mean", mean), (name, "low", low), (name, "high", high), (name, "n", float(seen.size)),
            (name, "truth", float(truth.mean()) if truth.size else math.nan),
        ]  # fmt: skip


def interval(sample: np.ndarray, population: int, level: float) -> tuple[float, float]:
    """The interval of the mean of a finite population from a simple random sample of it; NaN for fewer than two numbers.

    >>> interval(np.array([1.0, 2.0, 3.0]), population=3, level=0.95)  # all were asked: no doubt is left
    (2.0, 2.0)
    """
    from scipy.stats import t

    n = len(sample)
    if n < 2:
        return math.nan, math.nan
    error = sample.std(ddof=1) / math.sqrt(n) * math.sqrt(max(0.0, 1 - n / population))
    reach = float(t.ppf((1 + level) / 2, n - 1)) * error
    return float(sample.mean() - reach), float(sample.mean() + reach)
