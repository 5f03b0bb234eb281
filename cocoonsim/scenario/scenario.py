"""A scenario: frozen, complete, and sure of where each of its values was written."""

from __future__ import annotations

import copy
import dataclasses
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any

from cocoonsim.core.errors import UserError
from cocoonsim.scenario.expectations import Expect
from cocoonsim.scenario.head import CHANGES, NO_NUMBERS, Answer, Compare, Head, Record
from cocoonsim.scenario.merging import (
    DEFAULTS,
    LISTS,
    arm_changes,
    merge,
    override,
    parse_sets,
    split,
    with_defaults,
)
from cocoonsim.scenario.plain import plain
from cocoonsim.scenario.problems import Path, ScenarioError
from cocoonsim.scenario.reading import Document, read_file
from cocoonsim.scenario.whole import HEADS, check
from cocoonsim.scenario.writing import write_yaml

_MOST_PARENTS = 50


@dataclass(frozen=True, eq=False, kw_only=True)
class Scenario(Head):
    """One model with all its settings. Make one with `Scenario.from_file` or `Scenario.from_dict`.

    >>> scenario = Scenario.from_dict({"steps": 5, "ranking": "shuffled"})
    >>> scenario.steps, scenario.slate, scenario.spec("ranking")
    (5, 10, {'kind': 'shuffled'})
    >>> scenario.with_sets(["population.users=50"]).spec("population")["users"]
    50
    """

    record: Record = field(default_factory=Record)
    compare: Compare = field(default_factory=Compare)
    answer: tuple[Answer, ...] = ()
    expect: Expect = field(default_factory=Expect)
    file: str = ""
    """The file it was read from; empty when it comes from a dictionary."""
    sets: tuple[str, ...] = ()
    """The `--set` overrides that were applied, in their order."""
    _specs: dict[str, Any]
    _document: Document

    @classmethod
    def from_file(cls, path: str | FilePath, sets: Sequence[str] = ()) -> Scenario:
        """Read a YAML file. Raises ScenarioError, a line for each problem with its file and line."""
        path = FilePath(path)
        document = _read_with_parents(path, ())
        document.content.setdefault("name", _as_name(path.stem))
        return cls._make(with_defaults(document), path.as_posix(), tuple(sets))

    @classmethod
    def from_dict(cls, content: Mapping[str, Any], sets: Sequence[str] = ()) -> Scenario:
        """From a dictionary with the keys of a scenario file. Raises ScenarioError."""
        problems: list[tuple[str, str]] = []
        document = merge(Document(), Document(plain(content, (), problems)))
        if problems:
            raise ScenarioError(problems)
        if "extends" in document.content:
            document = _extended(document, FilePath(), ())
        return cls._make(with_defaults(document), "", tuple(sets))

    @classmethod
    def _make(cls, document: Document, file: str, sets: tuple[str, ...], earlier: tuple[str, ...] = ()) -> Scenario:
        if sets:
            document = override(document, parse_sets(sets))
        problems: list[tuple[str, str]] = []
        for arm in (None, *_arm_names(document)):  # an arm repeats the problems of the whole; each is told once
            try:
                cls._checked(document if arm is None else _arm_document(document, *arm), file, ())
            except ScenarioError as error:
                problems.extend(error.problems)
        if problems:
            raise ScenarioError(problems)
        return cls._checked(document, file, (*earlier, *sets))

    @classmethod
    def _checked(cls, document: Document, file: str, sets: tuple[str, ...]) -> Scenario:
        whole = check(document)
        return cls(
            **whole.head,
            record=whole.record,
            compare=whole.compare,
            answer=whole.answer,
            expect=whole.expect,
            file=file,
            sets=sets,
            _specs=whole.specs,
            _document=document,
        )

    def with_sets(self, sets: Sequence[str]) -> Scenario:
        """The same scenario with `["ranking=popularity", "population.users=500"]`. Raises ScenarioError."""
        return self._make(self._document, self.file, tuple(sets), self.sets)

    def measuring(self, metrics: Sequence[Mapping[str, Any]]) -> Scenario:
        """The same scenario with these metrics (none: all that fit), and with nothing to compare or to expect."""
        content = {key: value for key, value in self._document.content.items() if key not in (*CHANGES, "metrics")}
        content["metrics"] = [dict(one) for one in metrics] or "all"
        places = {path: place for path, place in self._document.places.items() if path[:1] != ("metrics",)}
        return self._checked(Document(content, places), self.file, self.sets)

    def spec(self, stage: str) -> dict[str, Any]:
        """The component of a stage (or of `control`) with all its settings: `{"kind": name, setting: value, ...}`."""
        if stage not in DEFAULTS:
            raise UserError(f"a scenario has no single component {stage!r}; it has {', '.join(DEFAULTS)}")
        return copy.deepcopy(self._specs[stage])

    def specs(self, stage: str) -> list[dict[str, Any]]:
        """The components of `interventions` or `metrics`. No metrics: all that make sense in the world."""
        if stage not in LISTS:
            raise UserError(f"a scenario has no list {stage!r}; it has {', '.join(LISTS)}")
        return copy.deepcopy(self._specs[stage])

    def place(self, where: str) -> str:
        """Where a setting was written: `file.yaml:12: ranking.rank`, `--set ranking.rank`, or just the path."""
        return self._document.place(tuple(int(key) if key.isdecimal() else key for key in split(where) if key))

    def expand(self) -> dict[str, Any]:
        """Everything, explicitly, as plain dictionaries and lists. `from_dict(expand())` is the same scenario."""
        whole: dict[str, Any] = {key: getattr(self, key) for key in HEADS}
        whole |= {part: _listed(self._specs[part]) for part in DEFAULTS}
        whole["interventions"] = _listed(self._specs["interventions"])
        whole["metrics"] = _listed(self._specs["metrics"]) or "all"
        whole["record"] = {
            "every": self.record.every,
            "events": self.record.events,
            "explain": self.record.explain,
            "follow": self.record.follow,
        }
        if self.compare.arms:
            whole["compare"] = {"against": self.compare.against, "arms": copy.deepcopy(self.compare.arms)}
        if self.answer:
            whole["answer"] = [_listed(dataclasses.asdict(one)) for one in self.answer]
        if self.expect.checks:
            whole["expect"] = copy.deepcopy(self._document.content["expect"])
        return whole

    def to_yaml(self) -> str:
        """`expand()` as YAML."""
        return write_yaml(self.expand())

    @property
    def sha256(self) -> str:
        """Hash of everything that bears on the numbers: the canonical JSON (sorted keys, no spaces, ASCII) of `expand()`.

        Left out: name, title, question, source, seeds, answer, compare and expect. Settings that name a data file count by
        their name, not by the file's contents.
        """
        bearing = {key: value for key, value in self.expand().items() if key not in NO_NUMBERS}
        canonical = json.dumps(bearing, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
        return hashlib.sha256(canonical.encode()).hexdigest()

    def arms(self) -> dict[str, Scenario]:
        """The scenarios of `compare:` by name: this one with what each arm changes. Empty when nothing is compared."""
        return {name: self._arm("compare", name) for name in self.compare.arms}

    def variants(self) -> dict[str, Scenario]:
        """The scenarios of `expect:` by name; under the empty name, this one."""
        return {"": self} | {name: self._arm("expect", name) for name in self.expect.variants}

    def _arm(self, section: str, name: str) -> Scenario:
        document = _arm_document(self._document, section, name)
        document.content["name"] = f"{self.name}.{_as_name(name)}"[:100]
        return self._checked(document, self.file, self.sets)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Scenario) and self.expand() == other.expand()

    def __hash__(self) -> int:
        return int(self.sha256[:15], 16)

    def __repr__(self) -> str:
        return f"Scenario({self.name!r}, {self.sha256[:10]})"


