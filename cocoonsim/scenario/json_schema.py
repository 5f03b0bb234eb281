"""The JSON Schema of scenario files, from which editors complete, explain and check while one types."""

from __future__ import annotations

from typing import Any

from cocoonsim.core.component import find, settings_of
from cocoonsim.core.describing import describe
from cocoonsim.scenario.checking import model_of
from cocoonsim.scenario.expectations import PLAIN, Check, Picture, spoken
from cocoonsim.scenario.head import Answer, Head, Record
from cocoonsim.scenario.merging import DEFAULTS, LISTS, stage_of

_REFERENCE = {
    "type": "string",
    "pattern": "^=[^=]",
    "description": "The same as another setting, e.g. =catalogue.items",
}


def schema() -> dict[str, Any]:
    """A JSON Schema (draft 2020-12) of scenario files with everything that `find` finds, plug-ins included."""
    definitions: dict[str, Any] = {"reference": _REFERENCE}
    parts = {part: stage_of((part,)) for part in DEFAULTS}
    for stage in dict.fromkeys([*parts.values(), *LISTS]):
        definitions |= _stage(stage)
    properties: dict[str, Any] = {**_settings(Head), "extends": _text("A scenario file that this one builds on")}
    for part, stage in parts.items():
        properties[part] = {"$ref": f"#/$defs/{stage}", "default": DEFAULTS[part]}
    properties["interventions"] = {"type": "array", "items": {"$ref": "#/$defs/interventions"}, "default": []}
    chosen = {"type": "array", "items": {"$ref": "#/$defs/metrics"}, "minItems": 1}
    properties["metrics"] = {"anyOf": [{"const": "all"}, chosen], "default": "all"}
    properties["record"] = _closed(_settings(Record), "What is kept of a run")
    answer = {**_closed(_settings(Answer), "A number that answers the question"), "required": ["of"]}
    properties["answer"] = {"anyOf": [{"type": "null"}, {"type": "array", "items": answer}]}
    properties["compare"] = {"anyOf": [{"type": "null"}, _compare()]}
    properties["expect"] = {"anyOf": [{"type": "null"}, _expect()]}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "cocoonsim scenario",
        **_closed(properties, "A scenario of cocoonsim"),
        "$defs": definitions,
    }


def _stage(stage: str) -> dict[str, Any]:
    """Definitions of a stage: the union by kind (or the name alone), and each of its components."""
    found = {name: (cls, describe(cls)) for name, cls in find(stage).items()}
    names = [{"const": name, "description": about.summary} for name, (_, about) in found.items()]
    outside = {
        "type": "string",
        "pattern": r"^[\w.]+:\w+$",
        "description": "A component of a plug-in: package.file:Class",
    }
    union = {
        "title": stage,
        "anyOf": [
            {"oneOf": names, "title": f"{stage}, by name"},
            *({"$ref": f"#/$defs/{stage}.{name}"} for name in found),
            {"anyOf": [outside, {"type": "object", "properties": {"kind": outside}, "required": ["kind"]}]},
        ],
    }
    definitions: dict[str, Any] = {stage: union}
    for name, (cls, about) in found.items():
        kind = {"const": name, "description": about.summary}
        required = ["kind", *(info.name for info in about.settings if info.default is ...)]
        one = _closed({"kind": kind, **_settings(cls, references=True)}, about.summary)
        definitions[f"{stage}.{name}"] = {"title": f"{stage}: {name}", **one, "required": required}
    return definitions


def _settings(cls: type[Any], references: bool = False) -> dict[str, Any]:
    """The properties of a class's settings."""
    made = model_of(cls).model_json_schema(by_alias=True)["properties"]
    found = {}
    for info in settings_of(cls):
        allowed = {
            key: value for key, value in made[info.name].items() if key not in ("title", "description", "default")
        }
        if info.about.part:  # a component: by name, or with its settings
            one: dict[str, Any] = {"$ref": f"#/$defs/{info.about.part}"}
            allowed = {"type": "array", "items": one} if allowed.get("type") == "array" else one
        if info.about.choices:
            leaf = allowed
            while leaf.get("type") == "array" and "items" in leaf:
                leaf = leaf["items"]
            leaf["enum"] = list(info.about.choices)
        words = info.about.help + (f" [{info.about.unit}]" if info.about.unit else "")
        found[info.name] = {
            "title": info.name.replace("_", " "),
            "description": words,
            **({"anyOf": [allowed, {"$ref": "#/$defs/reference"}]} if references else allowed),
        }
        if info.default is not ...:
            found[info.name]["default"] = _as_list(info.default)
    return found


def _as_list(value: Any) -> Any:
    return [_as_list(part) for part in value] if isinstance(value, tuple) else value


_ARM = {"type": ["object", "null"], "description": "What this one changes; keys may be dotted (influence.rate: 0)"}


def _compare() -> dict[str, Any]:
    arms = {"type": "object", "additionalProperties": _ARM, "minProperties": 1}
    against = _text("The arm with which the others are compared")
    return {
        **_closed({"against": against, "arms": arms}, "Arms that are played on the same draws"),
        "required": ["arms"],
    }


def _expect() -> dict[str, Any]:
    entries = {}
    for part, cls, needed in (("checks", Check, ["claim", "of"]), ("figures", Picture, ["of"])):
        fields = _settings(cls)
        one = _closed({key: fields[name] for key, name in spoken(cls).items()}, (cls.__doc__ or "").partition("\n")[0])
        entries[part] = {"type": "array", "items": {**one, "required": needed}}
    plain = _settings(PLAIN)
    variants = {"type": "object", "additionalProperties": _ARM}
    whole = _closed({**plain, "variants": variants, **entries}, "What should come out, and how it is judged")
    return {**whole, "required": ["checks"]}


def _closed(properties: dict[str, Any], description: str) -> dict[str, Any]:
    return {
        "description": description,
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
    }


def _text(description: str) -> dict[str, Any]:
    return {"type": "string", "description": description}
