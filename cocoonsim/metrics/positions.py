"""How people lie in a space of opinions with several dimensions.

`statistic: spread` is the square root of the variances of all dimensions together. `clusters` counts the groups of at least
`least` people in which everybody is within `link` of somebody else of the group (Euclidean). `ties` is the mean distance of
people to those whom they follow. People count as they stood when they looked at their feeds.

Null model: for `ties`, `opinions-shuffled`: the mean distance of any two different people; none for the others. Undefined
when there are no users, or (ties) when nobody follows anybody.

Also known as: spatial dispersion, single-linkage clusters, connected components of a proximity graph, mean friend distance.
Source: Geschke, Lorenz & Holtz (2019), The triple-filter bubble (distances of friends); single-linkage clusters after Sneath
(1957), The application of computers to taxonomy.
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from cocoonsim.core.moment import Moment
from cocoonsim.core.setting import setting
from cocoonsim.metrics import Metric, Reading, number

_ROWS = 512


class Positions(Metric):
    needs: ClassVar[frozenset[str]] = frozenset({"users.opinion"})
    bounds = (0.0, np.inf)
    usual = False
    title = "Positions in opinion space"

    statistic: str = setting("spread", choices=("spread", "clusters", "ties"), help="What is said of the positions")
    link: float = setting(0.1, above=0.0, help="People nearer to each other than this are in one cluster")
    least: int = setting(5, low=1, unit="users", help="How many people a cluster must have to count")

    def measure(self, moment: Moment) -> list[Reading]:
        place = moment.world.users.opinion
        if not len(place):
            return [number(np.nan, stage="people")]
        if self.statistic == "clusters":
            return [number(float((_cluster_sizes(place, self.link) >= self.least).sum()), stage="people")]
        if self.statistic == "spread":
            return [number(float(np.sqrt(place.var(axis=0).sum())), stage="people")]
        follows = moment.world.follows
        gap = place[follows.sources()] - place[follows.targets]
        value = float(np.sqrt((gap * gap).sum(axis=1)).mean()) if follows.n_arcs else np.nan
        return [number(value, _mean_distance(place), "opinions-shuffled", "people")]


def _cluster_sizes(place: np.ndarray, link: float) -> np.ndarray:
    """int64: how many people each cluster has."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components
    from scipy.spatial import KDTree

    one, other = KDTree(place).query_pairs(link, output_type="ndarray").T
    near = coo_array((np.ones(one.size, np.int8), (one, other)), shape=(len(place), len(place)))
    return np.bincount(connected_components(near, directed=False)[1])


def _mean_distance(place: np.ndarray) -> float:
    """The mean distance of two different people."""
    n, total = len(place), 0.0
    if n < 2:
        return np.nan
    for low in range(0, n, _ROWS):
        squares = np.zeros((len(place[low : low + _ROWS]), n))
        for column in place.T:
            squares += (column[low : low + _ROWS, None] - column) ** 2
        total += float(np.sqrt(squares).sum())
    return total / (n * (n - 1.0))
