"""`kill -9` of a real `cocoonsim run`, at any moment: the resumed run leaves the same bytes as one left alone."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

TIES = ", ".join(f"[{n}, {(7 * n + 1) % 60}, {0.05 + n % 5 / 20:.2f}]" for n in range(60))
SCENARIOS = {
    "factors, learnt now and then": """\
steps: 12
slate: 5
retrain_every: 5
population: {kind: uniform, users: 150}
catalogue: {kind: topic_mix, items: 200}
publishing: releases
network: small_world
ranking: factorisation
candidates: unseen
influence: reinforcement
metrics: [engagement, effective_topics, opinion_variance]
""",
    "memories, weighted ties, estimates that carry on, in turns": f"""\
steps: 12
slate: 4
population: {{kind: uniform, users: 60, dimensions: 2}}
catalogue: {{kind: scattered, items: 40}}
publishing: {{kind: from_memory, when: reading, lifespan: 3}}
network: {{kind: listed, ties: [{TIES}]}}
activity: {{kind: permutation, together: true}}
ranking: adaptive_estimate
candidates: {{kind: mixture, parts: [{{kind: followed, unread: true}}, sampled]}}
influence: {{kind: memory, capacity: 5}}
choice: {{kind: confidence_gate, tolerance: 2.0}}
metrics: [engagement, effective_topics, opinion_variance]
""",
}
FIRST, SECOND = SCENARIOS
AT_ANY_TIME = [*((FIRST, number) for number in range(20)), *((SECOND, number) for number in range(3))]
WHILE_WRITING = [*((FIRST, number) for number in range(6)), *((SECOND, number) for number in range(3))]
COMMAND = ["run", "tiny.yaml", "--seeds", "2", "--events", "sample 0.6", "--threads", "1", "--quiet"]
FOLDER = "tiny"
SHORT_FILES = "import cocoonsim.events as events; events.EVENTS_PER_FILE = 200"
KILL_AT = """
import os, shutil, signal, sys
done = 0
def counted(does):
    def one_more(*words, **more):
        global done
        done += 1
        if done == {moment}:
            os.kill(os.getpid(), signal.SIGKILL)
        return does(*words, **more)
    return one_more
for name in ("fsync", "replace", "rename", "unlink", "mkdir", "rmdir"):
    setattr(os, name, counted(getattr(os, name)))
import atexit
atexit.register(lambda: print(done, file=sys.stderr))
"""
"""Kill the process when it is about to do its n-th thing to a file: bring it to the disk, name it, remove it."""

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no kill -9 here")


def start(here: Path, *words: str, before: str = "") -> subprocess.Popen[bytes]:
    code = f"{before}\n{SHORT_FILES}\nfrom cocoonsim.cli import main\nmain()"
    return subprocess.Popen(
        [sys.executable, "-c", code, *words], cwd=here, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def ends(process: subprocess.Popen[bytes]) -> tuple[int, str]:
    """Exit status and what was said on standard error."""
    _, said = process.communicate(timeout=120)
    return process.returncode, said.decode()


def contents(out: Path) -> dict[str, bytes]:
    """All files below `out`, which holds one folder of results."""
    (folder,) = (out / FOLDER).iterdir()
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def resume(here: Path, out: str) -> None:
    """Go on with whatever is there; a run that was killed before it had begun is begun again."""
    places = [path for path in (here / out / FOLDER).glob("*") if (path / "start.npz.sha256").is_file()]
    if places:
        status, said = ends(start(here, "run", "--resume", str(places[0]), "--threads", "1", "--quiet"))
        assert status == 0 or "is finished: there is nothing to resume" in said, said
    else:
        status, said = ends(start(here, *COMMAND, "--checkpoint-every", "3", "--out", out))
        assert status == 0, said


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], tuple[Path, float]]:
    """Where an uninterrupted run of a scenario without checkpoints lies (`out`), and how many seconds it took: run once."""

    @cache
    def play(scenario: str) -> tuple[Path, float]:
        here = tmp_path_factory.mktemp("kill")
        (here / "tiny.yaml").write_text(SCENARIOS[scenario])
        begun = time.monotonic()
        status, said = ends(start(here, *COMMAND, "--out", "out"))
        assert status == 0, said
        return here, time.monotonic() - begun

    return play


@pytest.fixture(params=SCENARIOS)
def alone(request: pytest.FixtureRequest, played: Callable[[str], tuple[Path, float]]) -> tuple[Path, float]:
    return played(request.param)


@pytest.fixture(scope="module")
def moments() -> Callable[[Path], int]:
    """How many things a run with checkpoints does to files, of the scenario that lies here: counted once."""

    @cache
    def count(here: Path) -> int:
        status, said = ends(
            start(here, *COMMAND, "--checkpoint-every", "3", "--out", "counted", before=KILL_AT.format(moment=0))
        )
        assert status == 0, said
        compare(here, "counted")
        return int(said)

    return count


def compare(here: Path, out: str) -> None:
    """Equal byte for byte."""
    expected, found = contents(here / "out"), contents(here / out)
    assert found.keys() == expected.keys()
    assert all(found[name] == expected[name] for name in found)
    assert sum(name.startswith("events/") for name in found) > 5


@pytest.mark.parametrize("moment", [40, 95])
def test_a_run_killed_while_it_writes_is_resumed(moment: int, alone: tuple[Path, float]) -> None:
    here, out = alone[0], f"written-{moment}"
    command = (*COMMAND, "--checkpoint-every", "3", "--out", out)
    assert ends(start(here, *command, before=KILL_AT.format(moment=moment)))[0] == -signal.SIGKILL
    assert [path.suffix for path in (here / out / FOLDER).iterdir()] == [".unfinished"]
    resume(here, out)
    compare(here, out)


@pytest.mark.slow
@pytest.mark.parametrize(("alone", "number"), AT_ANY_TIME, indirect=["alone"])
def test_a_run_killed_at_a_random_moment_is_resumed(number: int, alone: tuple[Path, float]) -> None:
    here, seconds = alone
    out = f"killed-{number}"
    process = start(here, *COMMAND, "--checkpoint-every", "3", "--out", out)
    time.sleep(seconds * random.Random(number).uniform(0.2, 1.2))
    process.send_signal(signal.SIGKILL)
    ends(process)
    resume(here, out)
    compare(here, out)


@pytest.mark.slow
@pytest.mark.parametrize(("alone", "number"), WHILE_WRITING, indirect=["alone"])
def test_a_run_killed_at_any_moment_of_writing_is_resumed(
    number: int, alone: tuple[Path, float], moments: Callable[[Path], int]
) -> None:
    here, out = alone[0], f"writing-{number}"
    moment = random.Random(number).randint(1, moments(here))
    process = start(here, *COMMAND, "--checkpoint-every", "3", "--out", out, before=KILL_AT.format(moment=moment))
    assert ends(process)[0] == -signal.SIGKILL
    resume(here, out)
    compare(here, out)


@pytest.mark.slow
def test_a_run_killed_again_and_again_gets_there(alone: tuple[Path, float]) -> None:
    here, out = alone[0], "again"
    words = [*COMMAND, "--checkpoint-every", "3", "--out", out]
    for _ in range(12):
        status, said = ends(start(here, *words, before=KILL_AT.format(moment=40)))
        if status != -signal.SIGKILL:
            break
        (place,) = (here / out / FOLDER).iterdir()
        words = ["run", "--resume", str(place), "--threads", "1", "--quiet"]
    assert status == 0, said
    compare(here, out)
