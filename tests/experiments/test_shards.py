"""One run on the workers of a real Dask scheduler: the numbers of one process, whatever becomes of the workers."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from cocoonsim import Scenario
from cocoonsim.core import component
from cocoonsim.core.blocks import Blocks
from cocoonsim.core.errors import UserError
from cocoonsim.experiments import shards as module
from cocoonsim.experiments.exchange import ShardBlocks
from cocoonsim.experiments.shards import simulate_sharded
from cocoonsim.recorder import simulate
from cocoonsim.staging import Staging

distributed = pytest.importorskip("distributed", reason="the extra `distributed` is not installed")

CUT = Blocks(users=32, threads=1)
"""Small blocks, so that small worlds are exchanged in many pieces."""
VARIANTS: dict[str, dict[str, Any]] = {
    "content": {"influence": "reinforcement", "record": {"events": "sample 0.5"}},
    "camps": {
        "population": {"kind": "two_camps", "users": 300}, "catalogue": {"kind": "partisan_news", "items": 120},
        "network": "small_world", "candidates": {"kind": "cohort_pool", "size": 40}, "ranking": "social",
        "influence": "bounded_confidence", "rewiring": "unfollow_discordant", "choice": "bernoulli",
        "feed": "maximal_marginal",
    },
    "learning": {
        "ranking": {"kind": "factorisation", "rank": 4}, "influence": "reinforcement", "feed": "epsilon_greedy",
        "activity": {"kind": "share", "share": 0.6}, "publishing": {"kind": "releases", "items": 5}, "retrain_every": 2,
    },
    "beliefs": {"influence": "belief_update", "choice": "risk_averse", "ranking": "adaptive_estimate"},
    "weighted ties": {
        "network": {"kind": "listed", "ties": [[n, (7 * n + 1) % 300, 0.05 + n % 5 / 20] for n in range(300)], "mutual": True},
        "influence": "degroot", "ranking": "social",
    },
    "one by one": {
        "activity": {"kind": "one_at_a_time", "events": 60}, "influence": "memory", "network": "erdos_renyi",
        "candidates": "followed", "publishing": {"kind": "reposts", "window": 60},
    },
}  # fmt: skip


def scenario(**changes: Any) -> Scenario:
    small = {
        "steps": 5,
        "population": {"kind": "uniform", "users": 300},
        "catalogue": {"kind": "topic_mix", "items": 90},
    }
    return Scenario.from_dict(small | changes)


class Cluster:
    """A scheduler and workers, each a process on this machine's loopback."""

    def __init__(self, folder: Path, workers: int) -> None:
        self.folder = folder
        file = folder / "scheduler.json"
        self.scheduler = self._start(
            "dask_scheduler",
            "--host",
            "127.0.0.1",
            "--port",
            "0",
            "--no-dashboard",
            "--idle-timeout",
            "300",
            "--scheduler-file",
            str(file),
        )
        self.address = str(self._wait_for(file)["address"])
        self.workers: dict[str, subprocess.Popen[bytes]] = {}
        for number in range(workers):
            self.add_worker(f"worker-{number}")
        with distributed.Client(self.address, set_as_default=False) as client:
            client.wait_for_workers(workers, timeout=60)

    def _start(self, command: str, *arguments: str, **environment: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", f"distributed.cli.{command}", *arguments],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=self.folder,
            env=os.environ | environment,
        )

    @staticmethod
    def _wait_for(file: Path) -> dict[str, Any]:
        for _ in range(300):
            if file.is_file() and file.stat().st_size:
                found: dict[str, Any] = json.loads(file.read_text())
                return found
            time.sleep(0.1)
        raise TimeoutError(f"{file.name} was not written")

    def add_worker(self, name: str, **environment: str) -> None:
        options = ("--name", name, "--host", "127.0.0.1", "--nthreads", "1", "--no-nanny", "--no-dashboard")
        limits = ("--memory-limit", "0", "--death-timeout", "30", "--local-directory", str(self.folder / name))
        self.workers[name] = self._start("dask_worker", self.address, *options, *limits, **environment)

    def close(self) -> None:
        for process in (*self.workers.values(), self.scheduler):
            process.kill()
            process.wait()


