"""Checks a whole document: every key, every component, every setting; all problems are found in one go."""

from __future__ import annotations

import dataclasses
import math
import re
from dataclasses import dataclass
from typing import Any

from cocoonsim.core.component import Component, find, lookup, settings_of
from cocoonsim.core.describing import describe
from cocoonsim.core.errors import UserError, did_you_mean
from cocoonsim.scenario.answering import read_answers
from cocoonsim.scenario.checking import check_settings
from cocoonsim.scenario.expectations import Expect, read_expect
from cocoonsim.scenario.head import Answer, Compare, Head, Record, events_problem
from cocoonsim.scenario.merging import DEFAULTS, LISTS, stage_of
from cocoonsim.scenario.problems import Path, Problem, ScenarioError
from cocoonsim.scenario.reading import LARGEST, Document
from cocoonsim.scenario.references import resolve
from cocoonsim.scenario.words import shown

HEADS = tuple(field.name for field in dataclasses.fields(Head))
KEYS = (*HEADS, "extends", *DEFAULTS, *LISTS, "record", "compare", "expect", "answer")
"""Every key a scenario may have."""
NOT_IN_ARMS = ("name", "seed", "seeds", "extends", "compare", "expect", "answer")


@dataclass(frozen=True)
class Whole:
    """A scenario's values, checked."""

    head: dict[str, Any]
    record: Record
    compare: Compare
    answer: tuple[Answer, ...]
    expect: Expect
    specs: dict[str, Any]
    """For each part `{"kind": ..., settings}`, for interventions and metrics a list of them; all settings there."""


def check(document: Document) -> Whole:
    """Check a document that has all parts. Raises ScenarioError with every problem that was found."""
    checker = _Checker()
    content, unresolved = resolve(document.content)
    checker.problems.extend(unresolved)
    checker.numbers(content, ())
    checker.keys(content)
    specs: dict[str, Any] = {
        **{part: checker.component(content[part], (part,)) for part in DEFAULTS},
        **{part: checker.components(content, part) for part in LISTS},
    }
    whole = Whole(
        head=checker.head(content),
        record=checker.record(content.get("record", {})),
        compare=checker.compare(content.get("compare")),
        answer=checker.answer(content.get("answer"), content.get("compare")),
        expect=checker.expect(content.get("expect"), specs["metrics"]),
        specs=specs,
    )
    if checker.problems:
        seen: dict[Path, Problem] = {}
        for problem in checker.problems:
            seen.setdefault(problem.path, problem)  # the first thing said of a value is enough
        order = {path: number for number, path in enumerate(document.places)}
        listed = sorted(seen.values(), key=lambda problem: _written_at(problem.path, order))
        raise ScenarioError((document.place(problem.path), problem.message) for problem in listed)
    return whole


def _written_at(path: Path, order: dict[Path, int]) -> int:
    return next((order[path[:n]] for n in range(len(path), 0, -1) if path[:n] in order), -1)


