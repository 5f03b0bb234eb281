"""Python values as the plain ones that YAML knows."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from cocoonsim.scenario.problems import Path, dotted


def plain(value: Any, path: Path, problems: list[tuple[str, str]]) -> Any:
    """Mappings as dict with text keys, sequences as list, NumPy numbers as Python's; what is none of them is a problem."""
    if isinstance(value, Mapping):
        return {str(key): plain(part, (*path, str(key)), problems) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [plain(part, (*path, number), problems) for number, part in enumerate(value)]
    if value is None or type(value) in (bool, int, float, str):
        return value
    if isinstance(value, PurePath):
        return value.as_posix()
    if callable(tolist := getattr(value, "tolist", None)):  # NumPy's arrays and numbers
        return plain(tolist(), path, problems)
    problems.append(
        (dotted(path), f"a value of type {type(value).__name__} cannot stand in a scenario; use plain values")
    )
    return None
