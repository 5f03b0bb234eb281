"""A shard: a Dask actor on a worker that plays the same loop as all others and works on its own users.

The worker's event loop answers the others (`take`), a thread plays. The thread knows the desk, not the actor: when Dask
lets go of the actor (the run is over, or whoever wanted it has died), the desk is closed and the thread ends.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import importlib
import platform
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np

from cocoonsim.assemble import assemble
from cocoonsim.core.component import allow_plugin
from cocoonsim.core.moment import State
from cocoonsim.experiments.exchange import GIVEN_UP, Answer, Closed, Desk, ShardBlocks, Team
from cocoonsim.scenario import Scenario
from cocoonsim.simulate import play

dask: Any = importlib.import_module("distributed")  # whether it is installed or not, types are checked the same way

PATIENCE = 5.0
"""Seconds after which a waiting question is asked again, so that no question keeps a forgotten actor alive."""
REACH = 3.0
"""Seconds that a connection to a worker may take before the worker counts as lost."""

Lines = Mapping[int, tuple[str, str]]
"""How to reach each shard: (address of its worker, name of the actor there)."""
Starts = Mapping[int, State | None]
"""The seeds to play, in order, and from where: None is from the beginning."""


@dataclass(frozen=True)
class Game:
    """What all members of a team play: the scenario in full, and how the work is cut."""

    scenario: dict[str, Any]
    plugins: tuple[str, ...]
    shards: int
    users: int
    items: int


class Shard:
    """One shard of a run. Raises UserError when this worker cannot play the scenario."""

    def __init__(self, game: Game, number: int) -> None:
        for plugin in game.plugins:
            allow_plugin(plugin)
        self._scenario = Scenario.from_dict(game.scenario)
        assemble(self._scenario)
        self._game, self._number = game, number
        self._worker = dask.get_worker()
        self._desk = Desk()

    def start(self, lines: Lines, starts: Starts) -> None:
        """Begin to play, with the others at these lines."""
        worker = self._worker
        team = Team(
            shards=self._game.shards,
            ask=lambda call, n, wanted: dask.utils.sync(worker.loop, ask_shards, worker.rpc, lines, call, n, wanted),
            number=self._number,
            desk=self._desk,
        )
        blocks = ShardBlocks(self._game.users, self._game.items, worker.state.nthreads, team=team)
        work = partial(_play, self._scenario, starts, blocks, self._desk)
        threading.Thread(target=work, name=f"shard {self._number}", daemon=True).start()

    async def take(self, call: int, n: int, wanted: Sequence[int], leads: bool) -> Answer | None:
        """The wanted pieces of a call as soon as they are there; None when the asker should ask again."""
        if leads:
            self._desk.leader_at(call)
        done = asyncio.wrap_future(self._desk.ready(call))
        await asyncio.wait({done}, timeout=PATIENCE)
        return self._desk.fetch(call, n, wanted) if done.done() else None

    async def stop(self) -> None:
        """End the play."""
        self._desk.close(GIVEN_UP)

    def __del__(self) -> None:
        if desk := self.__dict__.get("_desk"):
            desk.close(GIVEN_UP)


def _play(scenario: Scenario, starts: Starts, blocks: ShardBlocks, desk: Desk) -> None:
    try:
        for seed, state in starts.items():
            for _ in play(scenario, seed, blocks, state):
                pass
    except Closed:
        pass
    except BaseException as error:  # whoever asks is told, and computes the piece itself
        desk.close(f"{type(error).__name__}: {error}")
    finally:
        blocks.close()


async def tell(pool: Any, line: tuple[str, str], method: str, *arguments: Any) -> Any:
    """Call one method of a shard, over a worker's or a client's pool of connections.

    Not through Dask's `Actor`: a call of that to a worker that has died may wait for ever, or long to be connected.
    """
    address, name = line
    given = [dask.protocol.to_serialize(argument) for argument in arguments]
    comm = await pool.connect(address, timeout=REACH)
    try:
        answer = await dask.core.send_recv(comm, op="actor_execute", function=method, actor=name, args=given, kwargs={})
    finally:
        pool.reuse(address, comm)
    if answer["status"] != "OK":
        raise answer["exception"]
    return answer["result"]


async def ask_shards(
    pool: Any, lines: Lines, call: int, n: int, wanted: Mapping[int, list[int]], leads: bool = False
) -> dict[int, Answer]:
    """Fetch pieces from several shards at the same time; for a shard that cannot answer, why."""

    async def one(shard: int) -> Answer:
        try:
            while True:
                answer = await tell(pool, lines[shard], "take", call, n, wanted[shard], leads)
                if answer is not None:
                    return answer
        except Exception as error:  # a dead worker shows itself in many ways
            return f"{type(error).__name__}: {error}"

    answers = await asyncio.gather(*(one(shard) for shard in wanted))
    return dict(zip(wanted, answers, strict=True))


async def stop_shards(pool: Any, lines: Lines) -> None:
    """End the play on all shards that can still be reached."""

    async def one(line: tuple[str, str]) -> None:
        with contextlib.suppress(Exception):
            await asyncio.wait_for(tell(pool, line, "stop"), PATIENCE)

    await asyncio.gather(*(one(line) for line in lines.values()))


def software() -> dict[str, str]:
    """What must be the same on all machines of a run: versions, and the source of cocoonsim itself."""
    import cocoonsim

    return {
        "cocoonsim": cocoonsim.__version__,
        "source of cocoonsim": _source(Path(cocoonsim.__file__).parent),
        "NumPy": np.__version__,
        "Python": ".".join(platform.python_version_tuple()[:2]),
    }


@cache
def _source(folder: Path) -> str:
    """A hash of all source files; looked at once, as they were imported once."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.py"), key=lambda path: path.relative_to(folder).as_posix()):
        digest.update(path.relative_to(folder).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()[:12]
