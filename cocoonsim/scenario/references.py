"""References: `"=catalogue.path"` means "the same as that setting", written or by default."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

from cocoonsim.core.component import find, settings_of
from cocoonsim.core.errors import did_you_mean
from cocoonsim.scenario.head import CHANGES, TEXTS, Head, Record
from cocoonsim.scenario.merging import DEFAULTS, LISTS, split, stage_of
from cocoonsim.scenario.problems import Path, Problem


class _LeadsNowhereError(Exception):
    """Why a reference leads nowhere."""


def resolve(content: dict[str, Any]) -> tuple[dict[str, Any], list[Problem]]:
    """The content with every reference replaced by the value it names; and those that name nothing or each other."""
    problems: list[Problem] = []
    resolved = {
        key: value if key in (*TEXTS, *CHANGES) else _replaced(value, (key,), content, problems)
        for key, value in content.items()
    }
    return resolved, problems


def _replaced(value: Any, path: Path, content: dict[str, Any], problems: list[Problem]) -> Any:
    if isinstance(value, dict):
        return {key: _replaced(part, (*path, key), content, problems) for key, part in value.items()}
    if isinstance(value, list):
        return [_replaced(part, (*path, number), content, problems) for number, part in enumerate(value)]
    if not is_reference(value):
        return value
    try:
        return _follow(value, content, ())
    except _LeadsNowhereError as error:
        problems.append(Problem(path, str(error)))
        return None


def is_reference(value: Any) -> bool:
    """Whether a value is the name of another setting."""
    return isinstance(value, str) and value.startswith("=")


def _follow(reference: str, content: dict[str, Any], trail: tuple[str, ...]) -> Any:
    if reference in trail:
        circle = " -> ".join((*trail[trail.index(reference) :], reference))
        raise _LeadsNowhereError(f"references go round in a circle: {circle}")
    found = _named(split(reference[1:]), reference, content)
    if is_reference(found):
        return _follow(found, content, (*trail, reference))
    return found


def _named(keys: tuple[str, ...], reference: str, content: dict[str, Any]) -> Any:
    around: Any = content
    path: Path = ()
    for key in keys:
        if isinstance(around, list) and key.isdecimal() and int(key) < len(around):
            path, around = (*path, int(key)), around[int(key)]
        elif isinstance(around, dict) and key in around and key not in (*TEXTS, *CHANGES):
            path, around = (*path, key), around[key]
        else:
            known = _known(path, around)
            if key not in known:
                raise _LeadsNowhereError(f"{reference} names no setting; {did_you_mean(key, known)}")
            path, around = (*path, key), known[key]()
    if isinstance(around, dict | list) and (not path or stage_of(path) or (path[0] in LISTS and len(path) == 1)):
        raise _LeadsNowhereError(f"{reference} names a whole part; name one of its settings, e.g. {reference}.kind")
    return around


def _known(path: Path, around: Any) -> dict[str, Callable[[], Any]]:
    """What may be named at this place, with what it is when it is not written."""
    if not path:
        heads = {field.name: _constant(field.default) for field in dataclasses.fields(Head) if field.name not in TEXTS}
        return {**dict.fromkeys((*DEFAULTS, "record"), dict), **dict.fromkeys(LISTS, list), **heads}
    if path == ("record",):
        return {field.name: _constant(field.default) for field in dataclasses.fields(Record)}
    if stage := stage_of(path):
        kinds = find(stage)
        kind = around.get("kind") if isinstance(around, dict) else None
        if isinstance(kind, str) and kind in kinds:
            infos = settings_of(kinds[kind])
            return {info.name: _constant(info.default) for info in infos if info.default is not ...}
    if isinstance(around, dict | list):
        return {str(key): _constant(None) for key in (around if isinstance(around, dict) else range(len(around)))}
    return {}


def _constant(value: Any) -> Callable[[], Any]:
    return lambda: value
