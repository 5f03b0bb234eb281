"""The page of Mesa's own: it works without a network, with the versions that the extra `solara` pins."""

from __future__ import annotations

import importlib.util
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.browser]
ROOT = Path(__file__).parents[1]
PATIENCE = 120_000
"""Milliseconds: Solara and Mesa take long to start on a machine that is busy."""


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """Where the page is served from."""
    if importlib.util.find_spec("solara") is None:
        pytest.skip("the extra solara is not installed")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "solara",
        "run",
        "cocoonsim.solara_page",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
    ]
    paths = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    with (tmp_path / "log").open("w") as log:
        server = subprocess.Popen(
            [*command, "--no-open"], env=os.environ | {"PYTHONPATH": paths}, cwd=tmp_path, stdout=log, stderr=log
        )
        try:
            for _ in range(240):
                try:
                    urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5).close()
                    break
                except (urllib.error.URLError, OSError):
                    assert server.poll() is None, (tmp_path / "log").read_text()
                    time.sleep(0.5)
            yield f"http://127.0.0.1:{port}/"
        finally:
            server.terminate()
            server.wait(10)


def test_steps_are_played_and_nothing_leaves_the_machine(address: str, chromium: Any) -> None:
    page = chromium.new_page(viewport={"width": 1440, "height": 900})
    page.set_default_timeout(PATIENCE)
    requests: list[str] = []
    mistakes: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.on("console", lambda message: mistakes.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: mistakes.append(str(error)))
    page.goto(address)
    page.get_by_text("nothing has been shown to anybody yet").wait_for()
    page.get_by_role("button", name="STEP").click()
    page.get_by_text("The effective number of topics of what people are shown is").wait_for()
    page.get_by_role("button", name="STEP").click()
    page.get_by_text("The effective number of topics of what people are shown went from").wait_for()
    page.locator(".main-svg").nth(1).wait_for()
    assert mistakes == []
    page.get_by_role("button", name="Reset", exact=True).click()
    page.get_by_text("nothing has been shown to anybody yet").wait_for()
    page.get_by_role("button", name="▶").click()
    page.get_by_text("Step: 3").wait_for()
    page.close()
    strangers = [url for url in requests if not url.startswith((address, "data:", "blob:", "about:"))]
    assert strangers == []
    # Solara says so of a figure that it takes away while it still sends its size; the new one is not concerned
    assert set(mistakes) <= {"no comm channel defined"}
