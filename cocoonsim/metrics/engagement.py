"""How much of what they are shown people click.

Clicks divided by items shown, for each user. Keep it apart from true utility: a policy that wins more clicks and leaves
people worse off is a result, not a contradiction.

Null model: none. How often people would click at random depends on the choice model, so the comparison to make is with
another arm of the same experiment. Undefined for empty feeds.

Also known as: click-through rate, CTR.
Source: own; the usual ratio.
"""

from __future__ import annotations

import numpy as np

from cocoonsim.core.arrays import count_true
from cocoonsim.core.moment import Moment
from cocoonsim.metrics import Reading, UserMetric
from cocoonsim.metrics._exposure import lengths


class Engagement(UserMetric):
    title = "Engagement (clicks per item shown)"

    def per_user(self, moment: Moment) -> list[Reading]:
        with np.errstate(invalid="ignore"):
            values = count_true(moment.clicks) / lengths(moment)
        return [Reading(values, np.array(np.nan), stage="clicked", users=moment.users)]
