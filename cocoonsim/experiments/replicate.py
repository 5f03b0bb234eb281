"""Published models, played again and compared with what others have found.

A replication is a scenario with an `expect:` section. Its variants are played with the same seeds, so on the same draws; the
quantities its checks look at are measured, and nothing else; each check is judged (`verdicts.py`).

Also known as: validation suite, docking of models (Axtell et al. 1996), regression against published results.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from cocoonsim.assemble import assemble, first_world
from cocoonsim.core.chance import Chance
from cocoonsim.core.component import allowed_plugins
from cocoonsim.core.errors import UserError, did_you_mean
from cocoonsim.experiments.executors import run_all
from cocoonsim.experiments.replaying import Outcome, Run, Watched, play_watched, value_of
from cocoonsim.experiments.verdicts import Verdict, estimate, judge
from cocoonsim.scenario import Scenario
from cocoonsim.scenario.expectations import Check, Picture
from cocoonsim.scenario.quantities import At, Quantity, quantity

Line = tuple[float, ...]


@dataclass(frozen=True)
class Replication:
    """A model that was played again: its checks, and what is drawn of it."""

    name: str
    title: str
    question: str
    source: str
    sha256: str
    tier: str
    seeds: int
    """How many; a check may ask for others."""
    seconds: float
    """How long all its runs took, one after the other."""
    verdicts: tuple[Verdict, ...]
    pictures: tuple[Drawn, ...]
    scenario: dict[str, Any] = field(default_factory=dict, repr=False)

    @property
    def failures(self) -> int:
        """How many checks fail that are not known to differ."""
        return sum(verdict.failed for verdict in self.verdicts)

    def numbers(self) -> dict[str, Any]:
        """Everything as plain values for JSON, in which what is undefined is null."""
        told: dict[str, Any] = _plain(asdict(self))
        for verdict, one in zip(told["verdicts"], self.verdicts, strict=True):
            verdict["verdict"] = one.word
        return told

    @classmethod
    def of_numbers(cls, told: Mapping[str, Any]) -> Replication:
        """The replication whose `numbers` these are."""
        verdicts = [{key: value for key, value in one.items() if key != "verdict"} for one in told["verdicts"]]
        for one in verdicts:
            one |= {key: math.nan for key in ("value", "low", "high") if one[key] is None}
        pictures = [
            {**one, "rows": tuple((row[0], *(_line(line) for line in row[1:])) for row in one["rows"])}
            for one in told["pictures"]
        ]
        made = {
            "verdicts": tuple(Verdict(**one) for one in verdicts),
            "pictures": tuple(Drawn(**one) for one in pictures),
        }
        return cls(**{**told, **made})


@dataclass(frozen=True)
class Drawn:
    """The numbers of a picture: a line or a row of points."""

    title: str
    kind: str
    quantity: str
    across: str
    log: bool
    rows: tuple[tuple[str, Line, Line, Line, Line], ...]
    """(variant, x, mean, low, high); x are steps, or empty where there is one point."""
    references: tuple[tuple[str, float, float], ...] = ()
    """(variant, mean, half of its 95 % interval) of those who have found it before."""


def replications() -> dict[str, Path]:
    """The replications that come with cocoonsim, by name."""
    inside = Path(__file__).parents[1] / "replications"  # in an installed wheel
    folder = inside if inside.is_dir() else Path(__file__).parents[2] / "scenarios" / "replications"
    return {path.stem: path for path in sorted(folder.glob("*.yaml"))}


def read(names: Sequence[str], sets: Sequence[str] = ()) -> list[Scenario]:
    """The named replications, or all; a name may also be a scenario file. Raises UserError."""
    known = replications()
    found = []
    for name in names or known:
        if name not in known and not name.endswith((".yaml", ".yml")):
            raise UserError(f"there is no replication {name!r}; {did_you_mean(name, known)}. A file ends in .yaml")
        scenario = Scenario.from_file(known.get(name, Path(name)), sets)
        if not scenario.expect.checks:
            raise UserError("there is nothing to check: it has no section `expect:`", where=scenario.file)
        found.append(scenario)
    return found


def replicate(
    scenarios: Sequence[Scenario],
    tier: str = "full",
    seeds: int | None = None,
    jobs: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> list[Replication]:
    """Play the replications and judge their checks. `seeds` instead of those that each asks for.

    Raises UserError for a scenario whose variants do not fit together; a check that fails is no error.
    """
    plans = [_Plan.of(scenario, tier, seeds) for scenario in scenarios]
    threads = 1 if jobs != 1 else 0
    runs = [run for plan in plans for run in plan.runs(threads)]
    outcomes = iter(run_all(play_watched, runs, jobs, progress))
    return [plan.conclude([next(outcomes) for _ in plan.runs(threads)]) for plan in plans]


@dataclass(frozen=True)
class _Plan:
    """Which variants of a scenario are played with which seeds, and what is watched in each."""

    scenario: Scenario
    tier: str
    seeds: int
    own: bool
    """Checks may ask for seeds of their own."""
    checks: tuple[Check, ...]
    pictures: tuple[Picture, ...]
    variants: dict[str, tuple[Scenario, Watched, int]]
    """What is played, what is watched in it, and with how many seeds."""

    @classmethod
    def of(cls, scenario: Scenario, tier: str, seeds: int | None) -> _Plan:
        expect, every = scenario.expect, scenario.variants()
        checks = tuple(check for check in expect.checks if tier == "full" or check.tier == "quick")
        many = seeds or (expect.seeds if tier == "full" else expect.quick_seeds)
        asked = dict.fromkeys(name for check in checks for name in check.names)
        pictures = expect.figures if tier == "full" else ()
        asked |= dict.fromkeys(name for one in pictures for name in one.variants or expect.variants or ("",))
        own = tier == "full" and seeds is None
        variants = {}
        for name in asked:
            looked = [(_quantity(scenario, check), At.read(check.at)) for check in checks if name in check.names]
            looked += [
                (_quantity(scenario, one), At.read("mean" if one.kind == "time" else one.at))
                for one in pictures
                if name in (one.variants or expect.variants or ("",))
            ]
            watched: Watched = {}
            for what, at in looked:
                watched[what] = (*watched.get(what, ()), at)
            one = _measured(every[name], watched)
            first_world(assemble(one), one, Chance(scenario.seed))  # what cannot run is refused before anything runs
            wanted = [(check.seeds or many) if own else many for check in checks if name in check.names]
            variants[name] = (one, watched, max(wanted, default=many))
        return cls(scenario, tier, many, own, checks, pictures, variants)

    def runs(self, threads: int) -> list[Run]:
        """Every variant with every seed."""
        plugins = tuple(allowed_plugins())
        return [
            Run(one.expand(), self.scenario.seed + number, watched, plugins, threads)
            for one, watched, seeds in self.variants.values()
            for number in range(seeds)
        ]

    def conclude(self, outcomes: list[Outcome]) -> Replication:
        """The verdicts and pictures from the outcomes of `runs`."""
        left = iter(outcomes)
        by_variant = {name: [next(left) for _ in range(seeds)] for name, (_, _, seeds) in self.variants.items()}
        known = self.scenario
        return Replication(
            known.name, known.title, known.question, known.source, known.sha256, self.tier, self.seeds,
            sum(outcome.seconds for outcome in outcomes),
            tuple(self._judged(check, by_variant) for check in self.checks),
            tuple(self._drawn(one, by_variant) for one in self.pictures),
            known.expand(),
        )  # fmt: skip

    def _judged(self, check: Check, outcomes: dict[str, list[Outcome]]) -> Verdict:
        what, at = _quantity(self.scenario, check), At.read(check.at)
        many = (check.seeds or self.seeds) if self.own else self.seeds
        kept = {
            name: [one for one in outcomes[name][:many] if not check.given or one.stopped == check.given]
            for name in check.names
        }
        return judge(check, {name: np.array([value_of(one, what, at) for one in kept[name]]) for name in check.names})

    def _drawn(self, picture: Picture, outcomes: dict[str, list[Outcome]]) -> Drawn:
        what, at = _quantity(self.scenario, picture), At.read(picture.at)
        rows: list[tuple[str, Line, Line, Line, Line]] = []
        references: list[tuple[str, float, float]] = []
        outcomes = {name: some[: self.seeds] for name, some in outcomes.items()}  # a check may have asked for more
        for name in picture.variants or self.scenario.expect.variants or ("",):
            word = name or "as it stands"
            if picture.kind == "time":
                rows.append((word, *_over_time([one.series[what] for one in outcomes[name]])))
                continue
            found = estimate(np.array([value_of(one, what, at) for one in outcomes[name]]))
            low, high = found.interval
            rows.append((word, (), (found.mean,), (low,), (high,)))
            references += [
                (word, check.mean, 1.96 * (check.se or 0.0) + (check.half_width or 0.0))
                for check in self.checks
                if check.mean is not None and check.names == (name,) and At.read(check.at) == at
                and _quantity(self.scenario, check) == what
            ]  # fmt: skip
        title = picture.title or picture.of
        return Drawn(title, picture.kind, picture.of, picture.across, picture.log, tuple(rows), tuple(references))


def _quantity(scenario: Scenario, one: Check | Picture) -> Quantity:
    return quantity(one.of, scenario.specs("metrics"), one.settings, one.users)


def _measured(scenario: Scenario, watched: Watched) -> Scenario:
    """The scenario with the metrics that are watched and no others: what others need is not needed."""
    specs = list({what.metric: what.spec for what in watched if what.metric}.values())
    return scenario.measuring(specs)


def _over_time(many: list[tuple[np.ndarray, np.ndarray]]) -> tuple[Line, Line, Line, Line]:
    """(steps, mean, low, high) over runs, as far as the shortest goes; NaN where it is undefined in any."""
    length = min(len(steps) for steps, _ in many)
    values = np.stack([values[:length] for _, values in many])
    found = [estimate(column) for column in values.T]
    bounds = [one.interval for one in found]
    steps = many[0][0][:length]
    lines = (
        [float(step) for step in steps],
        [one.mean for one in found],
        [b[0] for b in bounds],
        [b[1] for b in bounds],
    )
    steps_, mean, low, high = (tuple(line) for line in lines)
    return steps_, mean, low, high


def _line(values: Sequence[float | None]) -> Line:
    return tuple(math.nan if value is None else value for value in values)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return None if isinstance(value, float) and not np.isfinite(value) else value
