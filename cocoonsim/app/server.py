"""The server of the page: on this computer only, with everything it needs on board."""

from __future__ import annotations

import os
import socket
import sys
import threading
import time
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from dash import Dash, set_props
from flask import Response, abort, request
from flask_sock import Sock
from werkzeug.serving import WSGIRequestHandler, make_server

from cocoonsim.app.changing import Changing
from cocoonsim.app.choosing import Choosing
from cocoonsim.app.layout import page
from cocoonsim.app.playing import Playing
from cocoonsim.app.session import Session, Sessions
from cocoonsim.app.stories import stories as preset
from cocoonsim.app.wiring import BAD
from cocoonsim.core.blocks import one_blas_thread
from cocoonsim.core.errors import UserError
from cocoonsim.lessons import lessons

if TYPE_CHECKING:
    from collections.abc import Callable

    from cocoonsim.scenario import Scenario

HOST = "127.0.0.1"
_OURS = {"127.0.0.1", "localhost", "[::1]"}
IDLE = 15 * 60.0
"""Seconds after which the runs of a page that has no line to us are let go."""
_REFUSED = 4000
"""The code with which a page is hung up on that gets no run; the first that is free for anybody's use (RFC 6455, 7.4.2)."""
_SIGN_OF_LIFE = 60.0
"""Seconds after which an open line counts as a sign of life."""
_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; connect-src 'self' ws://127.0.0.1:* ws://localhost:*; "
    "font-src 'self' data:; worker-src 'self' blob:; object-src 'none'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)
"""The browser is to refuse whatever does not come from here, should a scenario or a lesson ever name it."""


def make_app(own: Scenario | None = None, idle: float = IDLE) -> tuple[Dash, Sessions]:
    """The page and the sessions that are open on it. `own` is the scenario of the user's, shown first."""
    stories, taught = preset(own), lessons()
    first = next(iter(stories.values()))
    Session(first).close()  # what is wrong with the user's scenario is told here, not in the browser
    sessions = Sessions(lambda: Session(first), idle, time.monotonic)
    assets = str(Path(__file__).parent / "assets")
    app = Dash("cocoonsim.app", assets_folder=assets, serve_locally=True, title="cocoonsim in class", update_title="",
               suppress_callback_exceptions=True, on_error=_broken, enable_mcp=False)  # fmt: skip
    app.index_string = app.index_string.replace("<html>", '<html lang="en">')
    titles = {name: scenario.title or scenario.name for name, scenario in stories.items()}
    app.layout = lambda: page(os.urandom(16).hex(), titles, taught)
    Choosing(app, sessions, stories, taught)
    Changing(app, sessions)
    Playing(app, sessions)
    _routes(app, sessions)
    return app, sessions


def _routes(app: Dash, sessions: Sessions) -> None:
    server: Any = app.server

    def only_from_here() -> None:
        """Another site's page could otherwise talk to us under a name of its own (DNS rebinding)."""
        if request.host.rpartition(":")[0] not in _OURS and request.host not in _OURS:
            abort(403)
        if request.origin and urlsplit(request.origin).netloc != request.host:
            abort(403)

    def nothing_from_elsewhere(answer: Response) -> Response:
        answer.headers["Content-Security-Policy"] = _POLICY
        answer.headers["Referrer-Policy"] = "no-referrer"
        return answer

    def present(line: Any, name: str) -> None:
        """A page holds this line as long as it is open; when it ends, so does its run."""
        try:
            sessions.get(name)
        except UserError as error:  # too many pages, or one that was closed already
            line.close(_REFUSED, str(error))
            return
        try:
            while sessions.alive(name):
                line.receive(timeout=_SIGN_OF_LIFE)
        finally:
            sessions.end(name)

    server.before_request(only_from_here)
    server.after_request(nothing_from_elsewhere)
    Sock(server).route("/present/<name>")(present)


def _broken(error: Exception) -> None:
    """A mistake of ours: the page says so and stops playing; the others go on."""
    if isinstance(error, UserError):
        set_props("status", {"children": str(error), "className": BAD})
        return
    traceback.print_exception(error, file=sys.stderr)
    set_props(
        "status", {"children": f"Something went wrong ({type(error).__name__}). Reset starts again.", "className": BAD}
    )
    set_props("playing", {"data": False})


class _Silent(WSGIRequestHandler):
    """A line for every step of every student is of no use to anyone."""

    def log_request(self, *_: Any) -> None:
        pass


def serve(own: Scenario | None, port: int, ready: Callable[[str], None]) -> None:
    """Serve the page until interrupted; `ready` is told its address. Raises UserError when the port is in use."""
    listening = listen(port)
    app, sessions = make_app(own)
    threading.Thread(target=_sweep, args=(sessions,), daemon=True).start()
    with listening, one_blas_thread():
        server = make_server(HOST, port, app.server, threaded=True, fd=listening.fileno(), request_handler=_Silent)
        ready(f"http://{HOST}:{listening.getsockname()[1]}/")
        server.serve_forever()


def listen(port: int) -> socket.socket:
    """A socket on this computer's loopback. Raises UserError when it cannot be had."""
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    if os.name == "posix":  # elsewhere this would let two pages share a port
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((HOST, port))
        made.listen(128)
    except OSError as error:
        made.close()
        raise UserError(f"cannot use port {port}: {error.strerror or error}. Is the page running already? Try another: "
                        f"--port {port + 1 if port < 65535 else port - 1}") from None  # fmt: skip
    return made


def _sweep(sessions: Sessions) -> None:
    while True:
        time.sleep(30)
        sessions.sweep()
