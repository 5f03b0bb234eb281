"""What people hold in memory, and how far from each other those are who hold the same.

`statistic: held` is the mean number of items a person remembers, `sharers` the mean number of others who hold at least one
of the same, and `distance` the mean over people of the mean distance (Euclidean, of opinions) to those sharers: small where
people have what they know in common only with their like. Someone who shares nothing with anybody has the distance 0. With
`counts_self` (as in the published model) a zero is added to everybody's list of distances before the mean is taken.

Null model: none; compare with the start of the run or with another arm. Undefined where people have no memory.

Also known as: distance to info-sharers, bits held, echo chamber size, epistemic bubble.
Source: Geschke, Lorenz & Holtz (2019), The triple-filter bubble; the zero is in their program's monitor (mean [mean lput 0
[link-length] of my-infosharers] of guys).
"""

from __future__ import annotations

import numpy as np

from cocoonsim.core.moment import Moment
from cocoonsim.core.setting import setting
from cocoonsim.core.world import World
from cocoonsim.metrics import Metric, Reading, number

_ROWS = 512


class HeldItems(Metric):
    bounds = (0.0, np.inf)
    usual = False
    title = "Items held in memory"

    statistic: str = setting("held", choices=("held", "sharers", "distance"), help="What is said of what people hold")
    counts_self: bool = setting(True, help="A zero is added to everybody's distances (distance only)")

    def misfits(self, world: World, slate: int) -> list[tuple[str, str]]:
        return [] if "memory" in world.users else [("statistic", "people have no memory. Choose influence: memory")]

    def measure(self, moment: Moment) -> list[Reading]:
        users = moment.world.users
        if "memory" not in users or not users.size:
            return [number(np.nan, stage="people")]
        if self.statistic == "held":
            return [number(float((users.memory >= 0).sum(axis=1).mean()), stage="people")]
        sharers, distance = _sharers(users.memory, users.opinion, moment.world.n_items)
        if self.statistic == "sharers":
            return [number(float(sharers.mean()), stage="people")]
        return [number(float((distance / np.maximum(sharers + self.counts_self, 1)).mean()), stage="people")]


def _sharers(memory: np.ndarray, place: np.ndarray, n_items: int) -> tuple[np.ndarray, np.ndarray]:
    """For each user, how many others hold one of the same items, and the sum of the distances to them."""
    from scipy.sparse import csr_array

    n = len(memory)
    row, slot = np.nonzero(memory >= 0)
    holds = csr_array((np.ones(row.size, np.int32), (row, memory[row, slot])), shape=(n, n_items))
    count, total = np.zeros(n), np.zeros(n)
    for low in range(0, n, _ROWS):
        part = slice(low, low + _ROWS)
        shared = (holds[part] @ holds.T).toarray() > 0
        shared[np.arange(len(shared)), np.arange(low, low + len(shared))] = False
        squares = np.zeros(shared.shape)
        for column in place.T:
            squares += (column[part, None] - column) ** 2
        count[part] = shared.sum(axis=1)
        total[part] = (np.sqrt(squares) * shared).sum(axis=1)
    return count, total
