"""The JSON Schema accepts what the reader accepts and refuses what it refuses."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from cocoonsim.core.component import find, settings_of
from cocoonsim.scenario import Scenario, ScenarioError, schema
from cocoonsim.scenario.merging import DEFAULTS, LISTS

SCHEMA = schema()

GOOD: list[dict[str, Any]] = [
    {},
    {"ranking": "shuffled", "steps": 3},
    {"population": {"kind": "uniform", "users": 30, "concentration": 1}},
    {"population": {"kind": "uniform", "users": "=catalogue.items"}},
    {"metrics": "all", "record": {"events": "sample 0.1"}},
    {"compare": {"against": "a", "arms": {"a": None, "b": {"ranking": "shuffled", "choice.outside": 1}}}},
    Scenario.from_dict({}).expand(),
    {
        "expect": {
            "checks": [{"claim": "It ends", "of": "steps", "in": "a", "exact": 50, "with": {}}],
            "variants": {"a": None},
        }
    },
    {
        "expect": {
            "seeds": 3,
            "checks": [{"claim": "x", "of": "steps", "above": 1, "known difference": "why"}],
            "figures": [{"of": "opinion_variance", "kind": "time"}],
        }
    },
]
BAD: list[dict[str, Any]] = [
    {"rankin": "content"},
    {"ranking": "contnt"},
    {"ranking": 3},
    {"steps": 0},
    {"steps": 2.5},
    {"title": 3},
    {"population": {"users": 30}},
    {"population": {"kind": "uniform", "users": 0}},
    {"population": {"kind": "uniform", "user": 3}},
    {"catalogue": {"kind": "topic_mix", "concentration": 0}},
    {"catalogue": {"kind": "topic_mix", "leaning": 1.5}},
    {"population": {"kind": "uniform", "users": "300"}},
    {"population": {"kind": "uniform", "users": True}},
    {"metrics": []},
    {"interventions": {}},
    {"record": {"evry": 1}},
    {"compare": {"arms": {"a": 3}}},
    {"expect": {"checks": [{"claim": "x", "off": "steps", "exact": 1}]}},
    {"expect": {"checks": [{"claim": "x", "of": "steps", "exact": "1"}]}},
    {"expect": {"checks": [{"claim": "x", "of": "steps", "exact": 1, "tier": "slow"}]}},
    {"expect": {"seeds": 0, "checks": [{"claim": "x", "of": "steps", "exact": 1}]}},
    {"expect": {"variants": {}}},
]


def accepts(part: dict[str, Any], value: Any) -> bool:
    """A plain reading of JSON Schema, for the words that our schema uses (asserted below)."""
    if "$ref" in part and not accepts(SCHEMA["$defs"][part["$ref"].removeprefix("#/$defs/")], value):
        return False
    if "anyOf" in part and not any(accepts(one, value) for one in part["anyOf"]):
        return False
    if "oneOf" in part and sum(accepts(one, value) for one in part["oneOf"]) != 1:
        return False
    if ("const" in part and value != part["const"]) or ("enum" in part and value not in part["enum"]):
        return False
    if "type" in part and not any(is_a(kind, value) for kind in _list(part["type"])):
        return False
    if isinstance(value, int | float) and not isinstance(value, bool):
        low, high = part.get("minimum", value), part.get("maximum", value)
        above, below = part.get("exclusiveMinimum", value - 1), part.get("exclusiveMaximum", value + 1)
        return bool(low <= value <= high and above < value < below)
    if isinstance(value, str):
        return "pattern" not in part or re.search(part["pattern"], value) is not None
    if isinstance(value, list):
        items = [*part.get("prefixItems", [])]
        rest = value[len(items) :]
        return (
            part.get("minItems", 0) <= len(value) <= part.get("maxItems", len(value))
            and all(accepts(one, entry) for one, entry in zip(items, value, strict=False))
            and all(accepts(part.get("items", {}), entry) for entry in rest)
        )
    if isinstance(value, dict):
        known, other = part.get("properties", {}), part.get("additionalProperties", True)
        return (
            all(key in value for key in part.get("required", []))
            and part.get("minProperties", 0) <= len(value)
            and all(
                accepts(known[key], entry)
                if key in known
                else other is not False and (other is True or accepts(other, entry))
                for key, entry in value.items()
            )
        )
    return True


def is_a(kind: str, value: Any) -> bool:
    """JSON's types: a truth value is no number, 3.0 is an integer."""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return {
        "object": isinstance(value, dict),
        "array": isinstance(value, list),
        "string": isinstance(value, str),
        "boolean": isinstance(value, bool),
        "null": value is None,
        "number": number,
        "integer": number and float(value).is_integer(),
    }[kind]


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def words(part: Any, properties: bool = False) -> set[str]:
    """Every keyword of a schema (not the names of properties)."""
    if isinstance(part, list):
        return set().union(*(words(one) for one in part)) if part else set()
    if not isinstance(part, dict):
        return set()
    found = set() if properties else set(part)
    for key, below in part.items():
        if properties or key not in ("default", "const", "enum"):
            found |= words(below, properties=not properties and key in ("properties", "$defs"))
    return found


def test_it_uses_only_words_that_are_checked_here() -> None:
    checked = {"$ref", "anyOf", "oneOf", "const", "enum", "type", "minimum", "maximum", "exclusiveMinimum"}
    checked |= {"exclusiveMaximum", "pattern", "prefixItems", "minItems", "maxItems", "items", "properties", "required"}
    checked |= {"additionalProperties", "minProperties"}
    said = {"$schema", "$defs", "title", "description", "default"}
    assert words(SCHEMA) <= checked | said


@pytest.mark.parametrize("scenario", GOOD, ids=str)
def test_good_ones_are_accepted(scenario: dict[str, Any]) -> None:
    Scenario.from_dict(scenario)
    assert accepts(SCHEMA, scenario)


@pytest.mark.parametrize("scenario", BAD, ids=str)
def test_bad_ones_are_refused(scenario: dict[str, Any]) -> None:
    with pytest.raises(ScenarioError):
        Scenario.from_dict(scenario)
    assert not accepts(SCHEMA, scenario)


def test_every_component_and_setting_is_there_with_its_help() -> None:
    assert json.loads(json.dumps(SCHEMA)) == SCHEMA
    for part in (*DEFAULTS, *LISTS):
        assert part in SCHEMA["properties"]
        stage = "ranking" if part == "control" else part
        for name, cls in find(stage).items():
            one = SCHEMA["$defs"][f"{stage}.{name}"]
            assert one["description"]
            assert one["additionalProperties"] is False
            assert {"$ref": f"#/$defs/{stage}.{name}"} in SCHEMA["$defs"][stage]["anyOf"]
            for info in settings_of(cls):
                said = one["properties"][info.name]
                assert said["description"].startswith(info.about.help)
                assert (info.name in one["required"]) == (info.default is ...)


def test_the_official_validator_agrees() -> None:
    jsonschema = pytest.importorskip("jsonschema")
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    validator = jsonschema.Draft202012Validator(SCHEMA)
    assert all(validator.is_valid(scenario) for scenario in GOOD)
    assert not any(validator.is_valid(scenario) for scenario in BAD)
