"""How many different things a person has chosen so far.

The number of different items that the user has clicked since the beginning, today included. It tells exploring from repeating:
a catalogue may sell more and more evenly while each person buys fewer different things, and the other way round.

No null model.

Also known as: distinct products per consumer, individual variety, repertoire size.
Source: Fleder & Hosanagar (2009), Blockbuster culture's next rise or fall: the impact of recommender systems on sales
diversity.
"""

from __future__ import annotations

import numpy as np

from cocoonsim.core.moment import Moment
from cocoonsim.metrics import Reading, UserMetric
from cocoonsim.metrics._consumed import consumed


class ConsumedItems(UserMetric):
    needs = frozenset({"pairs"})
    bounds = (0.0, np.inf)
    usual = False
    unit = "items"
    title = "Different items consumed so far"

    def per_user(self, moment: Moment) -> list[Reading]:
        values = np.diff(consumed(moment).indptr).astype(np.float64)
        ever = (moment.history.shown[moment.users] > 0) | moment.seen.any(axis=1)
        return [Reading(np.where(ever, values, np.nan), np.array(np.nan), stage="clicked", users=moment.users)]
