"""`why`: what is behind the feed of a user."""

from __future__ import annotations

from typing import Annotated

import typer

from cocoonsim.cli.console import table
from cocoonsim.cli.runs import Plugins, ScenarioFile, Sets, read


def why(
    scenario: ScenarioFile,
    step: Annotated[int, typer.Option("--step", help="In which step (the first is 0).")] = 0,
    user: Annotated[int, typer.Option("--user", help="Whose feed (the first user is 0).")] = 0,
    seed: Annotated[int | None, typer.Option("--seed", help="Instead of the scenario's own.")] = None,
    set_: Sets = None,
    plugin: Plugins = None,
) -> None:
    """Say why a user was shown these items in a step: the parts of each score, which add up to it.

    \b
    cocoonsim why my.yaml --step 20 --user 7
    """
    from cocoonsim.reasons import why as tell

    told = tell(read(scenario, set_, plugin), step, [user], seed)
    if told.is_empty():
        typer.echo(f"user {user} saw nothing in step {step}")
        return
    rows, before = [], 0
    for place, item, clicked, part, adds, score in told.select(
        "place", "item", "clicked", "part", "adds", "score"
    ).iter_rows():
        first = place != before
        head = (str(place), str(item), "yes" if clicked else "", f"{score:.6g}") if first else ("", "", "", "")
        rows.append((*head, part, f"{adds:+.6g}"))
        before = place
    table(("place", "item", "clicked", "score", "part", "adds"), rows, ("place", "item", "score", "adds"))