@contextmanager
def started(folder: Path, workers: int = 2) -> Iterator[Cluster]:
    made = Cluster(folder, workers)
    try:
        yield made
    finally:
        made.close()


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with started(tmp_path_factory.mktemp("cluster")) as made:
        yield made


def state(results: Any) -> list[Any]:
    """What must be equal beside the digest of the metrics: the people at the end, and everything recorded."""
    tables = [results.users, results.opinions, results.sample_feeds, results.sample_network]
    events = results.events.sort("seed", "step", "user").collect() if results.events is not None else None
    tables += [] if events is None else [events]
    return [table.fill_nan(None).to_dict(as_series=False) for table in tables]  # a number that is none equals itself


# ---------------------------------------------------------------------------------------------------- the same numbers
@pytest.mark.parametrize("variant", VARIANTS)
def test_shards_give_the_numbers_of_one_process(cluster: Cluster, variant: str) -> None:
    played = scenario(**VARIANTS[variant])
    alone = simulate(played, [1, 2], Blocks(users=50, threads=2))
    for shards in (1, 2):
        heard: list[str] = []
        steps: list[tuple[int, int]] = []
        shared = simulate_sharded(
            played, [1, 2], shards, cluster.address, CUT, lambda *at, s=steps: s.append(at), heard.append
        )
        assert shared.digest == alone.digest
        assert state(shared) == state(alone)
        assert not heard
        assert steps == [(done, 10) for done in range(1, 11)]
        assert shared.manifest["shards"] == {"workers": shards, "lost": 0}


def test_the_workers_do_the_work(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    computed: list[int] = []
    compute = ShardBlocks._compute

    def counting(self: ShardBlocks, work: Any, pieces: Any, which: Any) -> Any:
        computed.append(len(which))
        return compute(self, work, pieces, which)

    monkeypatch.setattr(ShardBlocks, "_compute", counting)
    simulate_sharded(scenario(influence="reinforcement"), [1], 2, cluster.address, CUT)
    assert len(computed) >= 5 * 3  # in each step feeds, choices and influence, at least
    assert not any(computed)


def test_nothing_is_left_on_the_workers(cluster: Cluster) -> None:
    simulate_sharded(scenario(), [1], 2, cluster.address, CUT)
    with distributed.Client(cluster.address, set_as_default=False) as client:
        for _ in range(100):
            if not any(client.run(playing).values()):
                break
            time.sleep(0.05)
        assert not any(client.run(playing).values())
        assert not client.run_on_scheduler(lambda dask_scheduler: list(dask_scheduler.tasks))


def playing() -> list[str]:
    """The names of the threads that play, in the process that runs this."""
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("shard ")]


# ---------------------------------------------------------------------------------------------------- death
def test_a_killed_worker_costs_nothing_but_time(tmp_path: Path) -> None:
    played = scenario(**VARIANTS["camps"], steps=12)
    alone = simulate(played, [1], CUT)
    with started(tmp_path) as cluster:
        heard: list[str] = []

        def kill(done: int, total: int) -> None:
            if done == 4:
                cluster.workers["worker-1"].send_signal(signal.SIGKILL)
                cluster.workers["worker-1"].wait()

        shared = simulate_sharded(played, [1], 2, cluster.address, CUT, kill, heard.append)
        assert shared.digest == alone.digest
        assert state(shared) == state(alone)
        assert shared.manifest["shards"] == {"workers": 2, "lost": 1}
        assert len(heard) == 1
        assert "was lost" in heard[0]
        assert "goes on with 1 of 2" in heard[0]

        def kill_all(done: int, total: int) -> None:
            if done == 4:
                cluster.workers["worker-0"].kill()

        with pytest.raises(UserError, match="all workers of this run were lost"):
            simulate_sharded(played, [1], 1, cluster.address, CUT, kill_all)