class _Checker:
    """Collects what is wrong."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def say(self, path: Path, message: str) -> None:
        """Note a problem."""
        self.problems.append(Problem(path, message))

    def numbers(self, value: Any, path: Path) -> None:
        """No NaN, no infinity, nothing that does not fit 64 bits, wherever it stands."""
        if isinstance(value, dict | list):
            for key, part in value.items() if isinstance(value, dict) else enumerate(value):
                self.numbers(part, (*path, key))
        elif isinstance(value, float) and not math.isfinite(value):
            self.say(path, f"must be a finite number, got {value}")
        elif isinstance(value, int) and abs(value) > LARGEST:
            self.say(path, "is too large a number")

    def keys(self, content: dict[str, Any]) -> None:
        """Keys that no scenario has."""
        for key in content:
            if key not in KEYS:
                self.say((key,), f"a scenario has no key {key!r}; {self._belongs(key, content)}")

    def _belongs(self, key: str, content: dict[str, Any]) -> str:
        for part in DEFAULTS:
            kind = content[part].get("kind") if isinstance(content[part], dict) else None
            cls = find(stage_of((part,))).get(kind) if isinstance(kind, str) else None
            if cls and key in {info.name for info in settings_of(cls)}:
                return f"did you mean {part}.{key}?"
        return did_you_mean(key, KEYS)

    def head(self, content: dict[str, Any]) -> dict[str, Any]:
        """The plain keys."""
        given = {key: content[key] for key in HEADS if key in content}
        values, problems = check_settings(Head, given, (), "a scenario")
        self.problems.extend(problems)
        name = values.get("name", "ok")
        if not re.fullmatch(r"[^\W_][\w.-]{0,99}", name):
            self.say(("name",), f"must be letters, digits, '_', '-' and '.' (it names a folder), got {shown(name)}")
        if values.get("control_steps", 0) > values.get("steps", math.inf):
            steps = values["steps"]
            self.say(("control_steps",), f"{values['control_steps']} control steps do not fit into {steps} steps")
        return values

    def record(self, given: Any) -> Record:
        """What is kept."""
        if not isinstance(given, dict):
            self.say(("record",), f"must be a mapping such as {{every: 1, events: none}}, got {shown(given)}")
            return Record()
        values, problems = check_settings(Record, given, ("record",), "record")
        self.problems.extend(problems)
        if what := events_problem(values.get("events", "none")):
            self.say(("record", "events"), what)
        return Record(**values)

    def compare(self, given: Any) -> Compare:
        """The arms; what they change is checked when they are made."""
        if given is None:
            return Compare()
        if not isinstance(given, dict):
            self.say(("compare",), f"must be a mapping with `against:` and `arms:`, got {shown(given)}")
            return Compare()
        for key in given:
            if key not in ("against", "arms"):
                hint = did_you_mean(key, ("against", "arms"))
                self.say(("compare", key), f"compare has no setting {key!r}; {hint}")
        arms = given.get("arms")
        if not isinstance(arms, dict) or not arms:
            at: Path = ("compare", "arms") if "arms" in given else ("compare",)
            self.say(at, f"needs `arms:`, a mapping of names to what each changes, got {shown(arms)}")
            return Compare()
        made = {name: self._arm(changes, ("compare", "arms", name), "an arm") for name, changes in arms.items()}
        against = given.get("against", next(iter(arms)))
        if against not in arms:
            self.say(("compare", "against"), f"there is no arm {against!r}; {did_you_mean(str(against), arms)}")
        return Compare(str(against), made)

    def answer(self, given: Any, compare: Any) -> tuple[Answer, ...]:
        """What the report says first."""
        found, problems = read_answers(given, compare.get("arms") if isinstance(compare, dict) else None)
        self.problems.extend(problems)
        return found

    def expect(self, given: Any, metrics: list[dict[str, Any]]) -> Expect:
        """What should come out; what variants change is checked when they are made."""
        if given is None:
            return Expect()
        if not isinstance(given, dict):
            self.say(("expect",), f"must be a mapping with `checks:` and more, got {shown(given)}")
            return Expect()
        variants = given.get("variants", {})
        if not isinstance(variants, dict):
            self.say(("expect", "variants"), f"must be a mapping of names to changes, got {shown(variants)}")
            variants = {}
        made = {
            name: self._arm(changes, ("expect", "variants", name), "a variant") for name, changes in variants.items()
        }
        expect, problems = read_expect(given, made, metrics)
        self.problems.extend(problems)
        return expect

    def _arm(self, changes: Any, path: Path, what: str) -> dict[str, Any]:
        if changes is None:
            return {}
        if not isinstance(changes, dict):
            self.say(path, f"must be a mapping of settings to values, e.g. {{ranking: shuffled}}, got {shown(changes)}")
            return {}
        for key in changes:
            if key.partition(".")[0] in NOT_IN_ARMS:
                self.say(
                    (*path, key), f"{what} cannot change {key.partition('.')[0]!r}: all {what.split()[1]}s share it"
                )
        return changes

    def components(self, content: dict[str, Any], part: str) -> list[dict[str, Any]]:
        """The components of a list; an absent list of metrics, or `all`, stays empty."""
        given = content.get(part, [])
        if part == "metrics" and given == "all":
            return []
        if not isinstance(given, list):
            self.say((part,), f"must be a list of {part}, each after a '- ', got {shown(given)}")
            return []
        if part == "metrics" and not given and part in content:
            self.say((part,), "an empty list measures nothing; write `metrics: all` for all that fit the world")
        return [self.component(spec, (part, number)) for number, spec in enumerate(given)]

    def component(self, spec: Any, path: Path, stage: str = "") -> dict[str, Any]:
        """One component with all its settings; empty when something is wrong with it."""
        stage = stage or stage_of(path)
        noun = stage.removesuffix("s") if stage in LISTS else stage
        name_of = f"the name of {'an' if noun[0] in 'aeiou' else 'a'} {noun}"
        if not isinstance(spec, dict):
            self.say(path, f"must be {name_of}, or a mapping with its kind and settings, got {shown(spec)}")
            return {}
        if "kind" not in spec:
            self.say(path, f"needs a kind, one of: {', '.join(find(stage))}")
            return {}
        if not isinstance(spec["kind"], str):
            self.say(path, f"kind must be {name_of}, got {shown(spec['kind'])}")
            return {}
        try:
            cls = lookup(stage, spec["kind"])
        except UserError as error:
            self.say(path, _unknown_kind(stage, noun, spec["kind"], error))
            return {}
        before = len(self.problems)
        given = {
            info.name: self._nested(spec[info.name], (*path, info.name), info.about.part)
            for info in settings_of(cls)
            if info.about.part and info.name in spec
        }
        if len(self.problems) > before:
            return {}
        given = {key: given.get(key, value) for key, value in spec.items() if key != "kind"}
        settings, problems = check_settings(cls, given, path, spec["kind"])
        for info in settings_of(cls):
            if info.about.part and not problems and info.name not in given:
                settings[info.name] = self._nested(info.default, (*path, info.name), info.about.part)
        if not problems:
            problems = _contradictions(cls, settings, path)
        self.problems.extend(problems)
        return {"kind": spec["kind"], **settings}

    def _nested(self, given: Any, path: Path, stage: str) -> Any:
        """A setting that is itself a component, or a list of them."""
        if isinstance(given, list | tuple):
            return tuple(self._nested(part, (*path, number), stage) for number, part in enumerate(given))
        return self.component({"kind": given} if isinstance(given, str) else given, path, stage)


def _contradictions(cls: type[Component], settings: dict[str, Any], path: Path) -> list[Problem]:
    """What the component itself says of its settings together.

    Whether a data file is there is not asked: a scenario can be read and expanded without its data.
    """
    files = {info.name for info in settings_of(cls) if info.about.path}
    try:
        found = cls(**settings).problems()  # those of components among the settings were found before
        return [Problem((*path, *name.split(".")), message) for name, message in found if name not in files]
    except UserError as error:
        return [Problem(path, error.message)]


def _unknown_kind(stage: str, noun: str, kind: str, error: UserError) -> str:
    """Names the component that is also known under this word, else what `lookup` says."""
    if ":" in kind:
        return error.message
    word = kind.lower().replace("_", " ").replace("-", " ")
    for name, cls in find(stage).items():
        if word in [alias.lower().replace("-", " ") for alias in describe(cls).aliases]:
            return f"there is no {noun} called {kind!r}; it is {name!r} here"
    return f"there is no {noun} called {kind!r}; {did_you_mean(kind, find(stage))}"
