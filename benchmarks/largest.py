"""Memory of whole runs through the command line, and networks of a million people."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from benchmarks.timing import Section, Size, goal
from cocoonsim.core.chance import Chance
from cocoonsim.core.component import build, lookup
from cocoonsim.core.world import people

ROOT = Path(__file__).parents[1]
MILLION = ROOT / "scenarios" / "million.yaml"


def memory(size: Size) -> Section:
    """The scenario `million` at several sizes, each in a process of its own."""
    section = Section(
        "memory", "Whole runs through the command line: time and memory",
        "`scenarios/million.yaml`, 10 steps, all cores, metrics and report included; "
        "`s_per_step` is all of it divided by the steps.",
    )  # fmt: skip
    counts = {"full": (10_000, 100_000, 1_000_000), "quick": (10_000, 100_000), "tiny": (200,)}[size.name]
    for users in counts:
        with tempfile.TemporaryDirectory() as folder:
            sets = [f"population.users={users}", f"catalogue.items={size.items(100_000)}"]
            if size.name == "tiny":
                sets += ["steps=2", "candidates.size=50"]
            command = [sys.executable, "-m", "cocoonsim", "run", str(MILLION), "--quiet", "--out", folder]
            taken, peak = peak_of([*command, *(word for one in sets for word in ("--set", one))])
        steps = 2 if size.name == "tiny" else 10
        million = users == 1_000_000
        section.add(
            users=users, seconds=taken, s_per_step=taken / steps, peak_GiB=peak,
            **(goal(taken / steps, 3.0) if million else {}),
        )  # fmt: skip
        if million:
            section.add(users="the same, memory", peak_GiB=peak, **goal(peak, 0.6))
    return section


def peak_of(command: list[str]) -> tuple[float, float]:
    """(seconds, GiB): how long a process takes and the most memory it holds. Raises RuntimeError when it fails."""
    start = time.perf_counter()
    with tempfile.TemporaryFile() as words:
        process = subprocess.Popen(command, stdout=words, stderr=subprocess.STDOUT)
        _, status, used = os.wait4(process.pid, 0)
        taken = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            words.seek(0)
            raise RuntimeError(f"{' '.join(command)} failed:\n{words.read().decode(errors='replace')[-2000:]}")
    return taken, used.ru_maxrss / (2**30 if sys.platform == "darwin" else 2**20)


NETWORKS: dict[str, tuple[dict[str, object], float | None]] = {
    "blocks": ({"degree": 10.0, "mixing": 0.2}, 15.0),
    "small_world": ({"neighbours": 10}, 15.0),
    "scale_free": ({"ties": 5}, 30.0),
    "erdos_renyi": ({"degree": 10.0}, None),
}
"""name: settings for ten follows each, most seconds that are asked for."""


def networks(size: Size) -> Section:
    """A million people who follow ten each: the generators and the same from a file."""
    section = Section(
        "networks", "Networks", "Seconds; each in a process of its own, which held that much memory at most."
    )
    n = {"full": 1_000_000, "quick": 100_000, "tiny": 300}[size.name]
    start = [sys.executable, "-c"]
    opening = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r}); from benchmarks.largest import one_network, write_edges; "
    )
    with tempfile.TemporaryDirectory() as folder:
        for kind, most in [*((kind, most) for kind, (_, most) in NETWORKS.items()), ("from_file", 20.0)]:
            report = Path(folder) / "report.txt"
            if kind == "from_file":
                peak_of([*start, opening + "write_edges(*sys.argv[1:])", folder, str(n)])
            _, peak = peak_of([*start, opening + "one_network(*sys.argv[1:])", kind, str(n), folder])
            seconds, arcs = report.read_text().split()
            verdict = goal(float(seconds), most) if most and n == 1_000_000 else {}
            section.add(network=kind, people=n, arcs=int(arcs), seconds=float(seconds), peak_GiB=peak, **verdict)
    return section


def one_network(kind: str, count: str, folder: str) -> None:
    """Build one network of `count` people and write "seconds arcs" into `report.txt` of the folder."""
    n = int(count)
    users = people(np.ones((n, 1), np.float32), group=np.arange(n) % 5)
    settings: dict[str, object] = {"path": folder} if kind == "from_file" else NETWORKS[kind][0]
    lookup("network", kind)
    start = time.perf_counter()
    follows = build("network", {"kind": kind, **settings}).build(users, Chance(1))  # type: ignore[attr-defined]
    taken = time.perf_counter() - start
    (Path(folder) / "report.txt").write_text(f"{taken} {follows.n_arcs}")


def write_edges(folder: str, count: str) -> None:
    """`edges.parquet` with ten follows for each of `count` people, nobody left out, in random order."""
    import polars as pl

    generator, n = np.random.default_rng(1), int(count)
    sources = generator.permutation(np.repeat(np.arange(n), 10))
    targets = (sources + generator.integers(1, n, sources.size)) % n
    pl.DataFrame({"source": sources, "target": targets}).write_parquet(Path(folder) / "edges.parquet")
