"""Where words go: results to standard output, progress and mistakes to standard error."""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import typer

from cocoonsim.core.errors import UserError

if TYPE_CHECKING:
    from rich.console import Console

WIDE = 140
"""Columns where the output is not a terminal."""
MISTAKE, INTERRUPTED = 2, 130


def console(error: bool = False) -> Console:
    """A console that prints text as it is: no markup, no colours of numbers."""
    from rich.console import Console

    made = Console(stderr=error, markup=False, highlight=False, soft_wrap=False)
    if not made.is_terminal:
        made.width = WIDE
    return made


def told(command: Callable[..., None]) -> Callable[..., None]:
    """A command that tells the user's mistakes in plain words: no traceback, exit status 2; Ctrl-C ends with 130."""

    @functools.wraps(command)
    def run(*args: Any, **options: Any) -> None:
        try:
            command(*args, **options)
        except UserError as error:
            typer.echo(str(error), err=True)
            raise typer.Exit(MISTAKE) from None
        except KeyboardInterrupt:
            typer.echo("interrupted: nothing was written", err=True)
            raise typer.Exit(INTERRUPTED) from None
        except MemoryError:
            typer.echo("out of memory: use fewer users or items, or record fewer events", err=True)
            raise typer.Exit(1) from None
        except BrokenPipeError:  # `cocoonsim list | head`
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(0) from None

    return run


@contextmanager
def progress(what: str, quiet: bool) -> Iterator[Callable[[int, int], None] | None]:
    """A bar on standard error, moved by `move(done, total)`; None when it is to be quiet."""
    if quiet:
        yield None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console(error=True), transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def table(titles: Sequence[str], rows: Sequence[Sequence[str]], numbers: Sequence[str] = ()) -> None:
    """Print a plain table, without a head where all `titles` are empty; columns named in `numbers` are set flush right."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    made = Table(box=box.SIMPLE, pad_edge=False, show_edge=False, show_header=any(titles))
    for title in titles:
        made.add_column(title, justify="right" if title in numbers else "left", overflow="fold")
    for row in rows:
        made.add_row(*(Text(cell) for cell in row))
    console().print(made)


def short(value: float | None) -> str:
    """A number in four digits; a dash where there is none.

    >>> short(0.123456), short(None)
    ('0.1235', '–')
    """
    return "–" if value is None or value != value else f"{value:.4g}"
