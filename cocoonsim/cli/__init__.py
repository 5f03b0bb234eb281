"""The command line: parse, call, print. No logic of the model lives here."""

from __future__ import annotations

import typer

from cocoonsim.cli import classroom, lookups, replications, runs, scenarios
from cocoonsim.cli import export as exports
from cocoonsim.cli import why as explanations
from cocoonsim.cli.console import told

app = typer.Typer(
    name="cocoonsim",
    help="""Simulate filter bubbles: users, content and recommender algorithms on a social graph.

    \b
    cocoonsim list                 what there is
    cocoonsim explain popularity   one component, with its settings
    cocoonsim check my.yaml        whether a scenario makes sense
    cocoonsim run my.yaml          play it; write results and a report
    cocoonsim compare my.yaml      play its arms on the same draws
    cocoonsim export my.yaml --html  a page to hand out
    cocoonsim replicate            published models, checked against independent numbers
    cocoonsim why my.yaml          why a user was shown these items
    cocoonsim app                  the classroom page, live in a browser
    """,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
for command in (
    runs.run,
    runs.compare,
    exports.export,
    replications.replicate,
    lookups.list_,
    lookups.explain,
    scenarios.expand,
    scenarios.check,
    runs.report,
    explanations.why,
    scenarios.schema,
    classroom.app,
):
    app.command(name=command.__name__.rstrip("_"))(told(command))


def _version(wanted: bool) -> None:
    if wanted:
        from cocoonsim import __version__

        typer.echo(f"cocoonsim {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: bool = typer.Option(False, "--version", help="Print the version.", callback=_version, is_eager=True),
) -> None:
    pass


def main() -> None:
    """The entry point `cocoonsim`."""
    app()
