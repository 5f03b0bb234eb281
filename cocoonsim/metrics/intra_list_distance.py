"""How different the items of a feed are from each other, on average over all pairs.

The distance of two items is one minus the cosine of their topic vectors: 0 for the same mixture of topics, 1 for no topic
in common. It needs no pair to be looked at: the cosines of all pairs are half of what the squared length of the sum of
the unit vectors has more than the number of items.

Null models, both exact, for feeds of any length: `uniform-pool` expects the mean distance of all pairs of live items (a
feed drawn without replacement); `popularity` draws items independently, in proportion to their clicks before today plus
one. Undefined for feeds of fewer than two items.

Also known as: intra-list diversity, ILD, 1 minus intra-list similarity.
Source: Ziegler et al. (2005), Improving recommendation lists through topic diversification.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from cocoonsim.core.moment import Moment
from cocoonsim.core.nulls import pair_diversity
from cocoonsim.core.world import Columns
from cocoonsim.metrics import Reading, UserMetric
from cocoonsim.metrics._exposure import POPULARITY, UNIFORM, lengths, popularity, sums_of_rows, topic_norms, topic_rows


class IntraListDistance(UserMetric):
    diverse = 1
    title = "Intra-list distance (1 - mean cosine)"

    def per_user(self, moment: Moment) -> list[Reading]:
        items, n = moment.world.items, lengths(moment)
        values = pair_diversity(sums_of_rows(_units(items), moment.feed), n, n)
        uniform, popular = moment.shared("intra_list_distance", lambda: _nulls(moment))
        reading = Reading(values, uniform, UNIFORM, users=moment.users)
        return [reading, replace(reading, null=popular, null_name=POPULARITY)]


def _units(items: Columns) -> np.ndarray:
    """float64 (n_items + 1, topics): the items' topics as unit vectors; the last row is 0."""

    def make() -> np.ndarray:
        return topic_rows(items) * (1.0 / topic_norms(items))[:, None]

    units: np.ndarray = items.derived("unit vectors of places", make)
    return units


def _nulls(moment: Moment) -> tuple[np.ndarray, np.ndarray]:
    live, items = moment.live, moment.world.items
    if not len(live):
        return np.array(np.nan), np.array(np.nan)
    units = topic_rows(items)[live] / topic_norms(items)[live][:, None]
    mean = (units * popularity(moment)[:, None]).sum(axis=0)
    return pair_diversity(units.sum(axis=0), len(live), len(live)), np.asarray(max(1.0 - (mean * mean).sum(), 0.0))
