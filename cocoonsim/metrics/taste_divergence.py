"""How far the topics a user is shown are from what the user truly likes.

The Jensen-Shannon divergence between the user's true interests and the main topics of the items shown today: 0 when the
feed mirrors the person, 1 when it has nothing they like. Only a simulation can know this.

Null model: `own-taste`, the expected divergence of as many independent draws from the interests as there are items in the
feed: what a perfect mirror would have. Exact up to the reading of a fine table. Undefined for empty feeds.

Also known as: exposure-preference divergence, true miscalibration.
Source: own; the divergence of Lin (1991), Divergence measures based on the Shannon entropy, with ground truth in place of
history.
"""

from __future__ import annotations

import numpy as np

from cocoonsim.core.moment import Moment
from cocoonsim.core.nulls import expected_js, js_terms
from cocoonsim.metrics import Reading, UserMetric
from cocoonsim.metrics._exposure import lengths, main_counts


class TasteDivergence(UserMetric):
    unit = "bits"
    usual = False
    title = "Divergence of shown topics from true interests"

    def per_user(self, moment: Moment) -> list[Reading]:
        own, n = moment.world.users.interests[moment.users].astype(np.float64), lengths(moment)
        own = own / own.sum(axis=1, keepdims=True)
        shown = main_counts(moment.world.items, moment.feed) / np.maximum(n, 1)[:, None]
        values = np.where(n > 0, np.clip(js_terms(own, shown).sum(axis=1), 0.0, 1.0), np.nan)
        null = np.full(len(n), np.nan)
        for length in np.flatnonzero(np.bincount(n)):
            if length:
                null[n == length] = expected_js(int(length), own[n == length])
        return [Reading(values, null, "own-taste", users=moment.users)]
