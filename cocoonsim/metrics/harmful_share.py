"""How much of what people see and click is harmful.

The share of items marked as harmful among those shown, and among those clicked, for each user.

Null model: `uniform-pool`, exact. Any live item is as likely as any other, so the expectation is the share of harmful items
in the pool; shown above it is amplification by the platform, clicked above shown by the people. Undefined for empty feeds,
and where nothing was clicked.

Also known as: low-quality exposure, misinformation exposure share, prevalence of harmful content.
Source: own; exposure shares as in Guess, Nagler & Tucker (2019), Less than you think: prevalence and predictors of fake news
dissemination on Facebook.
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from cocoonsim.core.arrays import gather
from cocoonsim.core.moment import Moment
from cocoonsim.metrics import Reading, UserMetric
from cocoonsim.metrics._shares import marked_shares


class HarmfulShare(UserMetric):
    needs: ClassVar[frozenset[str]] = frozenset({"items.harmful"})
    title = "Harmful share"

    def per_user(self, moment: Moment) -> list[Reading]:
        harmful, live = moment.world.items.harmful, moment.live
        pool = moment.shared("harmful share of the pool", lambda: harmful[live].mean() if live.size else np.nan)
        return marked_shares(moment, gather(harmful, moment.feed), pool)
