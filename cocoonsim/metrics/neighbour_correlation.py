"""How much people hold the opinion of those they follow.

The correlation, over users, between a user's own opinion and the mean opinion of the people the user follows: 1 in a
perfect echo chamber, 0 where ties do not mind opinions. Users who follow nobody are left out (`isolated` counts them).
With several dimensions of opinion the first is used.

Null model: `opinions-shuffled`. Opinions change hands at random among people who follow about as many others (1, 2-3, 4-7,
8-15, ...), so that the ties, the opinions and how the two depend on popularity stay as they are; the null is the mean over
20 shuffles. It is the one null here that is drawn rather than summed up exactly, with dice of the step: the same in every
run with the same seed. Undefined when all agree, or all circles do, or fewer than two people follow anybody.

Also known as: neighbour correlation index, NCI, echo-chamber score, opinion assortativity of neighbourhoods.
Source: Cota et al. (2019), Quantifying echo chamber effects in information spreading over political communication
networks; Cinus et al. (2022), The effect of people recommenders on echo chambers and polarization.
"""

from __future__ import annotations

import math
from typing import ClassVar, NamedTuple

import numpy as np

from cocoonsim.core.moment import Moment
from cocoonsim.metrics import Metric, Reading, number

SHUFFLES = 20


class NeighbourCorrelation(Metric):
    needs: ClassVar[frozenset[str]] = frozenset({"network", "users.opinion"})
    bounds = (-1.0, 1.0)
    diverse = -1
    title = "Neighbour correlation of opinions"

    def measure(self, moment: Moment) -> list[Reading]:
        follows, opinion = moment.world.follows, np.ascontiguousarray(moment.world.users.opinion[:, 0])
        some = np.flatnonzero(follows.degree)
        circles = _Circles(some, follows.degree[some], follows.starts[some], follows.targets)
        value = circles.correlation(opinion)
        null = np.nan if np.isnan(value) else self._shuffled(moment, opinion, circles)
        isolated = follows.n_users - len(some)
        return [number(value, null, "opinions-shuffled", "people", undefined=isolated)]

    @staticmethod
    def _shuffled(moment: Moment, opinion: np.ndarray, circles: _Circles) -> float:
        follows, n = moment.world.follows, len(opinion)
        size = np.frexp(follows.degree)[1].astype(np.uint64)  # 0, 1, 2-3, 4-7, ... followees: 0, 1, 2, 3, ...
        places = np.argsort(size, kind="stable")

        def draw(shuffle: int) -> float:
            luck = moment.dice.bits(f"neighbour_correlation {shuffle}", np.arange(n))[:, 0] >> np.uint64(6)
            order = np.argsort((size << np.uint64(58)) | luck, kind="stable")
            swapped = np.empty(n)
            swapped[places] = opinion[order]
            return circles.correlation(swapped)

        drawn = moment.blocks.each(draw, range(SHUFFLES))
        known = [value for value in drawn if not np.isnan(value)]
        return math.fsum(known) / len(known) if known else np.nan  # `sum` adds differently since Python 3.12


class _Circles(NamedTuple):
    """Those who follow anybody, and whom."""

    users: np.ndarray
    degree: np.ndarray
    starts: np.ndarray
    targets: np.ndarray

    def correlation(self, opinion: np.ndarray) -> float:
        """Pearson's correlation of own opinion and mean opinion of followees."""
        if len(self.users) < 2:
            return np.nan
        circle = np.add.reduceat(opinion[self.targets], self.starts) / self.degree
        own = opinion[self.users]
        if (
            np.ptp(own) == 0 or np.ptp(circle) <= 1e-12 * np.abs(circle).max()
        ):  # means of equal numbers differ by rounding
            return np.nan
        own, circle = own - own.mean(), circle - circle.mean()
        spread = np.sqrt((own * own).sum() * (circle * circle).sum())
        return float(np.clip((own * circle).sum() / spread, -1.0, 1.0)) if spread > 0 else np.nan
