"""The page of components as Markdown: everything that `list` and `explain` know, in one file for the documentation."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence

from cocoonsim.core.component import STAGES, SettingInfo, base_of
from cocoonsim.core.describing import Description

COMMAND = "cocoonsim list --markdown"
HEAD = f"""# Components

What a scenario can name, stage by stage, in the order in which a step plays them. This page is written by
`{COMMAND} > docs/components.md` from the docstrings and settings of the components: change those, not this page.
"""


def handbook(everything: Sequence[Description]) -> str:
    """All components, with what they do, their other names, sources and settings."""
    parts = [HEAD]
    for stage in STAGES:
        here = [about for about in everything if about.stage == stage]
        if not here:
            continue
        doc = sys.modules[base_of(stage).__module__].__doc__ or ""
        links = ", ".join(f"[{about.name}](#{stage}-{about.name})" for about in here)
        parts.append(f"## {stage}\n\n{' '.join(doc.partition(chr(10) + chr(10))[0].split())}\n\n{links}\n")
        parts += ["\n".join(_component(about)) for about in here]
    return "\n".join(parts)


def _component(about: Description) -> Iterator[str]:
    yield f'<a id="{about.stage}-{about.name}"></a>\n'
    yield f"### {about.name}\n"
    yield f"{about.text}\n"
    traits = [name.replace("_", " ") for name, value in about.traits.items() if value]
    if traits:
        yield f"Traits: {', '.join(traits)}.\n"
    if about.needs:
        yield f"Needs: {', '.join(f'`{need}`' for need in about.needs)}.\n"
    if about.settings:
        yield "| setting | default | allowed | meaning |\n|---|---|---|---|"
        yield from (_row(info) for info in about.settings)
        yield ""


def _row(info: SettingInfo) -> str:
    known = info.about
    default = "must be given" if info.default is ... else f"`{_plain(info.default)}`"
    meaning = known.help + (f" ({known.unit})" if known.unit else "")
    cells = (
        f"`{info.name}`",
        default,
        known.range() or (f"a component of {known.part}" if known.part else ""),
        meaning,
    )
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _plain(value: object) -> str:
    """A default as YAML would have it.

    >>> _plain(("content", "popularity")), _plain(True), _plain("")
    ('[content, popularity]', 'true', "''")
    """
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple | list):
        return f"[{', '.join(_plain(part) for part in value)}]"
    return "''" if value == "" else str(value)
