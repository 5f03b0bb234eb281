"""A whole class at once, a whole lesson long, and from the command to the first picture."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cocoonsim import Scenario
from cocoonsim.app.session import Session

STUDENTS = 20
pytestmark = pytest.mark.slow


def resident() -> float:
    """Megabytes of this process in memory."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is read off Linux's /proc")
def test_memory_is_flat_over_a_thousand_steps(small: Scenario) -> None:
    """Without new items, as those are part of the world and stay in it."""
    session = Session(small.with_sets(["steps=1000", "publishing=none"]))
    seen = []
    while session.advance():
        if session.step in (200, 1000):
            gc.collect()
            seen.append(resident())
    assert session.step == 1000
    assert seen[1] - seen[0] < 10


@pytest.mark.browser
def test_twenty_students_play_at_once(serve: Callable[..., Any], visit: Callable[..., Any], small: Scenario) -> None:
    served = serve(small.with_sets(["steps=5000"]))
    tabs = [visit(served.address) for _ in range(STUDENTS)]
    for tab in tabs:
        tab.page.get_by_label("fastest").check()
        tab.page.click("#play")
    for tab in tabs:
        tab.until_step(3)
    assert len(served.sessions) == STUDENTS
    assert len({tab.page.get_attribute("[data-session]", "data-session") for tab in tabs}) == STUDENTS
    tabs[0].page.click("#play")
    tabs[0].page.click("#reset")
    tabs[0].page.wait_for_function("document.querySelector('#count').textContent === 'Step 0'")
    here = tabs[1].step()
    tabs[1].until_step(here + 2)
    assert [message for tab in tabs for message in tab.messages + tab.foreign] == []
    for tab in tabs:
        tab.page.close()
    deadline = time.monotonic() + 20
    while len(served.sessions) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert len(served.sessions) == 0


@pytest.mark.browser
def test_from_the_command_to_a_moving_picture(visit: Callable[..., Any]) -> None:
    """What the command prints is where the page is."""
    command = [sys.executable, "-c", "from cocoonsim.cli import main; main()", "app", "--port", "0", "--no-browser"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        address = next(word for word in server.stdout.readline().split() if word.startswith("http://127.0.0.1:"))
        tab = visit(address)
        assert tab.page.inner_text("#question").startswith("Does a feed that learns from clicks")
        tab.page.click("#play")
        tab.until_step(2)
        server.terminate()
    assert tab.messages == []
    assert tab.foreign == []