def test_a_run_without_workers_is_resumed_from_its_last_checkpoint(cluster: Cluster, tmp_path: Path) -> None:
    """All workers die in step 7 of the second seed; what was kept goes on with two others, and in one process."""
    played = scenario(**VARIANTS["learning"] | {"steps": 9, "record": {"events": "all"}})
    alone = simulate(played, [1, 2], CUT)
    folder = tmp_path / "results" / "run"

    def kill_all(done: int, total: int) -> None:
        if done == 9 + 7:
            for worker in doomed.workers.values():
                worker.kill()

    with (
        started(tmp_path) as doomed,
        pytest.raises(
            UserError, match=r"all workers of this run were lost .* What was done so far is kept: .*--resume"
        ),
        Staging.begin(folder, played, [1, 2], 3) as staging,
    ):
        simulate_sharded(played, [1, 2], 2, doomed.address, CUT, kill_all, staging=staging)
    shutil.copytree(staging.path, tmp_path / "copy.unfinished")
    with Staging.reopen(folder) as staging:
        steps: list[int] = []
        shared = simulate_sharded(
            staging.scenario, [1, 2], 2, cluster.address, CUT, lambda done, _: steps.append(done), staging=staging
        )
        assert steps[0] == 9 + 7  # the last checkpoint was after six steps
        assert shared.digest == alone.digest
        assert state(shared) == state(alone)
    with Staging.reopen(tmp_path / "copy") as staging:
        assert simulate(staging.scenario, [1, 2], CUT, staging=staging).digest == alone.digest


def test_workers_let_go_of_a_run_whose_leader_died(cluster: Cluster, tmp_path: Path) -> None:
    code = f"""
import os
from cocoonsim import Scenario
from cocoonsim.core.blocks import Blocks
from cocoonsim.experiments.shards import simulate_sharded

played = Scenario.from_dict({{"steps": 500, "population": {{"kind": "uniform", "users": 300}}}})
die = lambda done, total: done == 5 and os._exit(7)
simulate_sharded(played, [1], 2, {cluster.address!r}, Blocks(users=32, threads=1), die)
"""
    child = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, timeout=60)
    assert child.returncode == 7, child.stderr
    with distributed.Client(cluster.address, set_as_default=False) as client:
        end = time.monotonic() + 20
        while any(client.run(playing).values()) and time.monotonic() < end:
            time.sleep(0.2)
        assert not any(client.run(playing).values())


# ---------------------------------------------------------------------------------------------------- plug-ins and paths
PLUGIN = '''"""Show the newest half of the items first.

Also known as: half.
Source: own.
"""

import numpy as np

from cocoonsim.ranking import Ranking


class HalfNewest(Ranking):
    def score(self, view):
        return (np.asarray(view.items) % 7).astype(np.float32)
'''


@pytest.fixture
def plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    folder = tmp_path / "plugins"
    (folder / "ranking").mkdir(parents=True)
    (folder / "ranking" / "half_newest.py").write_text(PLUGIN)
    monkeypatch.setattr(component, "_folders", [])
    monkeypatch.setattr(component, "_modules", [])
    component.find.cache_clear()
    component.allow_plugin(str(folder))
    yield folder
    component.find.cache_clear()


def test_plugins_are_allowed_on_the_workers_too(cluster: Cluster, plugin: Path) -> None:
    played = scenario(ranking="half_newest")
    assert simulate_sharded(played, [1], 2, cluster.address, CUT).digest == simulate(played, [1], CUT).digest
    plugin.rename(plugin.with_name("elsewhere"))  # as on a worker that does not see this folder
    with pytest.raises(UserError, match=r"worker tcp://\S+ cannot play this scenario.*--plugin"):
        simulate_sharded(played, [1], 2, cluster.address, CUT)


