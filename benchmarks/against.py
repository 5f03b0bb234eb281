"""The step against other ways to do it: agent by agent, bare linear algebra, and what the machine can do at best."""

from __future__ import annotations

import heapq
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.agents import Platform, Rules
from benchmarks.runs import MMR, POOL, Run, model
from benchmarks.timing import Section, Size, goal, in_turns
from cocoonsim.core.arrays import unit_rows
from cocoonsim.core.world import item_vectors

SLATE = 10
ROOT = str(Path(__file__).parents[1])

SHAPES: list[tuple[str, int, int, Any, float | None, float | None]] = [
    ("all of 10k items", 10_000, 10_000, "everything", 1.35, None),
    ("all of 1k items", 30_000, 1_000, "everything", None, None),
    ("all of 100k items", 4_000, 100_000, "everything", None, 3.5),
    ("pool 500 of 100k", 60_000, 100_000, POOL, None, None),
]
"""name, users, items, candidates, how often matmul + argpartition may go into a step at most, how often tiles"""


def agents(size: Size) -> Section:
    """The same numbers, one Mesa agent per user."""
    section = Section(
        "agents", "Against one Mesa agent per user in plain Python",
        "µs of processor time per user and step, one thread. The agents' feeds and clicks are checked to be those of the same "
        "users in the columnar run, in every step that is timed.",
    )  # fmt: skip
    items, few = size.items(10_000), max(10, int(250 * size.share))
    shapes: dict[str, tuple[dict[str, Any], Rules]] = {
        "100 sampled": ({"candidates": {"kind": "sampled", "size": 100}}, Rules("sampled", 100)),
        "200 sampled": ({"candidates": {"kind": "sampled", "size": 200}}, Rules("sampled", 200)),
        "pool 500": ({"candidates": POOL}, Rules("cohort_pool", 500, 2048)),
        "pool 500, MMR": ({"candidates": POOL, "feed": MMR}, Rules("cohort_pool", 500, 2048, "maximal_marginal")),
    }
    for name, (parts, rules) in shapes.items():
        users = size.users(40_000)
        run = Run(model(users, items, **parts))
        first = run.step()
        catalogue = first.world.items
        columns = (first.world.users.interests[:few], catalogue.topics, catalogue.quality, catalogue.arousal)
        interests, topics, quality, arousal = (column.tolist() for column in columns)
        told = Platform(interests, topics, quality, arousal, rules, seed=1)
        told.step()
        seen: dict[str, Any] = {"moment": first}
        all_at_once, one_by_one = _take_turns(run, told, seen)
        times = in_turns({"columns": all_at_once, "agents": one_by_one}, size.rounds, warm=1)
        run.close()
        ours, theirs = 1e6 * times["columns"].cpu / users, 1e6 * times["agents"].cpu / few
        section.add(
            candidates=name,
            columns=ours,
            agents=theirs,
            ratio=theirs / ours,
            **goal(theirs / ours, 70.0, at_least=True),
        )
    return section


def _take_turns(run: Run, told: Platform, seen: dict[str, Any]) -> tuple[Callable[[], None], Callable[[], None]]:
    def columns() -> None:
        seen["moment"] = run.step()

    def one_by_one() -> None:
        told.step()
        people, moment = list(told.agents), seen["moment"]
        if [user.feed for user in people] != moment.feed[: len(people)].tolist():
            raise RuntimeError(f"step {moment.step}: the agents were shown something else")
        if [user.clicked for user in people] != moment.clicks[: len(people)].tolist():
            raise RuntimeError(f"step {moment.step}: the agents clicked something else")

    return columns, one_by_one


def linear_algebra(size: Size) -> Section:
    """Scores and the ten best of them, and nothing else."""
    section = Section(
        "algebra", "Against bare matmul and argpartition",
        "µs of processor time per user, one thread. `matmul + argpartition` is 64 users at a time into one buffer, the ten "
        "best sorted, and nothing else; on some processors NumPy's AVX-512 way to do it is slower than the one before, so the "
        "comparison is with the quicker of the two. `tiles` is matmul alone, 64 users x 2048 items, nothing read back.",
    )  # fmt: skip
    for name, users, items, candidates, most, tiles in size.shapes(SHAPES):
        users = size.users(users)
        run = Run(model(users, size.items(items), candidates=candidates))
        run.step()
        moment = run.step()
        # true interests: where nobody has clicked yet all scores tie, and argpartition then takes many times as long
        people = unit_rows(moment.world.users.interests)
        vectors = item_vectors(moment.world.items).columns
        if isinstance(candidates, dict):
            vectors = np.ascontiguousarray(vectors[:, : candidates["size"]])
        cases = {"step": run.step, "bare": _bare(people, vectors), "tiles": _tiles(people, vectors)}
        times = {case: 1e6 * one.cpu / users for case, one in in_turns(cases, size.rounds).items()}
        run.close()
        plain = bare_without_avx512(users, vectors.shape[1], size)
        cells = {"step": times["step"], "matmul_+_argpartition": times["bare"], "without_AVX-512": plain}
        cells["tiles"] = times["tiles"]
        by_bare, by_tiles = times["step"] / min(times["bare"], plain), times["step"] / times["tiles"]
        verdict = goal(by_bare, most) if most else goal(by_tiles, tiles) if tiles else {}
        section.add(shape=name, **cells, step_by_bare=by_bare, step_by_tiles=by_tiles, **verdict)
    return section


