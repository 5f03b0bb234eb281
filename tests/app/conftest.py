"""A small world, the page served for a test, and a browser that writes down what it is told and whom it asks."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from cocoonsim import Scenario

SMALL = {
    "title": "Small", "question": "Does it move?", "steps": 30, "slate": 5,
    "population": {"kind": "two_camps", "users": 60}, "catalogue": {"kind": "partisan_news", "items": 60, "topics": 6},
    "network": {"kind": "blocks", "degree": 5, "mixing": 0.3}, "ranking": "content",
    "publishing": {"kind": "releases", "items": 10, "lifespan": 6, "steady": True},
    "influence": {"kind": "bounded_confidence", "tolerance": 2.0},
    "compare": {"against": "newest first", "arms": {"own taste": {}, "newest first": {"ranking": "newest"},
                                                    "at random": {"ranking": "shuffled"}}},
}  # fmt: skip


@pytest.fixture(scope="session")
def small() -> Scenario:
    """Sixty people in two camps who see five of sixty items."""
    return Scenario.from_dict(SMALL)


@dataclass
class Served:
    """A page that is being served."""

    address: str
    sessions: Any


@pytest.fixture(scope="session")
def serve() -> Iterator[Callable[..., Served]]:
    """`serve(scenario)`: its page on a free port of this machine."""
    pytest.importorskip("dash", reason="dash is not installed")
    from werkzeug.serving import make_server

    from cocoonsim.app.server import _Silent, make_app

    running = []

    def start(scenario: Scenario | None, **options: Any) -> Served:
        app, sessions = make_app(scenario, **options)
        server = make_server("127.0.0.1", 0, app.server, threaded=True, request_handler=_Silent)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        running.append(server)
        return Served(f"http://127.0.0.1:{server.server_port}/", sessions)

    yield start
    for server in running:
        server.shutdown()


@dataclass
class Tab:
    """A tab of a browser, and what happened in it."""

    page: Any
    messages: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)

    def step(self) -> int:
        """The step that the page shows."""
        return int("".join(letter for letter in self.page.inner_text("#count") if letter.isdigit()))

    def until_step(self, step: int) -> None:
        """Wait until the page shows this step, or a later one."""
        self.page.wait_for_function(f"+document.querySelector('#count').textContent.replace(/\\D/g, '') >= {step}")

    def choose(self, menu: str, option: str) -> None:
        """Choose in a menu of Dash's."""
        self.page.click(menu)
        self.page.get_by_role("option", name=option, exact=True).click()


@pytest.fixture(scope="session")
def somebody(chromium: Any) -> Any:
    """One person's browser: its tabs need not fetch plotly each time."""
    context = chromium.new_context()
    context.set_default_timeout(60_000)
    return context


@pytest.fixture
def visit(somebody: Any) -> Iterator[Callable[..., Tab]]:
    """`visit(address)`: the page in a new tab, loaded and drawn; `context` is another person's browser."""
    tabs = []

    def go(address: str, size: tuple[int, int] = (1440, 900), context: Any = None) -> Tab:
        tab = Tab((context or somebody).new_page())
        tabs.append(tab)
        tab.page.set_viewport_size({"width": size[0], "height": size[1]})
        tab.page.on("console", lambda message: tab.messages.append(message.text) if message.type == "error" else None)
        tab.page.on("pageerror", lambda error: tab.messages.append(str(error)))
        tab.page.on("request", lambda request: _note(tab, request.url))
        tab.page.goto(address)
        tab.page.wait_for_selector("#graphs-a .main-svg")
        tab.page.wait_for_selector("#graphs-b .main-svg")
        return tab

    yield go
    for tab in tabs:
        tab.page.close()


def _note(tab: Tab, url: str) -> None:
    if not url.startswith(("http://127.0.0.1:", "data:", "blob:")):
        tab.foreign.append(url)
