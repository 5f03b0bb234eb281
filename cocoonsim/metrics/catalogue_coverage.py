"""How much of what there is was shown to anybody today.

The items in at least one feed, as a share of the items that exist today (not of all that ever were: a catalogue that
ages would otherwise seem less and less covered).

Null model: `uniform-pool`, exact. Each user is shown as many different live items as they were today, any as likely as
any other; an item is missed by all with the product over users of 1 - length / items. Undefined when nothing is shown.

Also known as: aggregate diversity (as a share), catalog coverage, item coverage.
Source: Herlocker et al. (2004), Evaluating collaborative filtering recommender systems; Adomavicius & Kwon (2012),
Improving aggregate recommendation diversity using ranking-based techniques.
"""

from __future__ import annotations

import numpy as np

from cocoonsim.core.moment import Moment
from cocoonsim.core.nulls import expected_coverage
from cocoonsim.metrics import PopulationMetric, Reading, number
from cocoonsim.metrics._exposure import UNIFORM, exposures


class CatalogueCoverage(PopulationMetric):
    diverse = 1
    title = "Catalogue coverage"

    def tally(self, moment: Moment) -> dict[str, np.ndarray]:
        return exposures(moment)

    def conclude(self, tally: dict[str, np.ndarray], moment: Moment) -> list[Reading]:
        shown, live = tally["shown"][moment.live], len(moment.live)
        if not live or not tally["lengths"][1:].any():
            return [number(np.nan, np.nan, UNIFORM)]
        return [number(np.count_nonzero(shown) / live, expected_coverage(tally["lengths"], live), UNIFORM)]
