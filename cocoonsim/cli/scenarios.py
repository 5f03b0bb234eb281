"""`expand`, `check` and `schema`: what concerns scenario files and plays nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cocoonsim.cli.runs import Plugins, ScenarioFile, Sets, read

if TYPE_CHECKING:
    from cocoonsim.assemble import Parts
    from cocoonsim.core.world import World
    from cocoonsim.scenario import Scenario


def expand(scenario: ScenarioFile, set_: Sets = None, plugin: Plugins = None) -> None:
    """Print a scenario with everything it leaves unsaid: all components, all settings.

    \b
    cocoonsim expand my.yaml
    cocoonsim expand my.yaml --set ranking=popularity > popular.yaml
    """
    typer.echo(read(scenario, set_, plugin).to_yaml(), nl=False)


def check(scenario: ScenarioFile, set_: Sets = None, plugin: Plugins = None) -> None:
    """Check a scenario: every setting, every arm, and whether its parts fit the world they make. Plays no step.

    \b
    cocoonsim check my.yaml
    """
    from cocoonsim.assemble import assemble, first_world
    from cocoonsim.core.chance import Chance

    chosen = read(scenario, set_, plugin)
    parts = assemble(chosen)
    world = first_world(parts, chosen, Chance(chosen.seed))
    for arm in chosen.arms().values():
        first_world(assemble(arm), arm, Chance(arm.seed))
    typer.echo("ok")
    for line in _in_words(chosen, parts, world):
        typer.echo(line)


def schema(
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Write it to a file instead.")] = None,
    plugin: Plugins = None,
) -> None:
    """Print the JSON Schema of scenario files, from which editors complete and explain.

    \b
    cocoonsim schema --out scenario.schema.json
    and as the first line of a scenario:  # yaml-language-server: $schema=scenario.schema.json
    """
    from cocoonsim.core.component import allow_plugin
    from cocoonsim.results import write_whole
    from cocoonsim.scenario import schema as make

    for extra in plugin or []:
        allow_plugin(extra)
    text = json.dumps(make(), indent=2, ensure_ascii=False) + "\n"
    if out is None:
        typer.echo(text, nl=False)
    else:
        typer.echo(f"schema: {write_whole(out, text)}")


def _in_words(scenario: Scenario, parts: Parts, world: World) -> list[str]:
    """What will happen, in a few lines."""
    from cocoonsim.assemble import fitting_metrics

    follows = world.follows.n_arcs
    ties = f"{follows:,} follows ({follows / world.n_users:.1f} per user)" if follows else "nobody follows anybody"
    single = [f"{stage} {part.name}" for stage, part in parts.all() if "." not in stage]
    lines = [
        f"{scenario.title or scenario.name}: {world.n_users:,} users, {world.n_items:,} items on {world.n_topics} topics, "
        f"{ties}.",
        f"{scenario.steps} steps, {scenario.slate} places in a feed; {', '.join(single)}.",
    ]
    if scenario.control_steps:
        lines.append(f"The first {scenario.control_steps} steps are ranked by {parts.control.name}.")
    if parts.interventions:
        lines.append(f"Interventions: {', '.join(part.name for part in parts.interventions)}.")
    named = [metric.name for metric in parts.metrics]
    lines.append(
        f"Measured: {', '.join(named)}." if named else f"Measured: the {len(fitting_metrics(world))} metrics that fit."
    )
    if scenario.compare.arms:
        lines.append(f"Arms: {', '.join(scenario.compare.arms)}; compared with {scenario.compare.against}.")
    return lines
