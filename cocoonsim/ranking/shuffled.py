"""Show people anything, at random.

Every candidate is as likely as any other, afresh in each step: what a feed looks like when nobody ranks it.

Also known as: random recommender, uniform-pool null.
Why it matters here: the control condition. What is narrow under this policy is narrow because of the pool or because of
people's choices, not because of an algorithm.
Source: own; the random baseline of Chaney, Stewart & Engelhardt (2018), How algorithmic confounding increases homogeneity.
"""

from __future__ import annotations

import numpy as np

from cocoonsim.core.view import View
from cocoonsim.ranking import Ranking


class Shuffled(Ranking):
    personalised = True
    random = True

    def score(self, view: View) -> np.ndarray:
        return view.uniform("shuffled")
