"""Show everyone what is best made.

The score is the item's quality, which the platform is taken to know, say from editors or raters.

Also known as: editorial ranking, expert ranking, quality-first.
Why it matters here: the yardstick for policies that must guess quality from clicks.
Source: own; the counterfactual of Nematzadeh et al. (2018), How algorithmic popularity bias hinders or promotes quality.
"""

from __future__ import annotations

import numpy as np

from cocoonsim.core.view import View
from cocoonsim.ranking import Ranking


class Quality(Ranking):
    needs = frozenset({"items.quality"})

    def score(self, view: View) -> np.ndarray:
        return view.item("quality")
