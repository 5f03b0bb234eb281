"""Runs in a pool: answers in order, errors passed on, dead children replaced."""

from __future__ import annotations

import os
import signal
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

import pytest

from cocoonsim.core.errors import UserError
from cocoonsim.experiments import executors
from cocoonsim.experiments.executors import run_all


def square(number: int) -> int:
    return number * number


def die_once(marker: str) -> str:
    """Kill the process that runs this, the first time it is asked."""
    path = Path(marker)
    if path.name.startswith("deadly") and not path.exists():
        path.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return path.name


def die_always(number: int) -> int:
    if number == 1:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def refuse(number: int) -> int:
    raise UserError(f"no to {number}")


@pytest.mark.parametrize("jobs", [1, 2])
def test_answers_come_in_the_order_of_the_tasks(jobs: int) -> None:
    seen: list[tuple[int, int]] = []
    answers = run_all(square, [3, 1, 2], jobs, lambda done, total: seen.append((done, total)))
    assert answers == [9, 1, 4]
    assert seen == [(1, 3), (2, 3), (3, 3)]


def test_a_killed_child_is_replaced_and_nothing_is_lost(tmp_path: Path) -> None:
    tasks = [str(tmp_path / name) for name in ("a", "deadly", "b", "c")]
    assert run_all(die_once, tasks, 2) == ["a", "deadly", "b", "c"]


def test_a_child_may_die_while_tasks_are_still_handed_in(monkeypatch: pytest.MonkeyPatch) -> None:
    taken = []

    class Broken(ProcessPoolExecutor):
        def submit(self, *words: Any, **more: Any) -> Any:
            taken.append(words)
            if len(taken) == 2:
                raise BrokenProcessPool("a child process terminated abruptly")
            return super().submit(*words, **more)

    monkeypatch.setattr(executors, "ProcessPoolExecutor", Broken)
    assert run_all(square, [1, 2, 3], 2) == [1, 4, 9]
    assert len(taken) == 4  # 1; 2, which broke; then 2 and 3


def test_a_run_that_always_dies_is_given_up_with_a_reason() -> None:
    with pytest.raises(UserError, match=r"killed 3 times, most likely for lack of memory\. Use fewer --jobs"):
        run_all(die_always, [0, 1], 2)


@pytest.mark.parametrize("jobs", [1, 2])
def test_an_error_in_a_run_reaches_the_caller(jobs: int) -> None:
    with pytest.raises(UserError, match="no to"):
        run_all(refuse, [1, 2], jobs)


def test_no_tasks_no_answers() -> None:
    assert run_all(square, [], 2) == []
