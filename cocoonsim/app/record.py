"""What the page keeps of a panel's past: never more than a fixed number of points, however long a run is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cocoonsim.metrics import Reading

MOST_POINTS = 240
"""Of a longer run every second point is forgotten, again and again: a line on a screen needs no more."""
MOST_COLUMNS = 120
MOST_PORTRAITS = 48
BINS = 32


class Series:
    """Values by step, of a bounded number of steps evenly spread over the run.

    >>> few = Series(most=4)
    >>> for step in range(10):
    ...     few.add(step, step * step)
    >>> few.steps
    [0, 4, 8, 9]
    """

    def __init__(self, most: int = MOST_POINTS) -> None:
        self.most, self.every = most, 1
        self._kept: list[tuple[int, object]] = []
        self._last: tuple[int, object] | None = None

    def add(self, step: int, value: object) -> None:
        """Note the value of a step, which comes after all others."""
        self._last = (step, value)
        if step % self.every:
            return
        self._kept.append(self._last)
        while len(self._kept) >= self.most:
            self.every *= 2
            self._kept = [pair for pair in self._kept if pair[0] % self.every == 0]

    @property
    def _all(self) -> list[tuple[int, object]]:
        more = self._last is not None and (not self._kept or self._kept[-1][0] != self._last[0])
        return [*self._kept, self._last] if more and self._last is not None else self._kept

    @property
    def steps(self) -> list[int]:
        """The steps that are kept; the last is always among them."""
        return [step for step, _ in self._all]

    @property
    def values(self) -> list[object]:
        """Their values."""
        return [value for _, value in self._all]

    def __len__(self) -> int:
        return len(self._all)


class Record:
    """The past of one panel: means of metrics, the spread of opinions, portraits of the people who are drawn."""

    def __init__(self, opinion: np.ndarray, drawn: np.ndarray) -> None:
        """`opinion` (n,) of all at the start, `drawn` the ids of those whose portraits are kept."""
        self.drawn = drawn
        self.numbers: dict[str, Series] = {}
        reach = max(1.0, float(np.abs(opinion[np.isfinite(opinion)]).max(initial=0.0)))
        self.edges = np.linspace(-reach, reach, BINS + 1)
        self.opinions = Series(MOST_COLUMNS)
        self.portraits = Series(MOST_PORTRAITS)

    def note(self, step: int, readings: Mapping[str, list[Reading]]) -> None:
        """Note the mean of each reading and of its null, as `metric.stage` and `metric.stage.null`."""
        for metric, stages in readings.items():
            told: set[str] = set()
            for reading in stages:
                name = f"{metric}.{reading.stage}"
                if name in told:  # a second null model of the same values
                    continue
                told.add(name)
                self._series(name).add(step, mean(reading.values))
                self._series(f"{name}.null").add(step, mean(np.asarray(reading.null)))

    def _series(self, name: str) -> Series:
        return self.numbers.setdefault(name, Series())

    def note_people(self, step: int, opinion: np.ndarray, interests: np.ndarray, idea: np.ndarray) -> None:
        """Note opinions (n,) of all, and true interests and the platform's idea, (n, topics) each, of those drawn."""
        counts = np.histogram(np.clip(opinion, self.edges[0], self.edges[-1]), self.edges)[0]
        self.opinions.add(step, (counts / max(len(opinion), 1)).astype(np.float32))
        self.portraits.add(step, (interests[self.drawn].astype(np.float16), idea[self.drawn].astype(np.float16)))

    def last(self, name: str, over: int = 5) -> float:
        """The mean of the last few noted values of a number; NaN where there are none."""
        values = self.numbers[name].values[-over:] if name in self.numbers else []
        return mean(np.array(values, np.float64))


def mean(values: np.ndarray) -> float:
    """The mean of what is defined; NaN where nothing is."""
    known = values[np.isfinite(values)]
    return float(known.mean()) if known.size else float("nan")
