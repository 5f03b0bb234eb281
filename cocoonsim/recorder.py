"""Runs from beginning to end: play, take notes, keep checkpoints, and put the tables together."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from cocoonsim.assemble import Parts, assemble
from cocoonsim.core.blocks import Blocks
from cocoonsim.core.follows import Follows
from cocoonsim.core.history import History
from cocoonsim.core.moment import State
from cocoonsim.core.world import Columns, World
from cocoonsim.events import listed_files
from cocoonsim.notebook import Notebook, packed, unpacked
from cocoonsim.ranking import Ranking
from cocoonsim.results import Results, manifest
from cocoonsim.simulate import learns_at, play
from cocoonsim.sizes import check_disk
from cocoonsim.state_file import UnwritableError

if TYPE_CHECKING:
    import polars as pl

    from cocoonsim.scenario import Scenario
    from cocoonsim.staging import Staging

Progress = Callable[[int, int], None]


def simulate(
    scenario: Scenario,
    seeds: Sequence[int] | None = None,
    blocks: Blocks | None = None,
    progress: Progress | None = None,
    staging: Staging | None = None,
) -> Results:
    """Play a scenario to its end, for each of `seeds` (default: its own), and keep the numbers.

    `progress(done, total)` is called after each step. With `staging` (of the same scenario and seeds), checkpoints and
    the event log are written there, and what is there already is not played again.
    Raises UserError for a scenario that does not fit together.

    >>> from cocoonsim import Scenario, simulate
    >>> tiny = Scenario.from_dict({"steps": 2, "population": {"kind": "uniform", "users": 30}})
    >>> results = simulate(tiny, seeds=[1, 2])
    >>> sorted(results.metrics["seed"].unique())
    [1, 2]
    """
    seeds = [scenario.seed] if seeds is None else list(seeds)
    parts = assemble(scenario)
    if staging:
        check_disk(scenario, parts, staging.folder, len(seeds), staging.every > 0)
    played = []
    for number, seed in enumerate(seeds):

        def move(step: int, before: int = number * scenario.steps) -> None:
            if progress:
                progress(before + step, len(seeds) * scenario.steps)

        played.append(_one_seed(scenario, parts, seed, blocks, move, staging))
    tables = {name: _stack([one.tables[name] for one in played]) for name in Notebook.TABLES}
    endings = {seed: one.ending for seed, one in zip(seeds, played, strict=True)}
    return Results(
        **cast("Any", tables),
        manifest=manifest(scenario, endings, data_facts(scenario)),
        event_files=[path for one in played for path in one.events],
    )


def data_facts(scenario: Scenario) -> dict[str, dict[str, float]]:
    """Facts of the data that the scenario reads, by stage."""
    return {part.stage: facts for _, part in assemble(scenario).all() if (facts := part.facts())}


@dataclass(frozen=True)
class Played:
    """What one seed has left."""

    tables: dict[str, pl.DataFrame]
    ending: dict[str, Any]
    events: list[Path]


def _one_seed(
    scenario: Scenario, parts: Parts, seed: int, blocks: Blocks | None, move: Callable[[int], None],
    staging: Staging | None,
) -> Played:  # fmt: skip
    """Play one seed to its end, from its last checkpoint if there is one."""
    folder = staging.run / "events" if staging else None
    book = Notebook(scenario, seed, parts, folder)
    start = None
    if staging:
        if done := staging.finished(seed):
            return _from_file(done, folder)
        if found := staging.latest(seed, model_classes(parts)):
            start = state_from(found["state"])
            book.restore(found["book"])
        else:
            book.events.restore({"files": [], "waiting": None})  # what was written before a first checkpoint
    due = False
    for moment in play(scenario, seed, blocks, start):
        book.watch(moment)
        move(moment.step + 1)
        if staging and staging.every and not moment.stopped:
            due = due or (moment.step + 1) % staging.every == 0
            due = due and not _keep(staging, scenario, seed, moment.state, book, parts.ranking_at(moment.step).carries)
        del moment  # or it would be kept while the next one is made
    played = Played({name: book.table(name) for name in Notebook.TABLES}, book.ending(), book.events.close())
    if staging and staging.every:
        tables = {name: packed(table) for name, table in played.tables.items()}
        content = {"tables": tables, "ending": played.ending, "events": book.events.state()["files"]}
        staging.save_finished(seed, content)
    return played


def _from_file(done: Mapping[str, Any], folder: Path | None) -> Played:
    """What a seed had left that was finished earlier."""
    tables = {name: unpacked(table) for name, table in done["tables"].items()}
    files = listed_files(folder, done["events"]) if folder else []
    return Played(tables, done["ending"], [path for path, _ in files])


def _stack(frames: list[pl.DataFrame]) -> pl.DataFrame:
    import polars as pl

    return pl.concat(frames, rechunk=True)


# ---------------------------------------------------------------------------------------------------- checkpoints
def _keep(
    staging: Staging, scenario: Scenario, seed: int, state: State | None, book: Notebook, carries: bool = False
) -> bool:
    """Write a checkpoint. False when it has to wait: a policy's model that is no plain value, needed in the next step."""
    assert state is not None
    fresh = learns_at(state.step, scenario) and not carries
    model = None if fresh else state.model
    try:
        staging.save(seed, state.step, {"state": state_as_plain(state, model), "book": book.state()})
    except UnwritableError:
        if model is None:
            raise
        return False
    return True


def state_as_plain(state: State, model: Any) -> dict[str, Any]:
    """A state as dictionaries and arrays; `model` is None when the next step learns anew."""
    world = state.world
    return {
        "step": state.step,
        "world_step": world.step,
        "users": dict(world.users),
        "items": dict(world.items),
        "follows": [part for part in vars(world.follows).values() if part is not None],
        "topic_names": list(world.topic_names),
        "liking": world.liking,
        "history": vars(state.history.settle()),
        "unlearnt": state.unlearnt,
        "model": model,
    }


def state_from(plain: Mapping[str, Any]) -> State:
    """The state that `state_as_plain` was given."""
    users, items, follows = Columns(**plain["users"]), Columns(**plain["items"]), Follows(*plain["follows"])
    world = World(plain["world_step"], users, items, follows, tuple(plain["topic_names"]), plain["liking"])
    history = History.__new__(History)
    vars(history).update(plain["history"])
    return State(plain["step"], world, history, plain["unlearnt"], plain["model"])


def model_classes(parts: Parts) -> dict[str, Any]:
    """Where the classes of models come from: the files of the policies, and nowhere else."""
    policies = [part for _, part in parts.all() if isinstance(part, Ranking)]
    return {name: value for part in policies for name, value in vars(sys.modules[type(part).__module__]).items()}
