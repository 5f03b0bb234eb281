"""`run`, `compare` and `report`: what plays scenarios and writes results."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cocoonsim.cli.console import INTERRUPTED, console, progress, short, table

if TYPE_CHECKING:
    import polars as pl

    from cocoonsim.results import Results
    from cocoonsim.scenario import Scenario
    from cocoonsim.staging import Staging

MOST_ROWS = 16
"""Rows of the closing table; everything is in the report."""

ScenarioFile = Annotated[
    str, typer.Argument(metavar="SCENARIO", help="A scenario file (YAML), or lesson:1 to lesson:7.")
]
Sets = Annotated[
    list[str] | None,
    typer.Option(
        "--set", metavar="KEY=VALUE", help="Change a setting, e.g. --set ranking=popularity. Repeat for several."
    ),
]
Plugins = Annotated[
    list[str] | None,
    typer.Option("--plugin", metavar="FOLDER|MODULE", help="Allow components from a folder or an importable module."),
]
Out = Annotated[Path, typer.Option("--out", metavar="DIR", help="Where results are written.")]
Steps = Annotated[int | None, typer.Option("--steps", min=1, help="Play this many steps instead of the scenario's.")]
Seed = Annotated[int | None, typer.Option("--seed", min=0, help="The first seed instead of the scenario's.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="Print nothing but where the results are.")]


def read(scenario: str, sets: list[str] | None, plugins: list[str] | None) -> Scenario:
    """Allow the plug-ins, then read the scenario: a file, or `lesson:N`."""
    from dataclasses import replace

    from cocoonsim.lessons import scenario_file
    from cocoonsim.scenario import Scenario

    allow(plugins)
    file = scenario_file(scenario)
    chosen = Scenario.from_file(file, sets or [])
    return chosen if file == scenario else replace(chosen, file=scenario)  # a report tells the command, not the folder


def allow(plugins: list[str] | None) -> None:
    """Allow the plug-ins."""
    from cocoonsim.core.component import allow_plugin

    for plugin in plugins or []:
        allow_plugin(plugin)


def run(
    scenario: Annotated[
        str | None, typer.Argument(metavar="SCENARIO", help="A scenario file (YAML), or lesson:1 to lesson:7.")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Where results go; else results/.")] = None,
    seed: Seed = None,
    seeds: Annotated[
        int | None, typer.Option("--seeds", min=1, help="Play it with this many seeds, not as many as it says itself.")
    ] = None,
    steps: Steps = None,
    threads: Annotated[int, typer.Option("--threads", min=0, help="Threads; 0 = one per core. Changes no number.")] = 0,
    set_: Sets = None,
    events: Annotated[
        str | None,
        typer.Option("--events", metavar="none|all|'sample 0.1'", help="Which exposures are kept, user by user."),
    ] = None,
    checkpoint_every: Annotated[
        int | None,
        typer.Option(
            "--checkpoint-every", min=1, metavar="N", help="Save the run every N steps, so that it can be resumed."
        ),
    ] = None,
    resume: Annotated[
        Path | None,
        typer.Option(
            "--resume",
            metavar="RUN_DIR",
            help="Go on with a run that was killed, from its last checkpoint. No SCENARIO.",
        ),
    ] = None,
    shards: Annotated[
        int | None,
        typer.Option("--shards", metavar="N", help="Share the work out over N worker processes. Changes no number."),
    ] = None,
    dask: Annotated[
        str | None,
        typer.Option(
            "--dask",
            metavar="ADDRESS",
            help="The Dask scheduler whose workers --shards uses, e.g. tcp://127.0.0.1:8786; without it, workers are started "
            "here. Only name one you trust: it can run any code here.",
        ),
    ] = None,
    plugin: Plugins = None,
    quiet: Quiet = False,
) -> None:
    """Play a scenario; write its results and a report.

    \b
    cocoonsim run scenarios/information_cocoon.yaml
    cocoonsim run my.yaml --seeds 5 --set ranking=popularity --set population.users=2000
    cocoonsim run my.yaml --events "sample 0.1" --out results/tryout
    cocoonsim run my.yaml --checkpoint-every 10
    cocoonsim run --resume results/my/1f6bf3c2a1-seed-1

    A resumed run ends with the same numbers, to the last bit, as one that was never interrupted.
    """
    from cocoonsim.core.errors import UserError
    from cocoonsim.staging import Staging

    if dask is not None and shards is None:
        raise UserError("--dask says where the shards work: say with --shards how many there are")
    if resume is not None:
        words = {"SCENARIO": scenario, "--out": out, "--seed": seed, "--seeds": seeds, "--steps": steps, "--set": set_}
        given = [word for word, value in (words | {"--events": events}).items() if value is not None and value != []]
        if given:
            raise UserError(f"--resume goes on with a run as it was begun: leave out {', '.join(given)}")
        allow(plugin)
        _play(Staging.reopen(resume, checkpoint_every), threads, quiet, shards, dask or "")
        return
    if scenario is None:
        raise UserError("name a scenario file to play, or the folder of a run to go on with: --resume RUN_DIR")
    from cocoonsim.results import run_folder

    sets = list(set_ or [])
    sets += [f"steps={steps}"] if steps is not None else []
    sets += [f"record.events={events}"] if events is not None else []
    chosen = read(scenario, sets, plugin)
    first = chosen.seed if seed is None else seed
    numbers = list(range(first, first + (seeds or chosen.seeds)))
    folder = run_folder(out or Path("results"), chosen, numbers)
    _play(Staging.begin(folder, chosen, numbers, checkpoint_every or 0), threads, quiet, shards, dask or "")


def _play(staging: Staging, threads: int, quiet: bool, shards: int | None = None, dask: str = "") -> None:
    """Play what is not played yet, and write the results, the report and the summary."""
    from cocoonsim.answers import run_answers
    from cocoonsim.core.blocks import Blocks
    from cocoonsim.recorder import simulate

    chosen = staging.scenario
    try:
        with staging:
            with progress(chosen.title or chosen.name, quiet) as move:
                cut = Blocks(threads=threads)
                if shards is None:
                    results = simulate(chosen, staging.seeds, cut, move, staging)
                else:
                    from cocoonsim.experiments.shards import simulate_sharded

                    told = console(error=True).print
                    results = simulate_sharded(chosen, staging.seeds, shards, dask, cut, move, told, staging)
            folder = staging.finish(lambda place: _write(results, place))
    except KeyboardInterrupt:
        if not staging.kept:
            raise
        console(error=True).print(f"interrupted. Go on with: {staging.how_to_resume}", soft_wrap=True)
        raise typer.Exit(INTERRUPTED) from None
    for note in staging.notes:
        console(error=True).print(f"{note}. An earlier one was used", soft_wrap=True)
    if not quiet:
        _print_summary(results.summary())
        _print_answers(run_answers(results))
    console().print(f"results: {folder}", soft_wrap=True)
    console().print(f"report:  {folder / 'report.html'}", soft_wrap=True)


def _write(results: Results, folder: Path) -> None:
    """All files of a run."""
    from cocoonsim.report import write_report
    from cocoonsim.sizes import give_back

    give_back()  # of a million users: what the run needed is not kept next to what the report needs
    results.write_into(folder)
    write_report(results, folder / "report.html")


def compare(
    scenario: ScenarioFile,
    seeds: Annotated[int, typer.Option("--seeds", min=2, help="Seeds with which every arm is played.")] = 10,
    seed: Seed = None,
    jobs: Annotated[int | None, typer.Option("--jobs", min=1, help="Processes; one per core if not given.")] = None,
    out: Out = Path("results"),
    set_: Sets = None,
    plugin: Plugins = None,
    steps: Steps = None,
    quiet: Quiet = False,
) -> None:
    """Play the arms of a scenario on the same people, items and draws; write their paired differences and a page.

    \b
    cocoonsim compare scenarios/information_cocoon.yaml
    cocoonsim compare my.yaml --seeds 30 --jobs 4 --set population.users=500
    """
    from cocoonsim.answers import comparison_answers
    from cocoonsim.comparison_page import write_comparison
    from cocoonsim.experiments.compare import compare as play_arms
    from cocoonsim.results import check_replaceable, make_folder

    sets = list(set_ or [])
    sets += [f"steps={steps}"] if steps is not None else []
    sets += [f"seed={seed}"] if seed is not None else []
    chosen = read(scenario, sets, plugin)
    folder = _comparison_folder(out, chosen, seeds)
    make_folder(folder.parent)  # a place that cannot be written is told before the work
    check_replaceable(folder, "comparison.json")
    with progress(chosen.title or chosen.name, quiet) as move:
        comparison = play_arms(chosen, seeds=seeds, jobs=jobs, progress=move)
    comparison.save(folder)
    page = write_comparison(comparison, folder / "comparison.html")
    if not quiet:
        _print_differences(comparison.table())
        _print_answers(comparison_answers(comparison))
    console().print(f"results: {folder}", soft_wrap=True)
    console().print(f"page:    {page}", soft_wrap=True)


def report(
    folder: Annotated[Path, typer.Argument(metavar="RUN_DIR", help="A folder that `cocoonsim run` has written.")],
) -> None:
    """Write the report of a run again.

    \b
    cocoonsim report results/information_cocoon/1f6bf3c2a1-seed-1
    """
    from cocoonsim.report import write_report
    from cocoonsim.results import Results

    page = write_report(Results.load(folder), folder / "report.html")
    console().print(f"report:  {page}", soft_wrap=True)


def _comparison_folder(out: Path, scenario: Scenario, seeds: int) -> Path:
    """The same arms and seeds, the same place."""
    arms = " ".join(f"{name} {arm.sha256}" for name, arm in sorted(scenario.arms().items()))
    digest = hashlib.sha256(arms.encode()).hexdigest()[:10]
    return out / scenario.name / f"compare-{digest}-seeds-{scenario.seed}-to-{scenario.seed + seeds - 1}"


def _print_summary(summary: pl.DataFrame) -> None:
    """What was shown to people and what became of them, first and last step, against chance."""
    rows = [row for row in summary.iter_rows(named=True) if row["stage"] in ("shown", "people")]
    cells = [
        (
            f"{row['metric']} ({row['unit']})" if row["unit"] else row["metric"],
            row["stage"],
            short(row["first"]),
            short(row["last"]),
            short(row["null_last"]),
            short(row["excess_last"]),
            row["null_name"] or "",
        )
        for row in rows[:MOST_ROWS]
    ]
    table(
        ("metric", "of", "first", "last", "by chance", "excess", "chance means"),
        cells,
        numbers=("first", "last", "by chance", "excess"),
    )
    if summary.height > len(cells):
        console().print(f"({summary.height - len(cells)} more in the report)")


def _print_answers(answers: list[str]) -> None:
    """The sentences that answer the scenario's question."""
    for sentence in answers:
        console().print(sentence)


def _print_differences(differences: pl.DataFrame) -> None:
    """The largest differences of each arm, in standard deviations of the pairs."""
    import polars as pl

    values = differences.filter(pl.col("quantity") == "value")  # the same for each of a metric's null models
    strongest = values.unique(["arm", "metric", "stage", "stat"], keep="first", maintain_order=True).sort(
        pl.col("standardised").abs().fill_nan(None), descending=True, nulls_last=True
    )
    rows = []
    for arm in differences["arm"].unique(maintain_order=True):
        for row in strongest.filter(pl.col("arm") == arm).head(MOST_ROWS // 2).iter_rows(named=True):
            interval = f"{short(row['low'])} to {short(row['high'])}"
            rows.append((arm, row["against"], row["metric"], row["stage"], short(row["difference"]), interval))
    table(("arm", "against", "metric", "of", "difference", "95 % interval"), rows, numbers=("difference",))
    if differences.height > len(rows):
        console().print(f"({differences.height - len(rows)} more on the page)")