def _bare(people: np.ndarray, vectors: np.ndarray) -> Callable[[], None]:
    scores = np.empty((64, vectors.shape[1]), np.float32)

    def work() -> None:
        for low in range(0, len(people), 64):
            rows = people[low : low + 64]
            some = np.matmul(rows, vectors, out=scores[: len(rows)])
            best = np.argpartition(some, -SLATE, axis=1)[:, -SLATE:]
            order = np.argsort(-np.take_along_axis(some, best, axis=1), axis=1)
            np.take_along_axis(best, order, axis=1)

    return work


def bare_without_avx512(users: int, items: int, size: Size) -> float:
    """µs per user of `matmul + argpartition` in a process in which NumPy does without AVX-512."""
    code = f"import sys; sys.path.insert(0, {ROOT!r}); from benchmarks.against import bare_alone; bare_alone()"
    surroundings = {**os.environ, "NPY_DISABLE_CPU_FEATURES": " ".join(_avx512()), "OPENBLAS_NUM_THREADS": "1"}
    command = [sys.executable, "-W", "ignore", "-c", code, str(users), str(items), str(size.rounds)]
    answer = subprocess.run(command, env=surroundings, capture_output=True, text=True, check=True)
    return float(answer.stdout)


def _avx512() -> list[str]:
    """What this processor has of it, by NumPy's names."""
    found = np.show_config(mode="dicts")["SIMD Extensions"].get("found", [])
    return [name for name in found if name.startswith("AVX512") or name == "X86_V4"]


def bare_alone() -> None:
    """Print the time for as many users, items and rounds as the command line says; vectors are random."""
    users, items, rounds = (int(word) for word in sys.argv[1:])
    generator = np.random.default_rng(1)
    people, vectors = (unit_rows(generator.standard_normal((n, 16))) for n in (users, items))
    times = in_turns({"bare": _bare(people, np.ascontiguousarray(vectors.T))}, rounds)
    print(1e6 * times["bare"].cpu / users)


def _tiles(people: np.ndarray, vectors: np.ndarray) -> Callable[[], None]:
    tiles = [np.ascontiguousarray(vectors[:, low : low + 2048]) for low in range(0, vectors.shape[1], 2048)]
    buffer = np.empty((64, 2048), np.float32)

    def work() -> None:
        for low in range(0, len(people), 64):
            rows = people[low : low + 64]
            for tile in tiles:
                np.matmul(rows, tile, out=buffer[: len(rows), : tile.shape[1]])

    return work


def machine(size: Size) -> Section:
    """What this machine can do: memory, linear algebra, and plain Python."""
    from threadpoolctl import threadpool_limits

    section = Section("machine", "What the machine can do", "One thread, smallest of the rounds.")
    n = 1_000_000 if size.name == "tiny" else 32_000_000
    a, b, c = (np.full(n, value, np.float32) for value in (0.0, 1.0, 2.0))
    side = 256 if size.name == "tiny" else 2048
    left, right = (np.full((side, side), 0.5, np.float32) for _ in range(2))
    numbers = [float(number % 97) for number in range(100_000)]

    def triad() -> None:
        # in pieces that stay in the cache, so that only what STREAM counts goes through memory
        for low in range(0, n, 65_536):
            part = slice(low, low + 65_536)
            np.multiply(c[part], np.float32(3), out=a[part])
            np.add(a[part], b[part], out=a[part])

    with threadpool_limits(1, "blas"):
        cases: dict[str, Callable[[], object]] = {
            "triad": triad,
            "matmul": lambda: left @ right,
            "python": lambda: heapq.nlargest(10, (number * 2.0 for number in numbers)),
        }
        times = in_turns(cases, size.rounds)
    section.add(what="STREAM triad, a = b + 3c (12 bytes per number), GB/s", value=12 * n / times["triad"].wall / 1e9)
    section.add(what=f"matmul {side}³ in float32, GFLOP/s", value=2 * side**3 / times["matmul"].wall / 1e9)
    section.add(what="plain Python: the 10 largest of 100,000 doubled numbers, ms", value=1e3 * times["python"].wall)
    return section
