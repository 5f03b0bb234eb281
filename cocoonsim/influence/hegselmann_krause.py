"""People move to the mean opinion of all who think alike.

Everybody looks at all others at once (or, with `among: followees`, at those they follow) and takes the mean of the opinions
within their tolerance, their own included. Nobody's feed matters.

How: at exactly the tolerance an opinion still counts. With `among: everyone` opinions must have one dimension; sorting
makes it quick for any number of people.

Also known as: HK model, synchronous bounded confidence.
Why it matters here: the same bounded confidence as in encounters of two, with another schedule, and other clusters.
Source: Hegselmann & Krause (2002), Opinion dynamics and bounded confidence: models, analysis and simulation.
"""

from __future__ import annotations

import numpy as np

from cocoonsim.core.chance import Dice
from cocoonsim.core.setting import setting
from cocoonsim.core.world import World
from cocoonsim.influence import Influence


class HegselmannKrause(Influence):
    drifts = True

    tolerance: float = setting(0.2, low=0.0, help="How far an opinion may be; 0 = each person's own tolerance decides")
    among: str = setting("everyone", choices=("everyone", "followees"), help="Whose opinions are looked at")

    def misfits(self, world: World, slate: int) -> list[tuple[str, str]]:
        if self.among == "everyone" and world.users.opinion.shape[1] > 1:
            dims = world.users.opinion.shape[1]
            return [("among", f"everyone is compared in one dimension, but opinions have {dims}. Use among: followees")]
        if self.among == "followees" and not world.follows.n_arcs:
            return [("among", "nobody follows anybody. Use a network, or among: everyone")]
        return []

    def move(
        self, world: World, users: np.ndarray, feed: np.ndarray, clicks: np.ndarray, dice: Dice
    ) -> dict[str, np.ndarray]:
        opinion = world.users.opinion
        own = opinion[users]
        reach = (
            np.full(len(users), self.tolerance) if self.tolerance > 0 else world.users.tolerance[users].astype(float)
        )
        if self.among == "followees":
            row, followee = world.follows.arcs_of(users)
            gap = opinion[followee] - own[row]
            near = np.sqrt((gap * gap).sum(axis=1)) <= reach[row]
            count = np.bincount(row, near, len(users)) + 1.0
            total = np.stack(
                [np.bincount(row, np.where(near, gap[:, d], 0.0), len(users)) for d in range(own.shape[1])], 1
            )
            return {"opinion": own + total / count[:, None]}
        ordered, sums = world.users.derived("opinions in order", lambda: _ordered(opinion[:, 0]))
        first = np.searchsorted(ordered, own[:, 0] - reach, side="left")
        last = np.searchsorted(ordered, own[:, 0] + reach, side="right")
        # means are taken as ways from the smallest opinion in reach: who agree stay exactly where they are
        base = ordered[np.minimum(first, len(ordered) - 1)]
        count = np.maximum(last - first, 1)
        mean = base + (sums[last] - sums[first] - count * (base - ordered[0])) / count
        return {"opinion": mean[:, None]}


def _ordered(opinion: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The opinions in ascending order, and the sums of the first 0, 1, 2, ... of them, above the smallest."""
    ordered = np.sort(opinion)
    return ordered, np.concatenate([[0.0], np.cumsum(ordered - ordered[0])])
