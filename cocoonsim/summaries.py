"""What a table says of numbers per user: means, spread and counts, of all and by group, with and without the null.

NaN is nobody's number: it is left out, and counted. Whatever several readings share is worked out once: those of a metric
that differ in their null alone share their values, and all share who belongs to which group. Sums are taken in the order
of the users, so that no number depends on how the work is divided.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from cocoonsim.core.moment import Moment
from cocoonsim.metrics import Metric, Reading

QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
MOST_GROUPS = 12
"""With more groups than this, numbers are not also given by group."""

Row = tuple[int, str, str, str, str, float, str, float, float]
"""(step, metric, stage, group, stat, value, null_name, null_value, excess)"""


class Groups(NamedTuple):
    """Who is in which group."""

    names: list[str]
    order: np.ndarray
    """int64 (n,): users group by group, within a group in their own order."""
    bounds: list[tuple[int, int]]
    """Where in `order` each group begins and ends."""

    def parts(self, rows: np.ndarray) -> list[np.ndarray]:
        """One piece for each group, of an array with a row for each user."""
        ordered = rows[self.order] if rows.strides[0] else rows  # all the same: so in any order
        return [ordered[low:high] for low, high in self.bounds]


class Known(NamedTuple):
    """What there is to say of an array of values, whatever they are compared with."""

    mask: np.ndarray | None
    """bool (n,): which are not NaN; None if all."""
    mean: float
    n: int
    spread: list[tuple[str, float]]
    by_group: list[tuple[float, int, int]]
    """Of each group: the mean, of how many, and how many they are in all."""


def summaries(moment: Moment, metric: Metric, readings: Sequence[Reading]) -> list[Row]:
    """Rows of the metrics table for the readings of one metric."""
    of_users = [reading for reading in readings if reading.users is not None]
    arrays = {id(reading.values): reading for reading in of_users}
    groups = {id(reading.users): groups_of(moment, reading.users) for reading in of_users if reading.users is not None}
    found = moment.blocks.each(lambda one: known(one.values, groups[id(one.users)]), list(arrays.values()))
    about = dict(zip(arrays, found, strict=True))

    def rows(reading: Reading) -> list[Row]:
        if reading.users is None:
            return _of_all(moment, metric, reading)
        return _of_users(moment, metric, reading, about[id(reading.values)], groups[id(reading.users)])

    return [row for some in moment.blocks.each(rows, readings) for row in some]


def groups_of(moment: Moment, users: np.ndarray) -> Groups | None:
    """Who of these users is in which group; None where there is but one, or too many to speak of each."""

    def make() -> Groups | None:
        groups = moment.world.users.group[users]
        lowest = groups.min(initial=0)
        counts = np.bincount(groups - lowest)
        present = np.flatnonzero(counts)
        if not 1 < len(present) <= MOST_GROUPS:
            return None
        rank = np.zeros(len(counts), np.uint8)  # few of them: the sort takes one pass
        rank[present] = np.arange(len(present))
        ends = counts[present].cumsum().tolist()
        bounds = list(zip([0, *ends[:-1]], ends, strict=True))
        return Groups(
            [str(group) for group in present + lowest], np.argsort(rank[groups - lowest], kind="stable"), bounds
        )

    everybody = users is moment.users or np.array_equal(users, moment.users)
    groups: Groups | None = moment.shared("groups of users", make) if everybody else make()
    return groups


def known(values: np.ndarray, groups: Groups | None) -> Known:
    """What there is to say of these values."""
    undefined = np.isnan(values)
    mask = ~undefined if undefined.any() else None
    some = values if mask is None else values[mask]
    by_group = []
    if groups is not None:
        pieces = groups.parts(values)
        masks = [None] * len(pieces) if mask is None else groups.parts(mask)
        for piece, there in zip(pieces, masks, strict=True):
            n = len(piece) if there is None else int(np.count_nonzero(there))
            by_group.append((_mean(piece, there), n, len(piece)))
    return Known(mask, _mean(some), len(some), spread(some), by_group)


def spread(values: np.ndarray) -> list[tuple[str, float]]:
    """Standard deviation (of a sample) and quantiles of some numbers; nothing of none.

    >>> spread(np.array([3.0, 1.0, 2.0]))[0], dict(spread(np.arange(21.0)))["q95"]
    (('sd', 1.0), 19.0)
    """
    if not values.size:
        return []
    deviation = float(values.std(ddof=1)) if values.size > 1 else np.nan
    ordered = np.sort(values)
    return [("sd", deviation), *((f"q{round(100 * q):02d}", quantile(ordered, q)) for q in QUANTILES)]


def quantile(ordered: np.ndarray, q: float) -> float:
    """The q-quantile of numbers that are sorted already, on a straight line between the two next to it.

    Also known as: Hyndman & Fan's type 7, `numpy.quantile` to the last bit (which would look for the two again, in all).

    >>> quantile(np.array([1.0, 2.0, 4.0]), 0.75)
    3.0
    """
    place = (len(ordered) - 1) * q
    low = int(place)
    below, above = float(ordered[low]), float(ordered[min(low + 1, len(ordered) - 1)])
    part = place - low
    return above - (above - below) * (1.0 - part) if part >= 0.5 else below + (above - below) * part


def _of_all(moment: Moment, metric: Metric, reading: Reading) -> list[Row]:
    """The rows of one number about all."""
    value, null = float(reading.values[0]), float(np.broadcast_to(reading.null, (1,))[0])
    about = (moment.step, metric.name, reading.stage, "all")
    return [
        (*about, "value", value, reading.null_name, null, value - null),
        (*about, "n_nan", float(reading.undefined), reading.null_name, np.nan, np.nan),
    ]


def _of_users(moment: Moment, metric: Metric, reading: Reading, about: Known, groups: Groups | None) -> list[Row]:
    """The rows of a number for each user: of all, and by group."""

    def row(stat: str, value: float, null: float = np.nan, excess: float = np.nan, group: str = "all") -> Row:
        return (moment.step, metric.name, reading.stage, group, stat, value, reading.null_name, null, excess)

    values, null, mask = reading.values, np.broadcast_to(reading.null, reading.values.shape), about.mask
    undefined = np.isnan(null)
    if undefined.any():
        mask = ~undefined if mask is None else mask & ~undefined
    excess = values - null
    rows = [row("mean", about.mean, _mean(null, mask), _mean(excess, mask))]
    rows += [row(stat, value) for stat, value in about.spread]
    rows += [row("n", float(about.n)), row("n_nan", float(len(values) - about.n))]
    if groups is None:
        return rows
    pieces = [groups.parts(null), groups.parts(excess)]
    masks = [None] * len(groups.names) if mask is None else groups.parts(mask)
    for name, (mean, n, all_n), one, more, there in zip(groups.names, about.by_group, *pieces, masks, strict=True):
        rows.append(row("mean", mean, _mean(one, there), _mean(more, there), group=name))
        rows.append(row("n", float(n), group=name))
        rows.append(row("n_nan", float(all_n - n), group=name))
    return rows


def _mean(values: np.ndarray, mask: np.ndarray | None = None) -> float:
    """The mean of some numbers, or of those that are in the mask; NaN of none."""
    some = values if mask is None else values[mask]
    return float(np.add.reduce(some)) / len(some) if len(some) else np.nan
