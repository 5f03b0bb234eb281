"""The page in a browser: how fast two worlds play, from click to picture, and how long the first picture takes."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import time
from typing import Any

from benchmarks.timing import Section, Size, goal

_SECONDS = {"full": 15.0, "quick": 8.0, "tiny": 1.0}
_SERVER = """
from cocoonsim.app.server import serve
from cocoonsim.app.stories import stories
story = next(iter(stories(None).values()))
serve(story.with_sets(["population.users={users}", "steps=100000"]), 0, lambda address: print(address, flush=True))
"""


def playing(size: Size) -> Section:
    """Two panels of the first story at the largest speed, in headless Chromium on the same machine."""
    section = Section(
        "classroom", "The page in a browser",
        "Seconds by the clock in headless Chromium: from the command to the first picture that has moved, and per step of "
        "both panels, pictures drawn. The server and the browser share the cores.",
    )  # fmt: skip
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        section.note = "Not measured: playwright is not installed."
        return section
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if chromium is None:
        section.note = "Not measured: there is no Chromium on this machine."
        return section
    with sync_playwright() as starter:
        browser = starter.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for users in size.shapes((2000, 300, 5000)):
            first, step = _times(browser, users, _SECONDS[size.name])
            asked = goal(step, 0.25) if users == 2000 else {}
            section.add(users_in_each=users, first_moving_picture=first, step=step, steps_a_second=1 / step, **asked)
        browser.close()
    return section


def _times(browser: Any, users: int, seconds: float) -> tuple[float, float]:
    """Seconds until the first moving picture, and per step after that."""
    start = time.perf_counter()
    command = [sys.executable, "-c", _SERVER.format(users=users)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            page.goto(server.stdout.readline().strip())
            page.wait_for_selector("#graphs-b .main-svg")
            page.get_by_label("fastest").check()
            page.click("#play")
            page.wait_for_function("!document.querySelector('#count').textContent.endsWith(' 0')")
            first = time.perf_counter() - start
            time.sleep(seconds / 4)
            before, since = _step(page), time.perf_counter()
            time.sleep(seconds)
            done, taken = _step(page) - before, time.perf_counter() - since
            page.close()
        finally:
            server.terminate()
    return first, taken / max(done, 1)


def _step(page: Any) -> int:
    """The step that the page shows."""
    return int(re.sub(r"\D", "", page.inner_text("#count")))