def test_a_workers_folder_does_not_matter_for_data_files(
    cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("ties.csv").write_text("\n".join(f"{one},{(one + 1) % 100}" for one in range(100)))
    played = scenario(
        population={"kind": "uniform", "users": 100},
        network={"kind": "from_file", "path": "ties.csv"},
        ranking="social",
    )
    assert simulate_sharded(played, [1], 2, cluster.address, CUT).digest == simulate(played, [1], CUT).digest


# ---------------------------------------------------------------------------------------------------- bad input
@pytest.mark.parametrize(
    ("shards", "message"),
    [
        (0, r"--shards 0: a run needs at least one shard"),
        (-3, r"--shards -3: a run needs at least one shard"),
        (301, r"--shards 301: there are only 300 users\. Use at most 300 shards"),
    ],
)
def test_numbers_of_shards_that_cannot_be(shards: int, message: str) -> None:
    with pytest.raises(UserError, match=message):
        simulate_sharded(scenario(), [1], shards, "tcp://127.0.0.1:1")


def test_more_shards_than_workers(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CONNECT", 1.0)
    with pytest.raises(UserError, match=r"--shards 3: the scheduler has 2 workers\. Start more .* or use --shards 2"):
        simulate_sharded(scenario(), [1], 3, cluster.address)


def test_a_scheduler_that_cannot_be_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CONNECT", 1.0)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))  # taken, but nobody listens
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
        begin = time.monotonic()
        with pytest.raises(
            UserError, match=rf"--dask {address}: no Dask scheduler answers there .* tcp://127.0.0.1:8786"
        ):
            simulate_sharded(scenario(), [1], 2, address)
        assert time.monotonic() - begin < 8


@pytest.mark.parametrize(
    "address",
    [
        "nonsense",
        "127.0.0.1:8786",
        "http://127.0.0.1:80",
        "tcp://127.0.0.1",
        "tcp://127.0.0.1:port",
        "tcp://127.0.0.1:99999",
    ],
)
def test_addresses_that_are_none(address: str) -> None:
    with pytest.raises(UserError, match=rf"--dask {address} is not the address of a Dask scheduler\. .* tcp://127"):
        simulate_sharded(scenario(), [1], 2, address)


@pytest.mark.parametrize(("greeting", "why"), [(b"", "timed out"), (b"SSH-2.0-OpenSSH_9.2", "something else does")])
def test_a_server_that_is_no_scheduler(greeting: bytes, why: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CONNECT", 1.0)
    guests: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def greet() -> None:
            guest, _ = server.accept()
            guest.sendall(greeting)
            guests.append(guest)

        host = threading.Thread(target=greet)
        host.start()
        address = f"tcp://127.0.0.1:{server.getsockname()[1]}"
        with pytest.raises(UserError, match=rf"--dask {address}: no Dask scheduler answers there \({why}\)"):
            simulate_sharded(scenario(), [1], 2, address)
        host.join(timeout=5)
        guests[0].close()


def test_workers_with_another_cocoonsim_are_refused(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cocoonsim.__version__", "99.0")
    with pytest.raises(
        UserError, match=r"worker tcp://\S+ has cocoonsim \S+, this process has 99\.0\. Install the same"
    ):
        simulate_sharded(scenario(), [1], 2, cluster.address)


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(UserError, match=r'pip install "cocoonsim\[distributed\]"'):
        simulate_sharded(scenario(), [1], 2, "tcp://127.0.0.1:1")


# ---------------------------------------------------------------------------------------------------- workers of our own
@pytest.mark.slow
def test_without_an_address_workers_are_started_for_the_run(tmp_path: Path) -> None:
    """As a command would do it, in a process of its own: Dask's own start of workers does not like our strict warnings."""
    code = """
from cocoonsim import Scenario, simulate
from cocoonsim.core.blocks import Blocks
from cocoonsim.experiments.shards import simulate_sharded

if __name__ == "__main__":
    played = Scenario.from_dict({"steps": 3, "population": {"kind": "uniform", "users": 300}})
    cut = Blocks(users=32, threads=1)
    assert simulate_sharded(played, [1], 2, "", cut).digest == simulate(played, [1], cut).digest
"""
    script = tmp_path / "script.py"
    script.write_text(code)
    child = subprocess.run([sys.executable, str(script)], cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert child.returncode == 0, child.stderr
    assert not child.stderr
