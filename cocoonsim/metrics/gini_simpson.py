"""How likely two items of a feed are about different topics.

One minus the mean overlap of all pairs of items in the feed, the overlap of two items being the dot product of their
topic shares. When each item has one topic it is the chance that two different places of the feed differ in topic. Unlike
most measures of short lists it is unbiased: a feed of ten random items expects the same value as the whole pool.

Null models, both exact: `uniform-pool` expects one minus the mean overlap of all pairs of live items (whatever the length
of the feed, drawn without replacement); `popularity` expects one minus the squared length of the mean topic vector of the
pool, items weighted by their clicks before today plus one and drawn independently. The first says what there is to see,
the second what a feed of the most popular things would hold. Undefined for feeds of fewer than two items.

Also known as: unbiased Gini-Simpson index, probability of interspecific encounter, 1 minus Simpson's concentration.
Source: Simpson (1949), Measurement of diversity; the mean over pairs is a U-statistic, Hoeffding (1948), A class of
statistics with asymptotically normal distribution.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from cocoonsim.core.moment import Moment
from cocoonsim.core.nulls import pair_diversity
from cocoonsim.core.world import Columns
from cocoonsim.metrics import Reading, UserMetric
from cocoonsim.metrics._exposure import POPULARITY, UNIFORM, lengths, popularity, sums_of_rows, topic_norms, topic_rows


class GiniSimpson(UserMetric):
    diverse = 1
    title = "Gini-Simpson diversity of topics (unbiased)"

    def per_user(self, moment: Moment) -> list[Reading]:
        items, feed = moment.world.items, moment.feed
        squares = (_squares(items).take(feed) * moment.seen).sum(axis=1)
        values = pair_diversity(sums_of_rows(topic_rows(items), feed), squares, lengths(moment))
        uniform, popular = moment.shared("gini_simpson", lambda: _nulls(moment))
        reading = Reading(values, uniform, UNIFORM, users=moment.users)
        return [reading, replace(reading, null=popular, null_name=POPULARITY)]


def _squares(items: Columns) -> np.ndarray:
    """float64 (n_items + 1,): the overlap of each item with itself."""
    squares: np.ndarray = items.derived("squared lengths of topics", lambda: np.square(topic_norms(items)))
    return squares


def _nulls(moment: Moment) -> tuple[np.ndarray, np.ndarray]:
    live = moment.live
    if not len(live):
        return np.array(np.nan), np.array(np.nan)
    topics = topic_rows(moment.world.items)[live]
    squares = _squares(moment.world.items)[live].sum()
    mean = (topics * popularity(moment)[:, None]).sum(axis=0)
    return pair_diversity(topics.sum(axis=0), squares, len(live)), np.asarray(1.0 - (mean * mean).sum())
