"""Show the newest first.

Items of the same age are ordered at random. With `unposted_first`, what has no author (news, or what a person came across
alone) comes before all that anybody posted. Where people come one after another and post, those who posted later in the
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

_AHEAD = np.float32(2.0**20)  # more steps than a run has; numbers of this size still tell one step from the next


class Newest(Ranking):
    oldest_first: bool = setting(False, help="Show the oldest first: what there is in the order in which it came")

    unposted_first: bool = setting(False, help="Show what nobody posted (it has no author) before all posts")

    def score(self, view: View) -> np.ndarray:
        recency = view.item("created") - np.float32(view.step) + view.item("turn") * np.float32(2.0**-20)
        score = -recency if self.oldest_first else recency
        return np.where(view.item("author") < 0, score + _AHEAD, score) if self.unposted_first else score