def _arm_names(document: Document) -> list[tuple[str, str]]:
    """(section, name) of the arms and variants that can be looked at; what is wrong with others is told elsewhere."""
    found = []
    for section, inner in CHANGES.items():
        around = document.content.get(section)
        arms = around.get(inner) if isinstance(around, dict) else None
        if isinstance(arms, dict):
            found += [(section, name) for name, changes in arms.items() if isinstance(changes, dict)]
    return found


def _arm_document(document: Document, section: str, name: str) -> Document:
    """The document with what an arm or variant changes, and without any of its own."""
    root: Path = (section, CHANGES[section], name)
    changes = document.content[section][CHANGES[section]][name] or {}
    alone = {key: value for key, value in document.content.items() if key not in CHANGES}
    return override(Document(alone, document.places), arm_changes(root, changes, document))


def _as_name(text: str) -> str:
    """A word that can name a folder."""
    return re.sub(r"[^\w.-]+", "_", text).lstrip("._-")[:100] or "scenario"


def _read_with_parents(path: FilePath, trail: tuple[FilePath, ...]) -> Document:
    document = merge(Document(), read_file(path))
    return _extended(document, path, (*trail, path)) if "extends" in document.content else document


def _extended(document: Document, path: FilePath, trail: tuple[FilePath, ...]) -> Document:
    """The document on top of the file it extends."""
    parent = document.content.pop("extends")
    where = document.place(("extends",))
    if not isinstance(parent, str) or not parent.strip() or "\0" in parent:
        raise ScenarioError([(where, "must be the name of a scenario file, relative to this one")])
    folder = path.parent if trail else FilePath()
    file = folder / parent
    if file.resolve() in {earlier.resolve() for earlier in trail} or len(trail) > _MOST_PARENTS:
        circle = " -> ".join(earlier.name for earlier in (*trail, file))
        raise ScenarioError([(where, f"files extend each other in a circle: {circle}")])
    try:
        base = _read_with_parents(file, trail)
    except ScenarioError as error:
        if not error.problems[0][0]:  # the file itself is missing; the line that names it is where to mend it
            raise ScenarioError([(where, message) for _, message in error.problems]) from None
        raise
    base.content.pop("name", None)  # results of the two would lie in one folder
    document.places.pop(("extends",), None)
    return merge(with_defaults(base), document)


def _listed(value: Any) -> Any:
    """Plain YAML and JSON values: tuples as lists."""
    if isinstance(value, dict):
        return {str(key): _listed(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_listed(part) for part in value]
    return copy.copy(value)
