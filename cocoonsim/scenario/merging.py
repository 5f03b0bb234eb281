"""What wins when a scenario extends another, is overridden by an arm, or by `--set`.

Mappings are merged key by key; anything else is replaced. A part whose `kind` changes forgets the settings of the
component it was.
"""

from __future__ import annotations

from collections.abc import Iterable
from copy import deepcopy
from typing import Any

from cocoonsim.core.component import STAGES
from cocoonsim.scenario.problems import Path, Place, ScenarioError, dotted
from cocoonsim.scenario.reading import Document, read_value

DEFAULTS = {
    "population": "uniform",
    "catalogue": "topic_mix",
    "network": "none",
    "publishing": "none",
    "activity": "everyone",
    "candidates": "everything",
    "ranking": "content",
    "feed": "top",
    "choice": "logit",
    "influence": "none",
    "rewiring": "none",
    "control": "newest",
}
"""The component of each part that a scenario does not mention."""
Change = tuple[Path, Any, dict[Path, Place]]
"""A value for a path, and where the value and what lies in it were written."""
LISTS = ("interventions", "metrics")
"""The stages that take any number of components."""
assert {*DEFAULTS, *LISTS} == {*STAGES, "control"}


def stage_of(path: Path) -> str:
    """The stage whose component stands at this path; empty when there is none.

    >>> stage_of(("control",)), stage_of(("interventions", 0)), stage_of(("ranking", "rank"))
    ('ranking', 'interventions', '')
    """
    if len(path) == 1 and path[0] in DEFAULTS:
        return "ranking" if path[0] == "control" else str(path[0])
    return str(path[0]) if len(path) == 2 and path[0] in LISTS and isinstance(path[1], int) else ""


def with_defaults(document: Document) -> Document:
    """The same document in which every part is there."""
    missing = {part: {"kind": kind} for part, kind in DEFAULTS.items() if part not in document.content}
    return Document({**document.content, **missing}, document.places)


def merge(base: Document, over: Document) -> Document:
    """`over` on top of `base`."""
    merger = _Merger(base)
    for key, value in over.content.items():
        merger.put((key,), value, over.places)
    if () in over.places:
        merger.places[()] = over.places[()]
    return Document(merger.content, merger.places)


def override(document: Document, changes: Iterable[Change]) -> Document:
    """The document with values put at paths. Raises ScenarioError where a path leads nowhere."""
    merger = _Merger(with_defaults(document))
    for path, value, places in changes:
        merger.put(path, value, places)
    return Document(merger.content, merger.places)


def parse_sets(sets: Iterable[str]) -> list[Change]:
    """`["ranking.rank=3"]` as changes for `override`. Raises ScenarioError."""
    changes: list[Change] = []
    for text in sets:
        name, equals, value = text.partition("=")
        path: Path = split(name)
        if not equals or not all(path):
            raise ScenarioError([(f"--set {text}", "write it as key=value, e.g. --set ranking=popularity")])
        # the first = parts key and value, so `population.users==catalogue.items` is a reference
        changes.append((path, read_value(value, f"--set {name.strip()}"), {path: Place("--set")}))
    return changes


def split(name: str) -> tuple[str, ...]:
    """A dotted name as a path of words."""
    return tuple(part.strip() for part in name.split("."))


def arm_changes(root: Path, changes: dict[str, Any], document: Document) -> list[Change]:
    """The overrides of one arm or variant, which stands at `root`; its keys may be dotted."""
    found: list[Change] = []
    for key, value in changes.items():
        path: Path = split(key)
        places: dict[Path, Place] = {path: Place("", root)}
        for written, place in document.places.items():
            if written[: len(root) + 1] == (*root, key):
                below = written[len(root) + 1 :]
                places[(*path, *below)] = Place(place.at, place.prefix + root)
        found.append((path, value, places))
    return found


class _Merger:
    """A copy of a document into which values are put."""

    def __init__(self, base: Document) -> None:
        self.content = deepcopy(base.content)
        self.places = dict(base.places)

    def put(self, path: Path, value: Any, places: dict[Path, Place]) -> None:
        """Put a value at a path and note where it was written."""
        around: Any = self.content
        at: Path = ()
        for number, key in enumerate(path[:-1]):
            around, at = self._step(around, at, key, path[: number + 2], places)
        key = self._key(around, at, path[-1], places.get(path, Place()), path)
        at = (*at, key)
        old = around[key] if isinstance(around, list) else around.get(key)
        if key == "kind" and stage_of(at[:-1]) and value != old:
            # another component: the settings of the old one go
            kept, self.places = self.places.get(at[:-1]), _without(self.places, at[:-1])
            around.clear()
            if kept:
                self.places[at[:-1]] = kept
        moved = {
            (*at, *written[len(path) :]): place for written, place in places.items() if written[: len(path)] == path
        }
        around[key] = self._merged(old, value, at, moved)

    def _step(self, around: Any, at: Path, key: Any, path: Path, places: dict[Path, Place]) -> tuple[Any, Path]:
        place = next(iter(places.values()), Place())
        key = self._key(around, at, key, place, path[:-1])
        below = around[key] if isinstance(around, list) else around.get(key)
        if not isinstance(below, dict | list):
            below = around[key] = [] if not at and key in LISTS else {}
            self.places.setdefault((*at, key), place)
        return below, (*at, key)

    def _key(self, around: Any, at: Path, key: Any, place: Place, path: Path) -> Any:
        if not isinstance(around, list):
            return key
        if str(key).isdecimal() and int(key) < len(around):
            return int(key)
        there = f"it has {len(around)} (0 to {len(around) - 1})" if around else "it is empty"
        raise ScenarioError(
            [(place.words(path), f"{dotted(at)} is a list: name one of its entries by number; {there}")]
        )

    def _merged(self, old: Any, new: Any, path: Path, places: dict[Path, Place]) -> Any:
        new, places = _long_form(new, path, places)
        same = isinstance(old, dict) and isinstance(new, dict) and new.get("kind", old.get("kind")) == old.get("kind")
        if same:
            for key, value in new.items():
                old[key] = self._merged(old.get(key), value, (*path, key), places)
            if path not in self.places and path in places:
                self.places[path] = places[path]
            return old
        self.places = _without(self.places, path)
        self.places.update(places_below(places, path))
        return deepcopy(new)


def _long_form(value: Any, path: Path, places: dict[Path, Place]) -> tuple[Any, dict[Path, Place]]:
    """`ranking: content` as `ranking: {kind: content}`; likewise the entries of a list of components."""
    if isinstance(value, str) and stage_of(path):
        places = {**places, (*path, "kind"): places[path]} if path in places else places
        return {"kind": value}, places
    if isinstance(value, list) and len(path) == 1 and path[0] in LISTS:
        entries = []
        for number, entry in enumerate(value):
            entry, places = _long_form(entry, (*path, number), places)
            entries.append(entry)
        return entries, places
    return value, places


def places_below(places: dict[Path, Place], path: Path) -> dict[Path, Place]:
    """The places at and below a path."""
    return {written: place for written, place in places.items() if written[: len(path)] == path}


def _without(places: dict[Path, Place], path: Path) -> dict[Path, Place]:
    return {written: place for written, place in places.items() if written[: len(path)] != path}
