"""`export`: a scenario as a page to hand out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cocoonsim.cli.console import console, progress
from cocoonsim.cli.runs import Plugins, Quiet, ScenarioFile, Seed, Sets, Steps, read


def export(
    scenario: ScenarioFile,
    html: Annotated[bool, typer.Option("--html", help="As one HTML page that opens anywhere, offline.")] = False,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="The file to write; else NAME.html, here.")
    ] = None,
    seed: Seed = None,
    seeds: Annotated[
        int, typer.Option("--seeds", min=1, help="Play each policy with this many seeds; lines are their means.")
    ] = 1,
    steps: Steps = None,
    set_: Sets = None,
    plugin: Plugins = None,
    quiet: Quiet = False,
) -> None:
    """Write a scenario as one page with an animation and a switch between the policies it compares.

    \b
    cocoonsim export scenarios/information_cocoon.yaml --html
    cocoonsim export lesson:3 --html --out friends.html
    """
    from cocoonsim.core.errors import UserError
    from cocoonsim.handout import write_handout

    if not html:
        raise UserError("say what to export it as: --html")
    sets = list(set_ or [])
    sets += [f"steps={steps}"] if steps is not None else []
    sets += [f"seed={seed}"] if seed is not None else []
    chosen = read(scenario, sets, plugin)
    with progress(chosen.title or chosen.name, quiet) as move:
        page = write_handout(chosen, out or Path(f"{chosen.name}.html"), seeds, move)
    console().print(f"page: {page} ({page.stat().st_size / 1e6:.1f} MB)", soft_wrap=True)
