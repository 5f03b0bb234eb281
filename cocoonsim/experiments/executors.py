"""Where many runs are carried out: in this process, or in a pool of others. A child that dies is replaced."""

from __future__ import annotations

import gc
import multiprocessing
import os
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from typing import Any, TypeVar

from cocoonsim.core.errors import UserError

Task = TypeVar("Task")
Answer = TypeVar("Answer")

TRIES = 3
"""How often a run is tried before it is given up: a child may be killed for reasons that pass."""


def run_all(
    work: Callable[[Task], Answer],
    tasks: Sequence[Task],
    jobs: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> list[Answer]:
    """`work` on every task, in `jobs` processes (default: one per core); answers in the order of the tasks.

    `work` and the tasks must be picklable. A run that raises ends everything with its error; a process that dies
    (killed, out of memory) takes no answer with it: what is missing is run again, `TRIES` times at most.
    """
    jobs = min(jobs or os.cpu_count() or 1, max(len(tasks), 1))
    answers: dict[int, Answer] = {}

    def done(number: int, answer: Answer) -> None:
        answers[number] = answer
        if progress:
            progress(len(answers), len(tasks))

    if jobs == 1:
        for number, task in enumerate(tasks):
            done(number, work(task))
        return [answers[number] for number in range(len(tasks))]

    for _ in range(TRIES):
        missing = [number for number in range(len(tasks)) if number not in answers]
        if not missing:
            break
        _one_pool(work, tasks, missing, min(jobs, len(missing)), done)
    if len(answers) < len(tasks):
        raise UserError(
            f"{len(tasks) - len(answers)} of {len(tasks)} runs were killed {TRIES} times, most likely for lack of memory. "
            "Use fewer --jobs or a smaller scenario"
        )
    return [answers[number] for number in range(len(tasks))]


def _begin() -> None:
    """What a child does first: it looks for rubbish less often, as steps leave little behind that counting does not find."""
    gc.set_threshold(50_000, 20, 20)


def _one_pool(
    work: Callable[[Task], Answer],
    tasks: Sequence[Task],
    missing: Sequence[int],
    jobs: int,
    done: Callable[[int, Answer], None],
) -> None:
    """One pool's worth of work; returns early, with what it has, when a child dies."""
    context = multiprocessing.get_context("spawn")  # forked threads deadlock
    with ProcessPoolExecutor(jobs, mp_context=context, initializer=_begin) as pool:
        waiting: dict[Future[Any], int] = {}
        with suppress(BrokenProcessPool):  # a child may die before all tasks are handed in
            for number in missing:
                waiting[pool.submit(work, tasks[number])] = number
        try:
            for future in as_completed(waiting):
                try:
                    done(waiting[future], future.result())
                except BrokenProcessPool:
                    continue  # its answer is lost; those that came in before it are not
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
