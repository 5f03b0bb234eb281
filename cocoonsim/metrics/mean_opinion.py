"""Where people stand on the whole, and how strongly.

`statistic: signed` is the mean opinion of all users, `lean` its distance from 0 (to which side does not matter), `strength`
the mean distance of opinions from 0: two camps at -1 and +1 have no lean, but strength 1. `minority` is the share of people
on the side of 0 where fewer stand (those at 0 stand on neither). With several dimensions of opinion the first is used; people
count as they stood when they looked at their feeds.

Null model: none; compare with the start of the run or with another arm. Rules by which two people move as far towards each
other keep the mean as it is. Undefined when there are no users.

Also known as: average opinion, magnetisation, radicalisation (strength), minority fraction.
Source: Baumann, Lorenz-Spreen, Sokolov & Starnini (2020), Modeling echo chambers and polarization dynamics in social networks.
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from cocoonsim.core.moment import Moment
from cocoonsim.core.setting import setting
from cocoonsim.metrics import Metric, Reading, number


class MeanOpinion(Metric):
    needs: ClassVar[frozenset[str]] = frozenset({"users.opinion"})
    bounds = (-np.inf, np.inf)
    usual = False
    title = "Mean opinion"

    statistic: str = setting(
        "signed", choices=("signed", "lean", "strength", "minority"), help="What is said of the opinions"
    )

    def measure(self, moment: Moment) -> list[Reading]:
        opinion = moment.world.users.opinion[:, 0]
        if not opinion.size:
            return [number(np.nan, stage="people")]
        if self.statistic == "minority":
            return [number(float(min((opinion > 0).mean(), (opinion < 0).mean())), stage="people")]
        mean = float((np.abs(opinion) if self.statistic == "strength" else opinion).mean())
        return [number(abs(mean) if self.statistic == "lean" else mean, stage="people")]
