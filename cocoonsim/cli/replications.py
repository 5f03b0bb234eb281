"""`replicate`: published models, played again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cocoonsim.cli.console import console, progress, table
from cocoonsim.cli.runs import Plugins, Quiet, Sets, allow

if TYPE_CHECKING:
    from cocoonsim.experiments.replicate import Replication

FAILED = 1


def replicate(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[NAME…]", help="Which of them, or scenario files; all if none.")
    ] = None,
    tier: Annotated[str, typer.Option("--tier", metavar="quick|full", help="A few checks, or all.")] = "quick",
    seeds: Annotated[int | None, typer.Option("--seeds", min=1, help="Seeds, instead of those each asks for.")] = None,
    jobs: Annotated[int | None, typer.Option("--jobs", min=1, help="Processes; one per core if not given.")] = None,
    out: Annotated[
        Path, typer.Option("--out", metavar="DIR", help="Where the page and the numbers are written.")
    ] = Path("results/replications"),
    as_json: Annotated[bool, typer.Option("--json", help="Print the numbers as JSON.")] = False,
    set_: Sets = None,
    plugin: Plugins = None,
    quiet: Quiet = False,
) -> None:
    """Play published models again, check what comes out against independent numbers, and write a page.

    \b
    cocoonsim replicate
    cocoonsim replicate deffuant --tier full --jobs 2
    cocoonsim replicate deffuant --tier full --seeds 30 --set influence.rate=0.2

    The exit status is 1 when a check fails.
    """
    from cocoonsim.core.errors import UserError, did_you_mean
    from cocoonsim.experiments.replicate import read
    from cocoonsim.experiments.replicate import replicate as play
    from cocoonsim.replication_page import write_replications
    from cocoonsim.results import make_folder
    from cocoonsim.scenario.expectations import TIERS

    if tier not in TIERS:
        raise UserError(f"--tier: there is no tier {tier!r}; {did_you_mean(tier, TIERS)}")
    allow(plugin)
    chosen = read(names or [], set_ or [])
    make_folder(out)  # a place that cannot be written is told before an hour of work
    with progress("replications", quiet or as_json) as move:
        found = play(chosen, tier, seeds, jobs, move)
    found = [one for one in found if one.verdicts]
    if not found:
        raise UserError(f"none of these has a check in the {tier} tier; use --tier full")
    page, numbers = write_replications(found, out)
    if as_json:
        typer.echo(json.dumps([one.numbers() for one in found], indent=1, ensure_ascii=False))
    else:
        for one in found:
            _print(one, quiet)
        _print_sum(found)
        console().print(f"page:    {page}", soft_wrap=True)
        console().print(f"numbers: {numbers}", soft_wrap=True)
    if any(one.failures for one in found):
        raise typer.Exit(FAILED)


def _print(one: Replication, quiet: bool) -> None:
    """A model's checks."""
    said = f"{one.title} ({one.name}): {one.seeds} seeds, {one.seconds:.0f} s"
    console().print(f"\n{said}", soft_wrap=True)
    shown = [verdict for verdict in one.verdicts if not quiet or not verdict.passed]
    if shown:
        table(
            ("claim", "quantity", "in", "expected", "obtained (95 %)", "verdict"),
            [
                (v.claim, v.of, v.where, v.expected, v.obtained, f"{v.word}\n{v.detail}" if not v.passed else v.word)
                for v in shown
            ],
        )
    for verdict in shown:
        if verdict.known_difference:
            console().print(f"  known difference: {verdict.claim}: {verdict.known_difference}", soft_wrap=True)


def _print_sum(found: list[Replication]) -> None:
    words = [verdict.word for one in found for verdict in one.verdicts]
    told = ", ".join(f"{words.count(word)} {word}" for word in ("pass", "FAIL", "known difference") if word in words)
    console().print(f"\n{len(words)} checks of {len(found)} models: {told}")
