"""What a component says of itself: read from its docstring, its settings and its traits, for lists, help and docs."""

from __future__ import annotations

import inspect
import re
import sys
from dataclasses import dataclass

from cocoonsim.core.component import Component, SettingInfo, settings_of


@dataclass(frozen=True)
class Description:
    """What a component says of itself, taken from its file's docstring, settings and traits."""

    stage: str
    name: str
    summary: str
    text: str
    aliases: tuple[str, ...]
    source: str
    settings: tuple[SettingInfo, ...]
    traits: dict[str, bool]
    needs: tuple[str, ...]


def describe(cls: type[Component]) -> Description:
    """Read a component's docstring (of its class, else of its file) and settings."""
    own = cls.__dict__.get("__doc__") or ""
    generated = own.startswith(f"{cls.__name__}(")  # what dataclass writes when there is no docstring
    text = inspect.cleandoc((own if own and not generated else sys.modules[cls.__module__].__doc__) or "")
    return Description(
        stage=cls.stage,
        name=cls.name,
        summary=" ".join(text.partition("\n\n")[0].split()),
        text=text,
        aliases=tuple(part.strip(" .") for part in _labelled(text, "Also known as").split(",") if part.strip(" .")),
        source=_labelled(text, "Source"),
        settings=tuple(settings_of(cls)),
        traits={
            name: value
            for base in reversed(cls.__mro__)
            for name, value in vars(base).items()
            if isinstance(value, bool) and not name.startswith("_") and name not in {s.name for s in settings_of(cls)}
        },
        needs=tuple(sorted(cls.needs)),
    )


def _labelled(text: str, label: str) -> str:
    """The paragraph or line block that begins with `label:`."""
    match = re.search(rf"^{label}:\s*(.+?)(?=^\S[^:\n]{{0,40}}:\s|\n\n|\Z)", text, re.DOTALL | re.MULTILINE)
    return " ".join(match.group(1).split()) if match else ""
