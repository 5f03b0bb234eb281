"""`list` and `explain`: what there is, straight from the docstrings and settings of the components."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

from cocoonsim.cli.console import console, table
from cocoonsim.cli.handbook import handbook
from cocoonsim.cli.runs import Plugins
from cocoonsim.core.component import STAGES, SettingInfo, allow_plugin, base_of, find
from cocoonsim.core.describing import Description, describe
from cocoonsim.core.errors import UserError, did_you_mean


def list_(
    what: Annotated[
        str | None, typer.Argument(metavar="[STAGE|WORD]", help="A stage, or a word in a name, alias or summary.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
    as_markdown: Annotated[bool, typer.Option("--markdown", help="Print a page for the documentation.")] = False,
    plugin: Plugins = None,
) -> None:
    """List the components that a scenario can name.

    \b
    cocoonsim list              all of them, stage by stage
    cocoonsim list ranking      one stage
    cocoonsim list knn          by any name it is known under
    """
    for extra in plugin or []:
        allow_plugin(extra)
    found = _matching(what)
    if as_markdown:
        typer.echo(handbook(found), nl=False)
        return
    if as_json:
        typer.echo(json.dumps([_as_json(about) for about in found], indent=2, ensure_ascii=False))
        return
    for stage in dict.fromkeys(about.stage for about in found):
        console().print(f"{stage}: {_first_line(base_of(stage).__module__)}")
        rows = [
            (f"  {about.name}", about.summary + (f" [{', '.join(about.aliases)}]" if about.aliases else ""))
            for about in found
            if about.stage == stage
        ]
        table(("", ""), rows)


def explain(
    component: Annotated[
        str, typer.Argument(metavar="COMPONENT", help="A component, e.g. popularity or ranking.mixture.")
    ],
    plugin: Plugins = None,
) -> None:
    """Explain a component: the idea, where it comes from, its settings, and how a scenario names it.

    \b
    cocoonsim explain content
    cocoonsim explain network.none      where several stages have one of that name
    """
    for extra in plugin or []:
        allow_plugin(extra)
    for number, about in enumerate(_named(component)):
        if number:
            console().rule()
        _print(about)


def _everything() -> list[Description]:
    return [describe(cls) for stage in STAGES for cls in find(stage).values()]


def _plain(text: str) -> str:
    return text.lower().replace("_", " ").replace("-", " ")


def _matching(what: str | None) -> list[Description]:
    """Components of a stage or with a word; UserError when there are none."""
    everything = _everything()
    if what is None:
        return everything
    if what in STAGES:
        return [about for about in everything if about.stage == what]
    word = _plain(what)
    named = [about for about in everything if any(word in _plain(name) for name in (about.name, *about.aliases))]
    found = named or [about for about in everything if word in _plain(about.summary)]
    if not found:
        raise UserError(f"nothing is called {what!r}; {_near(what, everything)}")
    return found


def _named(component: str) -> list[Description]:
    """The components of this name (of a stage, with a dot), else those with this alias; UserError when there are none."""
    everything = _everything()
    stage, dot, name = component.rpartition(".")
    here = [about for about in everything if not dot or about.stage == stage]
    found = [about for about in here if about.name == name]
    found = found or [about for about in here if _plain(name) in [_plain(alias) for alias in about.aliases]]
    if component in STAGES:
        raise UserError(f"{component!r} is a stage; see its components with: cocoonsim list {component}")
    if not found:
        raise UserError(f"no component is called {component!r}; {_near(component, everything)}")
    return found


def _near(word: str, everything: list[Description]) -> str:
    names = [about.name for about in everything] + [alias for about in everything for alias in about.aliases]
    hint = did_you_mean(word, [*names, *STAGES])
    return hint if hint.startswith("did") else "see `cocoonsim list`"


def _first_line(module: str) -> str:
    import sys

    return (sys.modules[module].__doc__ or "").strip().splitlines()[0]


def _as_json(about: Description) -> dict[str, Any]:
    return {
        "stage": about.stage,
        "name": about.name,
        "summary": about.summary,
        "aliases": list(about.aliases),
        "source": about.source,
        "traits": about.traits,
        "needs": list(about.needs),
        "settings": [
            {
                "name": info.name,
                "default": None if info.default is ... else info.default,
                "required": info.default is ...,
                "range": info.about.range(),
                "unit": info.about.unit,
                "help": info.about.help,
            }
            for info in about.settings
        ],
    }


def _print(about: Description) -> None:
    out = console()
    out.print(f"{about.stage}: {about.name}\n", style="bold")
    out.print(f"{about.text}\n")
    if about.settings:
        rows = [
            (info.name, _yaml(info), info.about.range(), info.about.unit, info.about.help) for info in about.settings
        ]
        table(("setting", "default", "allowed", "unit", "meaning"), rows)
    else:
        out.print("It has no settings.")
    if about.traits:
        out.print(
            "\nTraits: " + ", ".join(f"{name}: {'yes' if value else 'no'}" for name, value in about.traits.items())
        )
    if about.needs:
        out.print(f"Needs: {', '.join(about.needs)}")
    out.print("\nIn a scenario:\n")
    listed = about.stage in ("interventions", "metrics")
    lines = [f"kind: {about.name}", *(f"{info.name}: {_yaml(info)}" for info in about.settings)]
    first, rest = ("  - ", "    ") if listed else ("  ", "  ")
    out.print(f"{about.stage}:")
    for number, line in enumerate(lines):
        out.print((rest if number else first) + line, soft_wrap=True)


def _yaml(info: SettingInfo) -> str:
    """The default as it would stand in YAML; `(required)` where there is none."""
    if info.default is ...:
        return "(required)"
    default = list(info.default) if isinstance(info.default, tuple) else info.default
    if isinstance(default, str):
        return default or "''"
    return json.dumps(default)
