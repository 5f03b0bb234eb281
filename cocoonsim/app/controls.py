"""Sliders, menus and boxes made from what components say of their settings, and back again to `key=value`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from dash import dcc, html

from cocoonsim.core.component import SettingInfo, find, settings_of
from cocoonsim.core.describing import describe
from cocoonsim.core.setting import About

MOST_STOPS = 200
"""A whole number with more values than this gets a box, not a slider."""


def dashed(**attributes: str) -> Any:
    """Attributes with a dash in their name.

    >>> dashed(aria_label="Play")
    {'aria-label': 'Play'}
    """
    return {name.replace("_", "-"): value for name, value in attributes.items()}


def words(name: str) -> str:
    """A name for people.

    >>> words("maximal_marginal")
    'maximal marginal'
    """
    return name.replace("_", " ")


def kinds(stage: str) -> list[dict[str, Any]]:
    """The options of a menu of components, each with its idea as a hint."""
    return [{"label": words(name), "value": name, "title": describe(cls).summary} for name, cls in find(stage).items()]


def settings(where: str, path: str, stage: str, spec: Mapping[str, Any]) -> list[Any]:
    """A control for every setting of a component. `where` is a place on the page, `path` one in a scenario."""
    if spec["kind"] not in find(stage):
        return [html.P(f"{spec['kind']} comes from outside and is set in its file.", className="help")]
    cls = find(stage)[spec["kind"]]
    idea = html.P(describe(cls).summary, className="idea")
    return [
        idea,
        *(_setting(where, f"{path}.{info.name}", info, spec.get(info.name, info.default)) for info in settings_of(cls)),
    ]


def _setting(where: str, path: str, info: SettingInfo, value: Any) -> html.Div:
    about = info.about
    unit = f" ({about.unit})" if about.unit not in ("", info.name) else ""
    allowed = f" Allowed: {about.range()}." if about.range() and not about.choices else ""
    control = _control({"type": "setting", "where": where, "path": path}, info, value)
    return labelled(f"{where}-{path}".replace(".", "-"), words(info.name) + unit, control, f"{about.help}.{allowed}")


def labelled(name: str, label: str, control: Any, help_: str = "") -> html.Div:
    """A control with its name and what it means, which a screen reader tells together."""
    below = [html.Div(help_, id=f"{name}-help", className="help")] if help_ else []
    if isinstance(control, dcc.Input):
        return html.Div([html.Label([html.Span(label, className="label"), control]), *below], className="setting")
    about = f"{name}-label {name}-help" if help_ else f"{name}-label"
    group = html.Div(control, role="group", className="control", **dashed(aria_labelledby=about))
    return html.Div([html.Div(label, id=f"{name}-label", className="label"), group, *below], className="setting")


def _control(at: dict[str, str], info: SettingInfo, value: Any) -> Any:
    about = info.about
    if about.choices and info.type in (str, int, float):
        return dcc.Dropdown([{"label": words(str(one)), "value": one} for one in about.choices], value, id=at,
                            clearable=False, searchable=False)  # fmt: skip
    if info.type is bool:
        return dcc.RadioItems(
            [{"label": "yes", "value": True}, {"label": "no", "value": False}], value, id=at, inline=True
        )
    stops = _stops(info.type, about)
    if stops and isinstance(value, int | float):
        low, high, step = stops
        return dcc.Slider(low, high, step, value=value, id=at, marks=None, updatemode="mouseup",
                          tooltip={"placement": "bottom"})  # fmt: skip
    return box(at, as_text(value))


def box(at: Any, value: str) -> dcc.Input:
    """A box to type in. It takes any text: what is wrong with a value is said in words when it is used."""
    return dcc.Input(value=value, id=at, type="text", debounce=True, className="box", autoComplete="off")


def _stops(kind: Any, about: About) -> tuple[float, float, float] | None:
    """Lowest, highest and step of a slider; None where a slider makes no sense."""
    low, high = (
        (about.low if about.low is not None else about.above),
        (about.high if about.high is not None else about.below),
    )
    if kind not in (int, float) or low is None or high is None or (kind is int and high - low > MOST_STOPS):
        return None
    if high - low > 1000:
        return None
    step = 1 if kind is int else _round_step(high - low)
    low = low + step if about.above is not None and about.low is None else low
    high = high - step if about.below is not None and about.high is None else high
    return low, high, step


def _round_step(span: float) -> float:
    return 0.01 if span <= 2 else 0.1 if span <= 20 else 1


def as_text(value: Any) -> str:
    """A value as one types it.

    >>> as_text(None), as_text(0.5), as_text((1, 2)), as_text("topic")
    ('', '0.5', '[1, 2]', 'topic')
    """
    if value is None or value is ...:
        return ""
    return value if isinstance(value, str) else json.dumps(value, default=list)


def as_sets(values: Iterable[tuple[str, Any]], now: Mapping[str, Any]) -> list[str]:
    """`key=value` for what differs from what is `now`; text from a box is taken as it was typed.

    >>> as_sets([("a.x", 0.5), ("a.y", "[1, 2]"), ("a.z", 3)], {"a.x": 0.2, "a.y": (1, 2), "a.z": 3})
    ['a.x=0.5']
    """
    found = []
    for path, value in values:
        typed = value if isinstance(value, str) else as_text(value)
        if value is not None and typed.strip() != as_text(now.get(path)):
            found.append(f"{path}={json.dumps(value) if not isinstance(value, str) else _one_line(value)}")
    return found


def _one_line(text: str) -> str:
    return " ".join(text.split()) or '""'
