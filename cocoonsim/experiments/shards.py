"""One run on the workers of a Dask cluster, with the numbers of a run in one process.

The work is shared out, the state is not: every worker holds all users' columns (see `sizes.estimate`) and computes for
its own part of the users; see `exchange` for how, and docs/scaling.md for what it costs and when it pays.

Dask speaks pickle between its processes: who can reach a scheduler can run any code on its workers, and a scheduler can
run any code here. Only connect to a scheduler that you trust, on a network that you trust, or use TLS.
"""

from __future__ import annotations

import importlib
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from cocoonsim.assemble import assemble, first_world
from cocoonsim.core.blocks import Blocks
from cocoonsim.core.chance import Chance
from cocoonsim.core.component import allowed_plugins, lookup, settings_of
from cocoonsim.core.errors import UserError
from cocoonsim.experiments.exchange import ShardBlocks, Team
from cocoonsim.recorder import model_classes, simulate, state_from

if TYPE_CHECKING:
    from cocoonsim.core.moment import State
    from cocoonsim.experiments.shard_actor import Game
    from cocoonsim.results import Results
    from cocoonsim.scenario import Scenario
    from cocoonsim.staging import Staging

CONNECT = 5.0
"""Seconds that a scheduler has to answer, and that missing workers have to appear."""
_LONG_GREETING = 1 << 20
_EXAMPLE = "Give the address that `dask scheduler` printed, such as tcp://127.0.0.1:8786"


def simulate_sharded(
    scenario: Scenario,
    seeds: Sequence[int] | None = None,
    shards: int = 2,
    address: str = "",
    blocks: Blocks | None = None,
    progress: Callable[[int, int], None] | None = None,
    told: Callable[[str], None] | None = None,
    staging: Staging | None = None,
) -> Results:
    """`cocoonsim.simulate`, with the work of every step shared out over `shards` workers. The same numbers.

    `address` is that of a Dask scheduler (`tcp://host:8786`); without one, as many workers are started here for this run.
    `told(sentence)` hears of workers that are lost on the way: the run goes on with those that are left. This process
    measures and writes, checkpoints in `staging` too; a run that has some goes on from there, on any number of workers.

    Raises UserError for a number of shards that cannot be, a scheduler that cannot be reached, workers with other software,
    a scenario that cannot be played, and when no worker is left.
    """
    _dask()
    seeds = [scenario.seed] if seeds is None else list(seeds)
    _check_number(scenario, shards, seeds[0])
    cut = blocks or Blocks()
    with _connected(address, shards) as client:
        workers = _choose_workers(client, shards)
        _check_software(client, workers)
        game = _game(scenario, shards, cut)
        starts = _starts(scenario, seeds, staging)
        losses: dict[str, str] = {}

        def lost(shard: int, why: str) -> None:
            losses[workers[shard]] = why
            if told:
                left = shards - len(losses)
                told(f"worker {workers[shard]} was lost ({why}); the run goes on with {left} of {shards}")

        with _team(client, workers, game, starts, lost) as team:
            shared = ShardBlocks(cut.users, cut.items, cut.threads, team=team)
            results = simulate(scenario, seeds, shared, progress, staging)
            shared.close()
    results.manifest["shards"] = {"workers": shards, "lost": len(losses)}
    return results


def _dask() -> Any:
    """The library, if it is installed."""
    try:
        return importlib.import_module("distributed")
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
    dask = _dask()
    with ExitStack() as stack:
        if address:
            _check_address(address)
        else:
            threads = max(1, (os.cpu_count() or 1) // shards)
            address = stack.enter_context(
                dask.LocalCluster(
                    n_workers=shards, threads_per_worker=threads, processes=True, host="127.0.0.1",
                    dashboard_address="127.0.0.1:0", memory_limit=0, silence_logs="CRITICAL",
                )
            ).scheduler_address  # fmt: skip
        try:
            client = dask.Client(address, timeout=CONNECT, direct_to_workers=True, set_as_default=False)
        except (OSError, ValueError) as error:
            raise _unreachable(address, str(error) or type(error).__name__) from None
        yield stack.enter_context(client)


def _check_address(address: str) -> None:
    """Refuse an address that is none, or at which nobody speaks as Dask does: a Dask client would wait there for ever."""
    parts = urlsplit(address)
    try:
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if parts.scheme not in ("tcp", "tls") or not host or not port:
        raise UserError(f"--dask {address} is not the address of a Dask scheduler. {_EXAMPLE}")
    outcome: list[str] = []

    def knock() -> None:
        try:
            with socket.create_connection((host, port), CONNECT) as door:
                # a Dask server speaks first, and begins with the length of what it says; under TLS the guest does
                greeting = door.recv(8) if parts.scheme == "tcp" else bytes(8)
            known = len(greeting) == 8 and int.from_bytes(greeting, "little") < _LONG_GREETING
            outcome.append("" if known else "something else does")
        except OSError as error:
            outcome.append(str(error))

    visitor = threading.Thread(target=knock, daemon=True)  # looking up a name cannot be given a limit of time
    visitor.start()
    visitor.join(2 * CONNECT)
    if why := outcome[0] if outcome else "timed out":
        raise _unreachable(address, why)


def _unreachable(address: str, why: str) -> UserError:
    return UserError(f"--dask {address}: no Dask scheduler answers there ({why}). {_EXAMPLE}")


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


def _starts(scenario: Scenario, seeds: Sequence[int], staging: Staging | None) -> dict[int, State | None]:
    """From where each seed that is not finished will be played, as `simulate` finds it too."""
    if not staging:
        return dict.fromkeys(seeds)
    told, classes = len(staging.notes), model_classes(assemble(scenario))
    unfinished = [seed for seed in seeds if not staging.finished(seed)]
    found = {seed: staging.latest(seed, classes) for seed in unfinished}
    del staging.notes[told:]  # damaged checkpoints: `simulate` will say so
    return {seed: state_from(kept["state"]) if kept else None for seed, kept in found.items()}


def _game(scenario: Scenario, shards: int, cut: Blocks) -> Game:
    from cocoonsim.experiments.shard_actor import Game

    content = _with_whole_paths(scenario.expand())
    return Game(content, tuple(allowed_plugins()), shards, cut.users, cut.items)


def _with_whole_paths(content: dict[str, Any]) -> dict[str, Any]:
    """The scenario with its data files named from the root: a worker may run in another folder."""
    for stage, spec in content.items():
        if isinstance(spec, dict) and "kind" in spec:
            for setting in settings_of(lookup("ranking" if stage == "control" else stage, spec["kind"])):
                if setting.about.path and spec.get(setting.name):
                    spec[setting.name] = str(Path(spec[setting.name]).resolve())
    return content


@contextmanager
def _team(
    client: Any,
    workers: Sequence[str],
    game: Game,
    starts: Mapping[int, State | None],
    lost: Callable[[int, str], None],
) -> Iterator[Team]:
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
            client.sync(tell, client.rpc, line, "start", lines, starts)
        ask = partial(client.sync, partial(ask_shards, client.rpc, lines, leads=True))
        team = Team(game.shards, ask, on_loss=lost)
        try:
            yield team
        finally:
            for gone in team.gone:
                lines.pop(gone)
    finally:
        client.sync(stop_shards, client.rpc, lines)
        for future in futures:
            future.release()
