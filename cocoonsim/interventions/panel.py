"""Two panels of people are followed: those whom another measure reaches first, and those whom it reaches last.

Whom a measure reaches is drawn once; as its `share` rises, more come in and nobody drops out. So the first `part` of the
people have it in every arm with at least that share, the last `part` in none with less than the rest. Of each panel the
mean of a metric with a number for each user is reported. The panels change nothing.

Also known as: spillover analysis, treated and control group, saturation design.
Why it matters here: a measure that some take up may help the others as well, harm them, or leave them alone; only the same
people in arms of different shares can tell.
Source: own; after the randomised saturation design of Baird, Bohren, McIntosh & Ozler (2018), Optimal design of experiments
in the presence of interference.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from cocoonsim.core.component import Component, find
from cocoonsim.core.errors import did_you_mean
from cocoonsim.core.moment import Moment
from cocoonsim.core.setting import setting
from cocoonsim.interventions import Intervention, turn


class Panel(Intervention):
    of: str = setting("media_literacy", help="The measure whose reach divides the people, by name")
    part: float = setting(0.25, above=0.0, high=0.5, help="How large each panel is, as a share of the people")
    measure: Component = setting("effective_topics", part="metrics", help="What is measured of each person")

    def problems(self) -> list[tuple[str, str]]:
        found = super().problems()
        if self.of not in find("interventions"):
            found.append(("of", f"there is no measure {self.of!r}; {did_you_mean(self.of, find('interventions'))}"))
        if not hasattr(self.measure, "per_user"):
            found.append(("measure", f"{self.measure.name} has no number for each user; use e.g. effective_topics"))
        return found

    def watch(self, moment: Moment) -> list[tuple[str, str, float]]:
        if not self.active(moment.step):
            return []
        metric: Any = self.measure
        values = metric.measure(moment)[0].values
        luck = turn(self.of, moment.users, moment.dice)
        panels = {"first": luck < np.float32(self.part), "last": luck >= np.float32(1 - self.part)}
        told = []
        for name, there in panels.items():
            known = values[there & ~np.isnan(values)]
            mean = float(known.mean()) if known.size else float("nan")
            told.append((f"panel of {metric.name}, reached {name}", "mean", mean))
        return told
