"""What a scenario is expected to show: variants that are played, and checks of what comes of them.

A replication is a scenario with an `expect:` section. Its checks compare a quantity of the runs with a number that somebody
else has found, with a bound, or across variants; nothing in it bears on how a run is played.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cocoonsim.core.component import settings_of
from cocoonsim.core.errors import UserError, did_you_mean
from cocoonsim.core.setting import setting
from cocoonsim.scenario.checking import check_settings
from cocoonsim.scenario.problems import Path, Problem
from cocoonsim.scenario.quantities import At, quantity
from cocoonsim.scenario.words import shown

TIERS = ("quick", "full")
SPOKEN = {"in": "variant", "with": "settings", "known difference": "known_difference"}
"""Keys as they stand in a file that cannot be names in Python."""
_WRITTEN = {name: key for key, name in SPOKEN.items()}
_BOUNDS = ("above", "below")


@dataclass(frozen=True)
class Check:
    """One thing that should come out; which of `mean`, `exact`, `above`/`below` and `order` is given says how it is judged."""

    claim: str = setting(..., help="What should be so, as a sentence")
    of: str = setting(
        ..., help="Quantity: a metric and, after dots, choices of its settings, a stage or excess; or steps"
    )
    variant: str = setting("", help="The variant whose runs are looked at; without it, the scenario as it stands")
    at: str = setting(
        "last", help="When: last, first, mean, early, late, change, drift, first 5, factor 10 25, step 7, ..."
    )
    users: str = setting("mean", help="Numbers per user become one as their mean, sd, q05 ... q95, or share below 0.4")
    settings: dict[str, Any] = setting({}, help="Settings of the metric, for this check")  # noqa: RUF009 - makes a field
    seeds: int | None = setting(None, low=1, help="With how many seeds, in the full tier; without it, as many as all")
    given: str = setting("", help="Only runs that stopped for this reason are looked at")
    minus: str = setting("", help="Another variant, whose value is taken away, seed by seed")
    over: str = setting("", help="Another variant by whose value it is divided")
    mean: float | None = setting(None, help="The mean that somebody else has found")
    se: float | None = setting(None, low=0.0, help="The standard error of that mean")
    half_width: float | None = setting(None, low=0.0, help="In place of se: half of its 95 % interval, with `runs`")
    runs: int | None = setting(None, low=2, help="In how many runs that mean was found")
    tolerance: float = setting(0.0, low=0.0, help="Slack beyond chance that is granted to the mean")
    exact: float | None = setting(None, help="The value that every run must have")
    within: float = setting(1e-9, low=0.0, help="How far from exact a run may be")
    above: float | None = setting(None, help="The mean over seeds lies above this")
    below: float | None = setting(None, help="The mean over seeds lies below this")
    share_of_seeds: float | None = setting(
        None, above=0.0, high=1.0, help="exact, above and below hold in this share of the runs, each by itself"
    )
    order: tuple[str, ...] = setting((), help="Variants from the largest value to the smallest")
    margin: float = setting(0.0, help="By how much each exceeds the next in an order")
    source: str = setting("", help="Where the expected number comes from")
    tier: str = setting("full", choices=TIERS, help="quick: also part of the quick tier")
    known_difference: str = setting(
        "", help="Why it is not met, with the evidence; it does not count as a failure then"
    )

    @property
    def names(self) -> tuple[str, ...]:
        """The variants it looks at; an empty name is the scenario as it stands."""
        return self.order or tuple(dict.fromkeys([self.variant, *(name for name in (self.minus, self.over) if name)]))


@dataclass(frozen=True)
class Picture:
    """What is drawn of the runs."""

    of: str = setting(..., help="Quantity on the vertical axis, as in a check")
    kind: str = setting(
        "variants", choices=("variants", "time"), help="A point for each variant, or lines over the steps"
    )
    at: str = setting("last", help="When, as in a check (kind: variants)")
    users: str = setting("mean", help="As in a check")
    settings: dict[str, Any] = setting({}, help="Settings of the metric")  # noqa: RUF009 - makes a field
    variants: tuple[str, ...] = setting((), help="Those that are drawn, in this order; without it, all")
    title: str = setting("", help="Heading; without it, the name of the quantity")
    across: str = setting("", help="What the variants differ in, for the horizontal axis")
    log: bool = setting(False, help="Logarithmic vertical axis")


@dataclass(frozen=True)
class Expect:
    """The `expect:` section."""

    seeds: int = setting(20, low=1, help="Seeds of the full tier")
    quick_seeds: int = setting(5, low=1, help="Seeds of the quick tier")
    variants: dict[str, dict[str, Any]] = field(default_factory=dict)
    checks: tuple[Check, ...] = ()
    figures: tuple[Picture, ...] = ()


@dataclass(frozen=True)
class _Numbers:
    """The plain keys of the section."""

    seeds: int = setting(20, low=1, help="Seeds of the full tier")
    quick_seeds: int = setting(5, low=1, help="Seeds of the quick tier")


PLAIN = _Numbers
KEYS = ("seeds", "quick_seeds", "variants", "checks", "figures")


def spoken(cls: type[Any]) -> dict[str, str]:
    """The keys of a check or a picture as they stand in a file, and the names of the fields."""
    return {_WRITTEN.get(info.name, info.name): info.name for info in settings_of(cls)}


def read_expect(
    given: Mapping[str, Any], variants: dict[str, dict[str, Any]], listed: list[dict[str, Any]]
) -> tuple[Expect, list[Problem]]:
    """The section and what is wrong with it. `variants` are checked already; `listed` are the scenario's metrics."""
    root: Path = ("expect",)
    problems = [
        Problem((*root, key), f"expect has no setting {key!r}; {did_you_mean(key, KEYS)}")
        for key in given
        if key not in KEYS
    ]
    plain, more = check_settings(
        _Numbers, {key: given[key] for key in ("seeds", "quick_seeds") if key in given}, root, "expect"
    )
    problems += more
    read: dict[str, list[Any]] = {"checks": [], "figures": []}
    for part, cls in (("checks", Check), ("figures", Picture)):
        entries = given.get(part, [])
        if not isinstance(entries, list):
            problems.append(
                Problem((*root, part), f"must be a list of {part}, each after a '- ', got {shown(entries)}")
            )
            continue
        for number, entry in enumerate(entries):
            one, more = _entry(cls, entry, (*root, part, number), variants, listed)
            problems += more
            read[part].append(one)
    if not problems and not read["checks"]:
        problems.append(Problem(root, "needs `checks:`, a list of what should come out"))
    if problems:
        return Expect(), problems
    return Expect(**plain, variants=variants, checks=tuple(read["checks"]), figures=tuple(read["figures"])), []


