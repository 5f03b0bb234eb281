"""How little known the items of a feed are: how surprising it is, in bits, to have come across them.

An item that c of U users clicked carries -log2((c + 1) / (U + 1)) bits: log2(U + 1) when nobody has clicked it, 0 when
everybody has. The feed's value is the mean over its items. c is the number of clicks before today. The platform counts
clicks, not clickers, so an item that the same people click again and again looks better known than it is; c is held to
at most U.

Null models, both exact because the mean is linear: `uniform-pool` expects the mean over the live items, `popularity` the
mean weighted by clicks before today plus one. Undefined for empty feeds.

Also known as: novelty, mean self-information, surprisal, inverse popularity.
Source: Zhou et al. (2010), Solving the apparent diversity-accuracy dilemma of recommender systems.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from cocoonsim.core.moment import Moment
from cocoonsim.metrics import Reading, UserMetric
from cocoonsim.metrics._exposure import POPULARITY, UNIFORM, lengths, popularity


class SelfInformation(UserMetric):
    bounds = (0.0, np.inf)
    diverse = 1
    unit = "bits"
    title = "Mean self-information of the items (novelty)"

    def per_user(self, moment: Moment) -> list[Reading]:
        surprise, uniform, popular = moment.shared("self_information", lambda: _surprise(moment))
        with np.errstate(invalid="ignore"):
            values = surprise[moment.feed].sum(axis=1) / lengths(moment)
        reading = Reading(values, uniform, UNIFORM, users=moment.users)
        return [reading, replace(reading, null=popular, null_name=POPULARITY)]


def _surprise(moment: Moment) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Bits of each item, with a 0 for empty places, and what the two nulls expect."""
    n = moment.world.n_users
    bits = np.log2(n + 1.0) - np.log2(np.minimum(moment.history.item_clicks, n) + 1.0)
    live = bits[moment.live]
    if not len(live):
        return np.append(bits, 0.0), np.array(np.nan), np.array(np.nan)
    return np.append(bits, 0.0), np.asarray(live.mean()), np.asarray((live * popularity(moment)).sum())
