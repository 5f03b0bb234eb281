"""One run on the workers of a Dask cluster, with the numbers of a run in one process.

The work is shared out, the state is not: every worker holds all users' columns (about 200 bytes a user) and computes for
its own part of the users; see `exchange` for how, and docs/scaling.md for what it costs and when it pays.

Dask speaks pickle between its processes: who can reach a scheduler can run any code on its workers, and a scheduler can
run any code here. Only connect to a scheduler that you trust, on a network that you trust, or use TLS.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cocoonsim.assemble import assemble, first_world
from cocoonsim.core.blocks import Blocks
from cocoonsim.core.chance import Chance
from cocoonsim.core.component import allowed_plugins, lookup, settings_of
from cocoonsim.core.errors import UserError
from cocoonsim.experiments.exchange import ShardBlocks, Team
from cocoonsim.recorder import simulate

if TYPE_CHECKING:
    from cocoonsim.experiments.shard_actor import Game
    from cocoonsim.results import Results
    from cocoonsim.scenario import Scenario

CONNECT = 5.0
"""Seconds that a scheduler has to answer, and that missing workers have to appear."""


def simulate_sharded(
    scenario: Scenario,
    seeds: Sequence[int] | None = None,
    shards: int = 2,
    address: str = "",
    blocks: Blocks | None = None,
    progress: Callable[[int, int], None] | None = None,
    told: Callable[[str], None] | None = None,
    **recording: Any,
) -> Results:
    """`cocoonsim.simulate`, with the work of every step shared out over `shards` workers. The same numbers.

    `address` is that of a Dask scheduler (`tcp://host:8786`); without one, as many workers are started here for this run.
    `told(sentence)` hears of workers that are lost on the way: the run goes on with those that are left. Everything else
    goes to `simulate`, which runs, measures and writes in this process.

    Raises UserError for a number of shards that cannot be, a scheduler that cannot be reached, workers with other software,
    a scenario that cannot be played, and when no worker is left.
    """
    _extra_is_there()
    seeds = [scenario.seed] if seeds is None else list(seeds)
    _check_number(scenario, shards, seeds[0])
    cut = blocks or Blocks()
    with _connected(address, shards) as client:
        workers = _choose_workers(client, shards)
        _check_software(client, workers)
        game = _game(scenario, seeds, shards, cut)
        losses: dict[str, str] = {}

        def lost(shard: int, why: str) -> None:
            losses[workers[shard]] = why
            if told:
                left = shards - len(losses)
                told(f"worker {workers[shard]} was lost ({why}); the run goes on with {left} of {shards}")

        with _team(client, workers, game, lost) as team:
            shared = ShardBlocks(cut.users, cut.items, cut.threads, team=team)
            results = simulate(scenario, seeds, shared, progress, **recording)
            shared.close()
    results.manifest["shards"] = {"workers": shards, "lost": len(losses)}
    return results


def _extra_is_there() -> None:
    try:
        import distributed  # noqa: F401
    except ImportError:
        raise UserError('runs on several workers need Dask: pip install "cocoonsim[distributed]"') from None


def _check_number(scenario: Scenario, shards: int, seed: int) -> None:
    if shards < 1:
        raise UserError(f"--shards {shards}: a run needs at least one shard")
    parts = assemble(scenario)
    users = getattr(parts.population, "users", None)
    if not isinstance(users, int) or not users:
        users = first_world(parts, scenario, Chance(seed)).n_users
    if shards > users:
        raise UserError(f"--shards {shards}: there are only {users} users. Use at most {users} shards")


@contextmanager
def _connected(address: str, shards: int) -> Iterator[Any]:
    """A client of the scheduler at `address`, or of workers started here."""
    from distributed import Client, LocalCluster

    with ExitStack() as stack:
        if not address:
            threads = max(1, (os.cpu_count() or 1) // shards)
            address = stack.enter_context(
                LocalCluster(
                    n_workers=shards, threads_per_worker=threads, processes=True, host="127.0.0.1",
                    dashboard_address=None, memory_limit=0, silence_logs="CRITICAL",
                )
            ).scheduler_address  # fmt: skip
        try:
            client = Client(address, timeout=CONNECT, direct_to_workers=True, set_as_default=False)
        except (OSError, ValueError, TypeError) as error:
            raise UserError(
                f"--dask {address}: no Dask scheduler answers there ({str(error) or type(error).__name__}). "
                "Give the address that `dask scheduler` printed, such as tcp://127.0.0.1:8786"
            ) from None
        yield stack.enter_context(client)


def _choose_workers(client: Any, shards: int) -> list[str]:
    """The addresses of the workers to use, those with most threads first. Waits a little for missing ones."""
    end = time.monotonic() + CONNECT
    while len(found := client.nthreads()) < shards and time.monotonic() < end:
        time.sleep(0.1)
    if len(found) < shards:
        raise UserError(
            f"--shards {shards}: the scheduler has {len(found)} worker{'s' * (len(found) != 1)}. "
            f"Start more (`dask worker ADDRESS`) or use {f'--shards {len(found)}' if found else 'them when they are up'}"
        )
    return sorted(found, key=lambda worker: (-found[worker], worker))[:shards]


def _check_software(client: Any, workers: Sequence[str]) -> None:
    from cocoonsim.experiments.shard_actor import software

    here = software()
    for worker, there in client.run(software, workers=list(workers), on_error="return").items():
        if not isinstance(there, dict):
            raise UserError(f"worker {worker} cannot run this cocoonsim ({there}). Install the same version there")
        for what, version in here.items():
            if there.get(what) != version:
                raise UserError(
                    f"worker {worker} has {what} {there.get(what)}, this process has {version}. "
                    "Install the same version on both"
                )


def _game(scenario: Scenario, seeds: Sequence[int], shards: int, cut: Blocks) -> Game:
    from cocoonsim.experiments.shard_actor import Game

    return Game(
        _with_whole_paths(scenario.expand()), tuple(seeds), tuple(allowed_plugins()), shards, cut.users, cut.items
    )


def _with_whole_paths(content: dict[str, Any]) -> dict[str, Any]:
    """The scenario with its data files named from the root: a worker may run in another folder."""
    for stage, spec in content.items():
        if isinstance(spec, dict) and "kind" in spec:
            for setting in settings_of(lookup("ranking" if stage == "control" else stage, spec["kind"])):
                if setting.about.path and spec.get(setting.name):
                    spec[setting.name] = str(Path(spec[setting.name]).resolve())
    return content


@contextmanager
def _team(client: Any, workers: Sequence[str], game: Game, lost: Callable[[int, str], None]) -> Iterator[Team]:
    """The shards at work, and this process as their leader; they end with the block."""
    from cocoonsim.experiments.shard_actor import Shard, ask_shards, stop_shards, tell

    futures = [
        client.submit(Shard, game, number, actor=True, pure=False, workers=[worker], allow_other_workers=False)
        for number, worker in enumerate(workers)
    ]
    lines: dict[int, tuple[str, str]] = {}
    try:
        for number, (worker, future) in enumerate(zip(workers, futures, strict=True)):
            error = future.exception()
            if error is not None:
                raise UserError(f"worker {worker} cannot play this scenario: {error}")
            lines[number] = (worker, future.key)
        for line in lines.values():
            client.sync(tell, client.rpc, line, "start", lines)
        ask = partial(client.sync, partial(ask_shards, client.rpc, lines, leads=True))
        yield Team(game.shards, ask, on_loss=lost)
    finally:
        client.sync(stop_shards, client.rpc, lines)
        for future in futures:
            future.release()
