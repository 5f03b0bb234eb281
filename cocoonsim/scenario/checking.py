"""Components' settings as frozen pydantic models: made from the declarations, strict, and refusing what they do not know."""

from __future__ import annotations

import types
from collections.abc import Mapping
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, Strict, ValidationError, create_model
from pydantic_core import PydanticCustomError

from cocoonsim.core.component import Component, SettingInfo, settings_of
from cocoonsim.core.setting import About
from cocoonsim.scenario.problems import Path, Problem
from cocoonsim.scenario.words import in_words, unknown_key

_CONFIG = ConfigDict(
    extra="forbid", frozen=True, arbitrary_types_allowed=True, validate_default=False, protected_namespaces=()
)


def model_of(cls: type[Any]) -> type[BaseModel]:
    """The pydantic model of a class whose fields are declared with `setting`: built on first use, kept per class."""
    if cls not in _models:
        _models[cls] = _model(cls)
    return _models[cls]


_models: dict[type[Any], type[BaseModel]] = {}


def _model(cls: type[Any]) -> type[BaseModel]:
    # Fields are called field_0, ... with the setting as their alias, so that a setting may be called `copy` or `json`.
    fields: dict[str, Any] = {
        f"field_{number}": (
            strict(info.type, info.about),
            Field(info.default, alias=info.name, description=info.about.help),
        )
        for number, info in enumerate(settings_of(cls))
    }
    return create_model(cls.__name__, __config__=_CONFIG, **fields)


def strict(hint: Any, about: About) -> Any:
    """A type hint made strict and given its range: no text for a number, no truth value for a number, no 2.5 for an int.

    Whole numbers are fine where a number is wanted. Ranges and choices hold for each number or word in a list. A component
    is a mapping with its kind, which has been checked before.
    """
    if hint is Component:
        return dict[str, Any]
    if hint is bool:
        return Annotated[bool, Strict()]
    if hint in (int, float):
        number: Any = Annotated[hint, Strict(), Field(ge=about.low, le=about.high, gt=about.above, lt=about.below)]
        if hint is float:
            number = Annotated[number, Field(allow_inf_nan=False)]
        return _one_of(number, about)
    if hint is str:
        return _one_of(Annotated[str, Strict()], about)
    origin, parts = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return strict(parts[0], about)
    if origin in (Union, types.UnionType):
        return Union[tuple(strict(part, about) for part in parts)]  # noqa: UP007 - the members are known at run time only
    if origin is None or origin is Literal or not parts:
        return hint
    return origin[tuple(part if part is Ellipsis else strict(part, about) for part in parts)]


def _one_of(hint: Any, about: About) -> Any:
    def check(value: Any) -> Any:
        if value not in about.choices:
            raise PydanticCustomError("choice", "not one of the choices")
        return value

    return Annotated[hint, AfterValidator(check)] if about.choices else hint


def check_settings(
    cls: type[Any], given: Mapping[str, Any], path: Path, who: str
) -> tuple[dict[str, Any], list[Problem]]:
    """All settings of a class with the given values, and what is wrong with those (then the settings are of no use)."""
    model = model_of(cls)
    infos = {info.name: info for info in settings_of(cls)}
    try:
        checked = model.model_validate(dict(given))
    except ValidationError as error:
        return {}, _problems(error, infos, given, path, who)
    # not model_dump: it would turn values into what JSON knows, and they are right as they are
    return {info.name: getattr(checked, f"field_{number}") for number, info in enumerate(infos.values())}, []


def _problems(
    error: ValidationError, infos: dict[str, SettingInfo], given: Mapping[str, Any], path: Path, who: str
) -> list[Problem]:
    found: dict[Path, Problem] = {}
    for detail in error.errors(include_url=False, include_context=False):
        name = str(detail["loc"][0])
        if detail["type"] == "extra_forbidden":
            found[(name,)] = Problem((*path, name), unknown_key(name, infos, who))
        elif detail["type"] == "missing" and len(detail["loc"]) == 1:
            about = infos[name].about
            found[(name,)] = Problem(path, f"{who} needs the setting {name!r} ({about.help})")
        else:
            at, value = _walk(given, detail["loc"])
            # one sentence for a value, however many members of a union have refused it
            found.setdefault(at, Problem((*path, *at), in_words(infos[name], len(at) > 1, str(detail["type"]), value)))
    return list(found.values())


def _walk(given: Any, loc: tuple[int | str, ...]) -> tuple[Path, Any]:
    """As much of pydantic's `loc` as leads through the given values (it also names members of unions), and the value."""
    at: Path = ()
    for key in loc:
        inside = range(len(given)) if isinstance(given, list | tuple) else given if isinstance(given, Mapping) else ()
        if key in inside:
            at, given = (*at, key), given[key]
    return at, given
