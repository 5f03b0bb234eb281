"""Show the newest first.

Items of the same age are ordered at random. Where people come one after another and post, those who posted later in the
same step are newer (told apart in up to a million visits, for items of the last few steps).

Also known as: chronological feed, reverse chronological, recency ranking.
Why it matters here: the usual control condition in the debate on feed algorithms: nobody is profiled, and what people
see is decided by what is published and whom they follow.
Source: own; the comparison condition of Guess et al. (2023), How do social media feed algorithms affect attitudes and
behavior in an election campaign?
"""

from __future__ import annotations

import numpy as np

from cocoonsim.core.setting import setting
from cocoonsim.core.view import View
from cocoonsim.ranking import Ranking


class Newest(Ranking):
    oldest_first: bool = setting(False, help="Show the oldest first: what there is in the order in which it came")

    def score(self, view: View) -> np.ndarray:
        recency = view.item("created") - np.float32(view.step) + view.item("turn") * np.float32(2.0**-20)
        return -recency if self.oldest_first else recency
