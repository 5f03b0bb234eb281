"""Two threads, two processes."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

from benchmarks.pruning import NEVER, SKIP, skipping_from
from benchmarks.runs import POOL, SAMPLED, Run, model
from benchmarks.timing import Section, Size, goal, in_turns

SHAPES: list[tuple[str, int, int, Any, bool]] = [
    ("pool 500, cohort 2048", 100_000, 100_000, POOL, False),
    ("sampled 200", 50_000, 100_000, SAMPLED, False),
    ("all of 1k items", 100_000, 1_000, "everything", False),
    ("all of 10k items, each scored", 20_000, 10_000, "everything", False),
    ("all of 100k items, each scored", 8_192, 100_000, "everything", False),
    ("all of 10k items, most skipped", 60_000, 10_000, "everything", True),
    ("all of 100k items, most skipped", 32_000, 100_000, "everything", True),
]
"""name, users, items, candidates, whether items that cannot be among the best are skipped"""
ROUNDS = 3  # times as many as elsewhere: the first steps, in which many have not clicked yet, are not like the others


def two(size: Size) -> Section:
    """One thread, two threads, and two processes with half of the users each."""
    section = Section(
        "threads", "Two threads and two processes against one thread",
        "µs by the clock per user and step, smallest of the rounds; two processes have half of the users each.",
    )  # fmt: skip
    for name, users, items, candidates, skipping in size.shapes(SHAPES):
        users, items = size.users(users), size.items(items)
        one, two_threads = (Run(model(users, items, candidates=candidates), threads) for threads in (1, 2))
        halves = Halves(users, items, candidates, skipping)
        cases: dict[str, Callable[[], object]] = {"one": one.step, "threads": two_threads.step, "halves": halves.step}
        with skipping_from(*(SKIP if skipping else NEVER)):
            times = in_turns(cases, ROUNDS * size.rounds, warm=2)
        for run in (one, two_threads, halves):
            run.close()
        wall = {case: taken.wall for case, taken in times.items()}
        middle = times["one"].wall_median / times["threads"].wall_median
        gain = wall["one"] / wall["threads"]
        section.add(
            candidates=name, one_thread=1e6 * wall["one"] / users, two_threads=1e6 * wall["threads"] / users,
            two_processes=1e6 * wall["halves"] / users, gain_of_threads=gain, median=middle,
            gain_of_processes=wall["one"] / wall["halves"], **goal(gain, 1.7, at_least=True),
        )  # fmt: skip
    return section


class Halves:
    """Two processes that take a step whenever they are told to."""

    def __init__(self, users: int, items: int, candidates: Any, skipping: bool) -> None:
        context = multiprocessing.get_context("spawn")
        self.workers = []
        for seed in (1, 2):
            ours, theirs = context.Pipe()
            work = context.Process(
                target=_half, args=(theirs, users // 2, items, candidates, skipping, seed), daemon=True
            )
            work.start()
            self.workers.append((ours, work))

    def step(self) -> None:
        """A step of each, at the same time."""
        for pipe, _ in self.workers:
            pipe.send(True)
        for pipe, _ in self.workers:
            pipe.recv()

    def close(self) -> None:
        """End them."""
        for pipe, work in self.workers:
            pipe.send(False)
            work.join()


def _half(pipe: Connection, users: int, items: int, candidates: Any, skipping: bool, seed: int) -> None:
    run = Run(model(users, items, candidates=candidates), seed=seed)
    with skipping_from(*(SKIP if skipping else NEVER)):
        while pipe.recv():
            pipe.send(run.step().step)
    run.close()
