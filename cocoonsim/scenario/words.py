"""What is wrong with a value, in plain words: what is allowed, and what was given."""

from __future__ import annotations

import types
from collections.abc import Iterable, Mapping
from typing import Any, Literal, Union, get_args, get_origin

from cocoonsim.core.component import SettingInfo
from cocoonsim.core.errors import did_you_mean

_KINDS = {
    int: ("a whole number", "whole numbers"),
    float: ("a number", "numbers"),
    bool: ("true or false", "true or false"),
    str: ("text", "texts"),
    type(None): ("null", "null"),
    dict: ("a mapping", "mappings"),
    list: ("a list", "lists"),
    tuple: ("a list", "lists"),
}
_RANGES = ("greater_than", "greater_than_equal", "less_than", "less_than_equal")


def shown(value: Any) -> str:
    """A value as an error message shows it, as it would stand in YAML.

    >>> shown(True), shown(None), shown("3"), shown({"a": 1})
    ('true', 'nothing', "the text '3'", 'a mapping')
    """
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f"the text {value if len(value) <= 40 else value[:37] + '...'!r}"
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, list | tuple):
        return f"a list of {len(value)}"
    return str(value)


def kind_in_words(hint: Any, many: bool = False) -> str:
    """A type hint in words.

    >>> kind_in_words(tuple[float, ...]), kind_in_words(int | None)
    ('a list of numbers', 'a whole number or null')
    """
    if hint in _KINDS:
        return _KINDS[hint][many]
    origin, parts = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return " or ".join(kind_in_words(part, many) for part in parts)
    if origin is Literal:
        return f"one of {', '.join(str(part) for part in parts)}"
    if origin is dict:
        return f"{'mappings' if many else 'a mapping'} of names to {kind_in_words(parts[1], many=True)}"
    if origin in (tuple, list):
        members = [part for part in parts if part is not Ellipsis]
        count = f"{len(members)} " if origin is tuple and Ellipsis not in parts else ""
        return f"{'lists' if many else 'a list'} of {count}{kind_in_words(members[0], many=True)}"
    return "a value"


def in_words(info: SettingInfo, inside: bool, problem: str, value: Any) -> str:
    """The sentence for a refused value of a setting; `inside` a list or mapping if not the value as a whole.

    `problem` is pydantic's name for it.
    """
    about, got = info.about, f"got {shown(value)}"
    if problem in _RANGES:
        return f"must be {about.range()}, {got}"
    if problem == "finite_number":
        return f"must be a finite number, {got}"
    if problem == "choice":
        words = [str(choice) for choice in about.choices]
        hint = did_you_mean(str(value), words)
        return f"must be one of {', '.join(words)}; {got}" + (f"; {hint}" if hint.startswith("did") else "")
    if problem in ("too_short", "too_long", "missing"):
        return f"must be {kind_in_words(info.type)}, {got}"
    hint = _leaf(info.type) if inside else info.type
    allowed = kind_in_words(hint)
    if about.choices:
        allowed = f"one of {about.range()}"
    elif limits := about.range():
        allowed = f"{allowed} ({limits})"
    return f"must be {allowed}, {got}{_remedy(hint, value)}"


def _leaf(hint: Any) -> Any:
    """The type inside lists and mappings."""
    parts = [part for part in get_args(hint) if part is not Ellipsis and part is not type(None)]
    if get_origin(hint) is dict:
        return _leaf(parts[1])
    return _leaf(parts[0]) if parts and get_origin(hint) is not Literal else hint


def _remedy(hint: Any, value: Any) -> str:
    wanted = set(get_args(hint)) if get_origin(hint) in (Union, types.UnionType) else {hint}
    if isinstance(value, str) and wanted & {int, float} and _is_number(value):
        return "; write it without quotes"
    if isinstance(value, float) and int in wanted and value.is_integer():
        return f"; write {int(value)}"
    if isinstance(value, str) and bool in wanted and value.lower() in ("yes", "on", "y"):
        return "; write true"
    if isinstance(value, str) and bool in wanted and value.lower() in ("no", "off", "n"):
        return "; write false"
    if isinstance(value, bool | int | float) and hint is str:
        return "; write it in quotes"
    return ""


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def unknown_key(name: str, known: Iterable[str], who: str) -> str:
    """The sentence for a key that is not known."""
    known = list(known)
    return f"{who} has no setting {name!r}; " + (did_you_mean(name, known) if known else "it has no settings")
