"""How many topics a user's recent feeds come to, if all were equally common.

The main topics (those that weigh most in each item) of today's feed and of the latest feeds before it, up to `window`
items, are counted together; 2 to the power of their entropy in bits is the number of equally common topics that would be
as diverse. Pooling over feeds is what makes an entropy worth looking at: in a feed of ten it mostly measures the length
of the feed. When today's feed is longer than the window, all of today's feed counts and nothing else; when `memory` is
shorter than the window, the window ends there.

Null models, for as many items as the user's window holds: `popularity` draws them independently, in proportion to clicks
before today plus one, and is exact. `uniform-pool` fills feed after feed of the full slate from the live items, each feed
without replacement; it is exact for a window of one feed and for feeds of one item, and matched in the means and
covariances of the topic counts in between. Both use today's pool for the whole window. Both are expectations of the
number of topics itself, not 2 to an expected entropy. Undefined for users who were never shown anything.

Also known as: Hill number of order 1, true diversity, exponential of Shannon entropy, perplexity of topics.
Source: Hill (1973), Diversity and evenness; Jost (2006), Entropy and diversity.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from cocoonsim.core.moment import Moment
from cocoonsim.core.nulls import expected_effective, matched_pool
from cocoonsim.core.setting import setting
from cocoonsim.metrics import Reading, UserMetric
from cocoonsim.metrics._exposure import (
    POPULARITY,
    UNIFORM,
    by_length,
    pool_shares,
    popular_shares,
    recent_counts,
)


class EffectiveTopics(UserMetric):
    window: int = setting(
        50, low=1, high=1000, help="Most recent items that count, today's feed included", unit="items"
    )

    bounds = (1.0, np.inf)
    diverse = 1
    unit = "topics"
    title = "Effective number of topics (recent feeds)"

    def per_user(self, moment: Moment) -> list[Reading]:
        counts = recent_counts(moment, self.window)
        n = counts.sum(axis=1)
        log = np.arange(int(n.max(initial=0)) + 1, dtype=np.float64)
        log *= np.log2(np.maximum(log, 1.0))
        with np.errstate(invalid="ignore"):
            entropy = np.log2(np.maximum(n, 1)) - log[counts].sum(axis=1) / n
        values = np.where(n > 0, np.exp2(np.maximum(entropy, 0.0)), np.nan)
        size, pool = moment.feed.shape[1], len(moment.live)

        def uniform(k: int) -> float:
            return expected_effective(k, pool_shares(moment), matched_pool(k, size, pool))

        reading = Reading(
            values, by_length(moment, "effective_topics, uniform", n, uniform), UNIFORM, users=moment.users
        )
        popular = by_length(
            moment, "effective_topics, popular", n, lambda k: expected_effective(k, popular_shares(moment))
        )
        return [reading, replace(reading, null=popular, null_name=POPULARITY)]