def _entry(
    cls: type[Any], entry: Any, path: Path, variants: Mapping[str, Any], listed: list[dict[str, Any]]
) -> tuple[Any, list[Problem]]:
    who = "a check" if cls is Check else "a figure"
    if not isinstance(entry, dict):
        return None, [Problem(path, f"must be a mapping with `of:` and more, got {shown(entry)}")]
    names = spoken(cls)
    if unknown := [key for key in entry if key not in names]:
        return None, [
            Problem((*path, key), f"{who} has no setting {key!r}; {did_you_mean(key, names)}") for key in unknown
        ]
    values, problems = check_settings(cls, {names[key]: value for key, value in entry.items()}, path, who)
    if problems:
        return None, [Problem(_in_file(problem.path, path), problem.message) for problem in problems]
    one = cls(**values)
    wrong = [
        *_wrong_names(one, variants),
        *_wrong_quantity(one, listed),
        *(_wrong_judgement(one) if cls is Check else []),
    ]
    return one, [Problem((*path, key) if key else path, message) for key, message in wrong]


def _in_file(path: Path, root: Path) -> Path:
    """The path with the key as it stands in the file."""
    at = len(root)
    return path if len(path) == at else (*root, _WRITTEN.get(str(path[at]), path[at]), *path[at + 1 :])


def _wrong_names(one: Any, variants: Mapping[str, Any]) -> list[tuple[str, str]]:
    named: list[tuple[str, str]] = []
    if isinstance(one, Check):
        named = [
            ("in", one.variant),
            ("minus", one.minus),
            ("over", one.over),
            *(("order", name) for name in one.order),
        ]
    else:
        named = [("variants", name) for name in one.variants]
    return [
        (
            key,
            f"there is no variant {name!r}; "
            + (did_you_mean(name, variants) if variants else "`variants:` names none"),
        )
        for key, name in named
        if name and name not in variants
    ]


def _wrong_quantity(one: Any, listed: list[dict[str, Any]]) -> list[tuple[str, str]]:
    found = []
    for key, ask in (
        ("of", lambda: quantity(one.of, listed, one.settings, one.users)),
        ("at", lambda: At.read(one.at)),
    ):
        try:
            ask()
        except UserError as error:
            found.append((error.where or key, error.message))
    return found


def _wrong_judgement(check: Check) -> list[tuple[str, str]]:
    """What does not go together in a check."""
    ways = [
        name
        for name, there in (
            ("mean", check.mean is not None),
            ("exact", check.exact is not None),
            ("above or below", check.above is not None or check.below is not None),
            ("order", bool(check.order)),
        )
        if there
    ]
    if len(ways) != 1:
        said = f"; this one has {' and '.join(ways)}" if ways else ""
        return [("", f"a check needs one of mean, exact, above or below, and order, to be judged by{said}")]
    found = []
    if check.order:
        found += [("order", "an order needs at least two variants")] if len(set(check.order)) < 2 else []
        found += [
            (key, "does not go with order: the variants are those of the order")
            for key, there in (("in", check.variant), ("minus", check.minus), ("over", check.over)) if there
        ]  # fmt: skip
    elif check.margin:
        found.append(("margin", "goes with order only"))
    if check.minus and check.over:
        found.append(("over", "does not go with minus; a check takes a difference or a ratio"))
    if check.given and (check.minus or check.over) and (check.exact is not None or check.share_of_seeds is not None):
        found.append(
            ("given", "leaves different seeds in each variant, so single runs cannot be compared; judge the mean")
        )
    if check.mean is None:
        found += [
            (key, "goes with mean only") for key in ("se", "half_width", "runs") if getattr(check, key) is not None
        ]
        found += [("tolerance", "goes with mean only")] if check.tolerance else []
    elif (check.se is None) == (check.half_width is None):
        found.append(
            ("mean", "needs the standard error of that mean: se, or half_width (of the 95 % interval) with runs")
        )
    elif (check.half_width is None) != (check.runs is None) and check.se is None:
        found.append(("half_width", "needs runs: in how many runs that mean was found"))
    if check.share_of_seeds is not None and ways[0] in ("mean", "order"):
        found.append(("share_of_seeds", f"goes with exact, above and below, not with {ways[0]}"))
    return found
