"""What is watched. A metric is an audience: one Moment in, numbers out, each with what chance alone would give."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, TypeVar

import numpy as np

from cocoonsim.core.component import Component
from cocoonsim.core.moment import Moment

T = TypeVar("T")

CHUNK = 8192
"""Users measured at a time, so that memory stays flat. Rows do not influence each other, so it changes no bit."""
COUNTED = 65_536
"""Users counted at a time by a `PopulationMetric`. Whole numbers add up to the same in any order."""


@dataclass(frozen=True)
class Reading:
    """What a metric says of one step.

    `values` float64: a number per user, aligned with `users`, or one number with `users` None. Undefined is NaN, never 0.
    `null` is what the named null model expects, of the same shape (or one number for all); NaN where there is none.
    """

    values: np.ndarray
    null: np.ndarray
    null_name: str = ""
    stage: str = "shown"
    """`chance`, `network`, `shown` or `clicked` (the funnel), or `people` for a state of the people or their ties."""
    users: np.ndarray | None = None
    undefined: int = 0
    """For one number about all: how many users had to be left out of it."""

    @property
    def excess(self) -> np.ndarray:
        """Value minus null."""
        return self.values - self.null


class Metric(Component):
    """A measure of exposure, opinions or ties."""

    bounds: ClassVar[tuple[float, float]] = (0.0, 1.0)
    diverse: ClassVar[int] = 0
    """+1: larger is more diverse; -1: larger is more bubble-like; 0: neither."""
    unit: ClassVar[str] = ""
    usual: ClassVar[bool] = True
    """Measured, where it makes sense in the world, when a scenario names no metrics; not so if it is dear or special."""
    title: ClassVar[str] = ""
    """The standard name, as printed on an axis."""

    def measure(self, moment: Moment) -> list[Reading]:
        """The readings of this step, one for each stage of the funnel that the metric speaks of."""
        raise NotImplementedError(f"{type(self).__name__} does not measure")


class UserMetric(Metric):
    """A number for each user who was online. Two halves of the users, measured apart, give the whole."""

    def per_user(self, moment: Moment) -> list[Reading]:
        """Readings with a number for each user of `moment` (here a chunk of the users)."""
        raise NotImplementedError(f"{type(self).__name__} measures nobody")

    def measure(self, moment: Moment) -> list[Reading]:
        chunks = _over_chunks(moment, CHUNK, self.per_user)
        if len(chunks) == 1:
            return chunks[0]
        joined: dict[tuple[int, ...], np.ndarray] = {}

        def join(parts: list[np.ndarray]) -> np.ndarray:
            """One array of them all. Readings that differ in their null alone share theirs."""
            key = tuple(id(part) for part in parts)
            if key not in joined:
                joined[key] = np.concatenate(parts)
            return joined[key]

        def join_nulls(parts: Sequence[Reading]) -> np.ndarray:
            """One number if it is the same for all."""
            first = parts[0].null
            if np.ndim(first) == 0 and all(part.null is first for part in parts):
                return first
            return np.concatenate([np.broadcast_to(part.null, part.values.shape) for part in parts])

        return [
            replace(
                parts[0],
                values=join([part.values for part in parts]),
                null=join_nulls(parts),
                users=join([part.users for part in parts if part.users is not None]),
            )
            for parts in zip(*chunks, strict=True)
        ]


class PopulationMetric(Metric):
    """One number for all, made from counts that add up over any division of the users."""

    def tally(self, moment: Moment) -> dict[str, np.ndarray]:
        """Counts that can be added: the tallies of two halves of the users sum to the tally of the whole."""
        raise NotImplementedError(f"{type(self).__name__} counts nothing")

    def conclude(self, tally: dict[str, np.ndarray], moment: Moment) -> list[Reading]:
        """The readings from the summed tallies; of `moment`, only what is not about single users may be used."""
        raise NotImplementedError(f"{type(self).__name__} concludes nothing")

    def measure(self, moment: Moment) -> list[Reading]:
        tallies = _over_chunks(moment, COUNTED, self.tally)
        total = tallies[0]
        for more in tallies[1:]:
            total = {name: total[name] + more[name] for name in total}
        return self.conclude(total, moment)


def _over_chunks(moment: Moment, size: int, work: Callable[[Moment], T]) -> list[T]:
    """`work` on the moment of so many users at a time, on all threads; at least once, be it for nobody."""
    parts = [slice(low, low + size) for low in range(0, max(len(moment.users), 1), size)]
    return moment.blocks.run(lambda part: work(moment.only(part)), parts)


def number(
    value: float, null: float = np.nan, null_name: str = "", stage: str = "shown", undefined: int = 0
) -> Reading:
    """A reading of one number about all."""
    return Reading(np.array([value], np.float64), np.array([null], np.float64), null_name, stage, undefined=undefined)


BASE = Metric
