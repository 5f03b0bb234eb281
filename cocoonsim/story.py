"""A scenario in words: what each part does, taken from the components' own docstrings and settings; how to run it again."""

from __future__ import annotations

import importlib
import io
from collections.abc import Mapping
from typing import Any

from cocoonsim.core.component import STAGES, find
from cocoonsim.core.describing import describe
from cocoonsim.page import Html, fill, joined, paragraphs, section, table


def parts_table(scenario: Mapping[str, Any]) -> Html:
    """A row for each part of a scenario: its task, what was chosen, what that does, its settings."""
    rows = []
    for stage in STAGES:
        if stage == "metrics":
            continue
        chosen = scenario.get(stage)
        for spec in chosen if isinstance(chosen, list) else [chosen]:
            if spec:
                rows.append(_part(stage, spec if isinstance(spec, Mapping) else {"kind": spec}))
    head = ("Part", "Chosen", "What it does, and its settings (bold: not the default)")
    return table("The parts of the scenario, in the order in which a step plays them", head, rows, labels=False)


def _part(stage: str, spec: Mapping[str, Any]) -> tuple[object, ...]:
    kind = str(spec.get("kind", ""))
    task = (importlib.import_module(f"cocoonsim.{stage}").__doc__ or "").partition("\n")[0]
    cls = find(stage).get(kind)
    told = describe(cls) if cls else None
    defaults = {one.name: one for one in told.settings} if told else {}
    items = []
    for name, value in spec.items():
        if name == "kind":
            continue
        known = defaults.get(name)
        css = "changed" if known is None or known.default != value else "same"
        help_text = known.about.help if known else ""
        items.append(
            fill(
                '<li class="$css" title="$help">$name = $value</li>',
                css=css,
                help=help_text,
                name=name,
                value=_short(value),
            )
        )
    summary = told.summary if told else "A component from outside this package."
    what = fill("$summary<ul class='settings'>$items</ul>", summary=summary, items=joined(items))
    part = fill("$stage<br><small>$task</small>", stage=stage, task=task)
    return part, fill("<code>$kind</code>", kind=kind), what


def _short(value: Any) -> str:
    """A setting's value as a reader wants it; a component with its settings in brackets.

    >>> _short([{"kind": "newest"}, {"kind": "popularity", "exponent": 2.0}])
    'newest, popularity (exponent = 2.0)'
    """
    if isinstance(value, Mapping):
        rest = ", ".join(f"{name} = {_short(part)}" for name, part in value.items() if name != "kind")
        if not value:
            return "none"
        return f"{value['kind']} ({rest})" if "kind" in value and rest else str(value.get("kind", rest))
    if isinstance(value, list | tuple):
        return ", ".join(_short(part) for part in value) or "none"
    return str(value)


def general(scenario: Mapping[str, Any]) -> str:
    """The settings of the run itself, in words.

    >>> general({"steps": 50, "slate": 10, "memory": 100, "retrain_every": 5})
    'Up to 50 steps. A feed has 10 places. The platform remembers the last 100 items of a user and learns every 5 steps.'
    >>> general({"steps": 4, "slate": 10, "memory": 1})
    'Up to 4 steps. A feed has 10 places. The platform remembers the last item of a user and learns every step.'
    """
    every, memory = scenario.get("retrain_every", 1), scenario["memory"]
    told = [
        f"Up to {scenario['steps']} steps.",
        f"A feed has {scenario['slate']} places.",
        f"The platform remembers the last {'item' if memory == 1 else f'{memory} items'} of a user and learns "
        + ("every step." if every == 1 else f"every {every} steps."),
    ]
    if scenario.get("control_steps"):
        control = scenario.get("control", "newest")
        kind = control.get("kind") if isinstance(control, Mapping) else control
        told.append(f"In the first {scenario['control_steps']} steps everybody gets the control ranking, “{kind}”.")
    if scenario.get("freeze_below"):
        told.append(f"The run stops when nobody moves more than {scenario['freeze_below']} in a step.")
    return " ".join(told)


def as_yaml(scenario: Mapping[str, Any]) -> str:
    """The scenario as a YAML file would say it."""
    from ruamel.yaml import YAML

    stream = io.StringIO()
    writer = YAML()
    writer.default_flow_style = False
    writer.width = 100
    writer.dump(_bare(scenario), stream)
    return stream.getvalue()


def _bare(value: Any) -> Any:
    """The same with plain lists and dicts only."""
    if isinstance(value, Mapping):
        return {str(name): _bare(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [_bare(part) for part in value]
    return value


def arms_table(manifest: Mapping[str, Any]) -> Html:
    """What each arm of a comparison changes, the one that others are held against first."""
    arms, against = manifest["arms"], manifest["against"]
    rows = []
    for arm in (against, *(name for name in arms if name != against)):
        changes = arms.get(arm) or {}
        listed = joined(
            fill("<li>$name = $value</li>", name=name, value=_short(value)) for name, value in changes.items()
        )
        what = fill("<ul class='settings'>$listed</ul>", listed=listed) if changes else "the scenario as it is"
        rows.append((arm, what, "the others are held against it" if arm == against else ""))
    return table("What each arm changes in the scenario", ("Arm", "Changes", "Role"), rows, labels=False)


def data_section(manifest: Mapping[str, Any]) -> Html:
    """What is known of the data that the scenario reads; nothing where it reads none."""
    found = {stage: facts for stage, facts in (manifest.get("data_facts") or {}).items() if facts}
    if not found:
        return Html("")
    rows = [
        (name.replace("_", " "), stage, f"{value:,.6g}" if isinstance(value, int | float) else value)
        for stage, facts in found.items()
        for name, value in facts.items()
    ]
    return section("The data", table("Facts of the data that was read", ("Fact", "Part", "Value"), rows, (2,)))


def reproduce_section(manifest: Mapping[str, Any]) -> Html:
    """The command, the seeds, the versions, and the scenario itself."""
    seeds = manifest["seeds"]
    span = f"seed {seeds[0]}" if len(seeds) == 1 else f"seeds {', '.join(str(seed) for seed in seeds)}"
    versions = ", ".join(f"{name} {version}" for name, version in manifest["versions"].items())
    scenario = fill(
        "<details><summary>The whole scenario</summary><pre><code>$yaml</code></pre></details>",
        yaml=as_yaml(manifest["scenario"]),
    )
    return section(
        "How to get the same numbers",
        fill("<pre><code>$command</code></pre>", command=manifest["command"]),
        paragraphs(
            f"Made with {span}; {versions}; {manifest['platform']}. The same scenario, seed and version give the same "
            "numbers on any machine, with any number of threads.",
            f"Scenario {manifest['name']}, SHA-256 {manifest['scenario_sha256']}.",
        ),
        scenario,
    )
