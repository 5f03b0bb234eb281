"""Which instances of a component are tried: as it comes, with small numbers, with tiny data, or as its `examples` say.

Tiny worlds have 64 items, so a sample of 200 of them is all of them, and the drawing is never tried. Hence every component
is tried a second time with its whole-number settings cut down, and once for each other word that a setting may be. A
component with the setting `path` is given a tiny folder of data in the layouts that ours read. One that cannot be made
like this says itself how to try it:

    @classmethod
    def examples(cls, folder: Path) -> list[Self]:
        \"\"\"Instances for the promises; files they read are written to `folder` first.\"\"\"

A network for a certain number of users, or a population for a certain number of topics, says so as `example_users` or
`example_topics`.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

from cocoonsim.core.component import Component, SettingInfo, settings_of
from cocoonsim.core.errors import UserError
from cocoonsim.testing.data import LABEL, write_tiny_data

SMALL = 5
"""What whole-number settings are cut down to, where their range allows it."""


def samples_of(component: Component | type[Component], folder: Path, settings: dict[str, Any]) -> list[Component]:
    """The instances to try. Raises UserError when the class cannot be made without being told how."""
    if isinstance(component, Component):
        return [_with(component, settings)]
    if settings:
        return [component(**settings)]
    examples = getattr(component, "examples", None)
    if examples is not None:
        return list(examples(folder))
    missing = [info.name for info in settings_of(component) if info.default is ...]
    if missing:
        raise UserError(
            f"{component.__name__} has no default for {', '.join(missing)}: give `check` the settings, "
            "or the class a classmethod examples(folder)"
        )
    if any(info.name == "path" and info.default == "" for info in settings_of(component)):
        data = str(write_tiny_data(folder))
        labelled = any(info.name == "label" for info in settings_of(component))
        return [component(**given) for given in ({"path": data}, {"path": data, "label": LABEL})[: 1 + labelled]]
    first = component()
    small = _small(first)
    return [first, *([small] if small != first else []), *_other_words(first)]


def _with(component: Component, settings: dict[str, Any]) -> Component:
    """The component with some settings changed; every component is a dataclass, though the type does not say so."""
    changed: Component = dataclasses.replace(component, **settings)  # type: ignore[type-var]
    return changed


def _small(component: Component) -> Component:
    """The component with its large whole numbers cut down, as far as they go together."""
    small = component
    for info in settings_of(type(component)):
        if _is_large(info):
            tried = _with(small, {info.name: SMALL})
            if not tried.problems():
                small = tried
    return small


def _other_words(component: Component) -> list[Component]:
    """The component with each other word of its `choices`, and each yes for a no."""
    others = []
    for info in settings_of(type(component)):
        words = info.about.choices or ((True, False) if info.type is bool else ())
        for word in words:
            if word != info.default:
                tried = _with(component, {info.name: word})
                if not tried.problems():
                    others.append(tried)
    return others


def _is_large(info: SettingInfo) -> bool:
    """A whole number above `SMALL` that may as well be `SMALL`; a time (`start`, `stop`) is no amount."""
    about = info.about
    if info.type is not int or isinstance(info.default, bool) or about.unit == "step":
        return False
    if about.low is not None and about.low > SMALL:
        return False
    return bool(info.default > SMALL)
