"""Taking times side by side, and saying what they mean.

Ratios of times are only worth something when both were taken in turns on the same machine: so the cases of a comparison
take turns, round after round, and the smallest and the median of each are kept. CPU time is that of all threads together;
with one thread it is the number least touched by what else the machine does.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Times:
    """Seconds of one case: the smallest and the median of its rounds, by the clock and of the processor."""

    wall: float
    wall_median: float
    cpu: float
    cpu_median: float


def in_turns(cases: Mapping[str, Callable[[], object]], rounds: int, warm: int = 1) -> dict[str, Times]:
    """Run every case once per round, `rounds` times after `warm` rounds that do not count."""
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in cases}
    for number in range(warm + rounds):
        for name, case in cases.items():
            cpu, wall = time.process_time(), time.perf_counter()
            case()
            wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
            if number >= warm:
                taken[name].append((wall, cpu))
    return {
        name: Times(
            min(wall for wall, _ in pairs), statistics.median(wall for wall, _ in pairs),
            min(cpu for _, cpu in pairs), statistics.median(cpu for _, cpu in pairs),
        )
        for name, pairs in taken.items()
    }  # fmt: skip


@dataclass(frozen=True)
class Size:
    """How much is run: `users(n)` of n users, `rounds` of each case."""

    name: str
    share: float
    rounds: int
    fewest: int

    def users(self, n: int) -> int:
        """This size's part of `n` users."""
        return max(min(n, self.fewest), int(n * self.share))

    def shapes(self, every: Sequence[T]) -> Sequence[T]:
        """All of the shapes, or the first for a mere try."""
        return every[:1] if self.name == "tiny" else every

    def items(self, n: int) -> int:
        """As `n`, but no more than a few for a mere try."""
        return min(n, 400) if self.name == "tiny" else n


SIZES = {
    size.name: size
    for size in (Size("full", 1.0, 5, 2048), Size("quick", 0.5, 3, 2048), Size("tiny", 0.0, 1, 60))
}  # fmt: skip


@dataclass
class Section:
    """A table of results. Cells are numbers or text; `note` says what they are."""

    name: str
    title: str
    note: str
    rows: list[dict[str, Any]] = field(default_factory=list)

    def add(self, **cells: Any) -> None:
        """Another row."""
        self.rows.append(cells)

    def markdown(self) -> str:
        """The section as Markdown."""
        columns = list(dict.fromkeys(name for row in self.rows for name in row))
        lines = [f"## {self.title}", "", self.note, ""]
        if not self.rows:
            return "\n".join(lines)
        lines.append("| " + " | ".join(name.replace("_", " ") for name in columns) + " |")
        lines.append("|" + "---|" * len(columns))
        lines += ["| " + " | ".join(_shown(row.get(name)) for name in columns) + " |" for row in self.rows]
        return "\n".join(lines) + "\n"


def _shown(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float):
        return f"{cell:.4g}" if abs(cell) < 1000 else f"{cell:,.0f}"
    return f"{cell:,}" if isinstance(cell, int) else str(cell)


def goal(value: float, bound: float, *, at_least: bool = False) -> dict[str, str]:
    """The cells that compare a number with what was asked for."""
    met = value >= bound if at_least else value <= bound
    return {"target": f"{'≥' if at_least else '≤'} {bound:.3g}", "verdict": "met" if met else "missed"}
