"""Where a value was written, and what is wrong with it: one line for each problem, all of them in one go."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from cocoonsim.core.errors import UserError

Path = tuple[str | int, ...]
"""The way to a value: `("interventions", 0, "share")` is `interventions.0.share`."""


def dotted(path: Path) -> str:
    """A path as people write it.

    >>> dotted(("interventions", 0, "share"))
    'interventions.0.share'
    """
    return ".".join(str(key) for key in path)


@dataclass(frozen=True)
class Place:
    """Where a value was written: `at` is `file.yaml:12`, `--set` or nothing; `prefix` is the way to an arm's overrides."""

    at: str = ""
    prefix: Path = ()

    def words(self, path: Path) -> str:
        """The place for an error message, e.g. `scenario.yaml:12: ranking.rank`."""
        where = dotted((*self.prefix, *path))
        if self.at == "--set":
            return f"--set {where}"
        return ": ".join(part for part in (self.at, where) if part)


@dataclass(frozen=True)
class Problem:
    """Something wrong with the value at `path`."""

    path: Path
    message: str


class ScenarioError(UserError):
    """What is wrong with a scenario: a line `file:line: where: what` for each problem.

    `problems` has (where, what) for each of them.
    """

    def __init__(self, problems: Iterable[tuple[str, str]]) -> None:
        self.problems = list(dict.fromkeys(problems))
        super().__init__("\n".join(f"{where}: {what}" if where else what for where, what in self.problems))

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.problems,)  # so that it survives the way back from another process
