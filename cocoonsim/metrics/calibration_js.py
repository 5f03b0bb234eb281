"""How far the topics a user is shown are from the topics the user has clicked.

The Jensen-Shannon divergence between two distributions of main topics (those that weigh most in each item): of the items
that the user clicked before today, and of the items shown today. 0 when the feed repeats the proportions of the past
clicks, 1 when no topic is in both. Main topics are counted on both sides, so that drawing a feed from the user's own
clicks is well defined; the platform's running sums of mixed topics would not do. The clicks are those among the last
`memory` exposures.

Null model: `own-history`, the expected divergence of as many independent draws from the user's own clicks as there are
items in the feed. That is what a perfectly calibrated feed would have; short feeds cannot have 0. It is exact up to the
reading of a fine table (within 0.000001 bits for each topic). Undefined where nothing was clicked or nothing is shown.

Also known as: miscalibration, calibration divergence (Jensen-Shannon form).
Source: Steck (2018), Calibrated recommendations (there with the Kullback-Leibler divergence); Lin (1991), Divergence
measures based on the Shannon entropy; Vrijenhoek et al. (2022), RADio.
"""

from __future__ import annotations

import numpy as np

from cocoonsim.core.moment import Moment
from cocoonsim.core.nulls import expected_js, js_terms
from cocoonsim.metrics import Reading, UserMetric
from cocoonsim.metrics._exposure import lengths, main_counts, main_topics


class CalibrationJs(UserMetric):
    unit = "bits"
    title = "Miscalibration: divergence of shown from clicked topics"

    def per_user(self, moment: Moment) -> list[Reading]:
        clicked, n = _clicked_topics(moment), lengths(moment)
        own = clicked / np.maximum(clicked.sum(axis=1, keepdims=True), 1)
        shown = main_counts(moment.world.items, moment.feed) / np.maximum(n, 1)[:, None]
        known = (n > 0) & (clicked.sum(axis=1) > 0)
        values = np.where(known, np.clip(js_terms(own, shown).sum(axis=1), 0.0, 1.0), np.nan)  # a hair off by rounding
        null = np.full(len(n), np.nan)
        for length in np.flatnonzero(np.bincount(n[known])):
            rows = known & (n == length)
            null[rows] = expected_js(int(length), own[rows])
        return [Reading(values, null, "own-history", users=moment.users)]


def _clicked_topics(moment: Moment) -> np.ndarray:
    """int64 (n_users, topics): main topics of each user's remembered clicks."""
    items, n_topics = moment.world.items, moment.world.n_topics
    row, place = np.nonzero(moment.history.recent_clicked[moment.users])
    topic = main_topics(items)[moment.history.recent[moment.users[row], place]]
    return np.bincount(row * n_topics + topic, minlength=len(moment.users) * n_topics).reshape(-1, n_topics)
