"""How much of a feed is about its commonest topic.

Each item counts for the topic that weighs most in it. A share of 0.8 means that eight items out of ten are about the same
thing: the plain-language number for a bubble. Short feeds look narrow by themselves (ten items out of ten equal topics
expect 0.27, not 0.1), so read it with its null.

Null models, both exact (the chance that no topic is counted more than m times is one coefficient of a product of
polynomials): `uniform-pool` draws as many items as the user was shown from the live ones, without replacement;
`popularity` draws them independently, in proportion to their clicks before today plus one. Undefined for empty feeds.

Also known as: Berger-Parker index, dominance, concentration ratio of the largest.
Source: Berger & Parker (1970), Diversity of planktonic foraminifera in deep-sea sediments.
"""

from __future__ import annotations

from dataclasses import replace
from functools import reduce

import numpy as np

from cocoonsim.core.moment import Moment
from cocoonsim.core.nulls import expected_largest_share
from cocoonsim.metrics import Reading, UserMetric
from cocoonsim.metrics._exposure import (
    POPULARITY,
    UNIFORM,
    by_length,
    lengths,
    main_counts,
    pool_shares,
    popular_shares,
)


class TopTopicShare(UserMetric):
    diverse = -1
    title = "Share of the commonest topic"

    def per_user(self, moment: Moment) -> list[Reading]:
        n = lengths(moment)
        counts = main_counts(moment.world.items, moment.feed)
        most = reduce(np.maximum, counts.T)  # topic by topic: `max` along short rows takes three times as long
        values = np.where(n > 0, most / np.maximum(n, 1), np.nan)
        pool = len(moment.live)
        uniform = by_length(
            moment, "top_topic_share, uniform", n, lambda k: expected_largest_share(k, pool_shares(moment), pool)
        )
        popular = by_length(
            moment, "top_topic_share, popular", n, lambda k: expected_largest_share(k, popular_shares(moment))
        )
        reading = Reading(values, uniform, UNIFORM, users=moment.users)
        return [reading, replace(reading, null=popular, null_name=POPULARITY)]
