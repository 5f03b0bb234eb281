"""The server: this computer only, nothing from elsewhere, what it says when something is wrong."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import pytest

pytest.importorskip("dash", reason="dash is not installed")
pytest.importorskip("simple_websocket", reason="flask-sock is not installed")

from simple_websocket import Client, ConnectionClosed

from cocoonsim import Scenario
from cocoonsim.app.server import HOST, listen, make_app
from cocoonsim.core.errors import UserError


def test_only_this_computer_is_listened_to() -> None:
    with listen(0) as listening:
        assert listening.getsockname()[0] == HOST == "127.0.0.1"


def test_a_port_in_use_is_told_with_another() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(
            UserError, match=rf"cannot use port {port}: .*Is the page running already\? Try another: --port \d+"
        ):
            listen(port)


def test_the_page_names_no_address_outside_and_answers_nobody_elses_name(small: Scenario) -> None:
    app, _ = make_app(small)
    client = app.server.test_client()
    text = client.get("/", headers={"Host": "127.0.0.1:8050"}).text
    assert not re.search(r"""(src|href)=["'](https?:)?//""", text)
    assert '<html lang="en">' in text
    answer = client.get("/", headers={"Host": "localhost:8050"})
    assert answer.status_code == 200
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    assert client.get("/", headers={"Host": "evil.example:8050"}).status_code == 403
    assert client.get("/_dash-layout", headers={"Host": "127.0.0.1.evil.example"}).status_code == 403
    here = {"Host": "localhost:8050"}  # sockets are open to every page of the browser, so it is asked where it is from
    assert client.get("/", headers=here | {"Origin": "http://localhost:8050"}).status_code == 200
    assert client.get("/", headers=here | {"Origin": "http://evil.example"}).status_code == 403


def test_every_load_is_a_session_of_its_own_that_can_leave(small: Scenario) -> None:
    app, sessions = make_app(small)
    client = app.server.test_client()
    names = {client.get("/_dash-layout").json["props"]["data-session"] for _ in range(3)}
    assert len(names) == 3
    assert len(sessions) == 0, "a page that is only fetched costs nothing"
    name = names.pop()
    sessions.get(name)
    sessions.end(name)
    assert len(sessions) == 0
    with pytest.raises(UserError, match="Load the page again"):  # a request that was on its way brings nothing back
        sessions.get(name)


def test_a_run_lasts_as_long_as_the_line_of_its_page(small: Scenario, serve: Callable[..., Any]) -> None:
    served = serve(small)
    served.sessions.get("here")
    address = served.address.replace("http", "ws") + "present/"
    line = Client(address + "here")
    time.sleep(0.3)
    assert "here" in served.sessions
    line.close()
    deadline = time.monotonic() + 10
    while "here" in served.sessions and time.monotonic() < deadline:
        time.sleep(0.05)
    assert "here" not in served.sessions
    with pytest.raises(ConnectionClosed) as told:  # what has ended does not begin again
        Client(address + "here").receive(timeout=10)
    assert (told.value.reason, "Load the page again" in told.value.message) == (4000, True)


def test_what_is_wrong_with_a_scenario_is_told_at_once() -> None:
    wrong = Scenario.from_dict({"slate": 100, "catalogue": {"kind": "topic_mix", "items": 50}})
    with pytest.raises(UserError, match="does not fit a catalogue of 50 items"):
        make_app(wrong)


def test_the_users_text_stays_text(small: Scenario, nasty: str) -> None:
    app, _ = make_app(Scenario.from_dict({**small.expand(), "title": nasty, "question": nasty}))
    assert nasty not in app.server.test_client().get("/").text


def command(*words: str, code: str = "") -> subprocess.CompletedProcess[str]:
    start = f"{code}; from cocoonsim.cli import main; main()" if code else "from cocoonsim.cli import main; main()"
    return subprocess.run([sys.executable, "-c", start, "app", *words], capture_output=True, text=True, timeout=60)


def test_a_missing_extra_is_told_with_what_to_install() -> None:
    told = command("--no-browser", code="import sys; sys.modules['dash'] = None")
    assert told.returncode == 2
    assert told.stderr == "the classroom page needs the extra 'app'. Install it with: pip install 'cocoonsim[app]'\n"


def test_a_port_in_use_ends_the_command_with_status_two() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        told = command("--no-browser", "--port", str(other.getsockname()[1]))
    assert told.returncode == 2
    assert "cannot use port" in told.stderr
    assert "Traceback" not in told.stderr


def test_sets_need_a_scenario() -> None:
    told = command("--set", "steps=3")
    assert told.returncode == 2
    assert "name the file" in told.stderr
