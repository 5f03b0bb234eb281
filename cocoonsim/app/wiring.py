"""What all callbacks of the page share: the open sessions, and how a change and its failure are told."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from dash import ALL, Output, State, no_update

from cocoonsim.app.session import SIDES, Session, Sessions
from cocoonsim.core.errors import UserError

if TYPE_CHECKING:
    from dash import Dash

ID = State("session", "data")
SETTINGS = State({"type": "setting", "where": ALL, "path": ALL}, "value")
GRAPHS = {"type": "graph", "side": ALL, "view": ALL}
NETWORKS = {"type": "graph", "side": ALL, "view": "network"}
SCORES = {"type": "score", "key": ALL, "column": ALL}
CAPTIONS = {"type": "caption", "side": ALL, "view": ALL}
PERSONS = [Output(f"person-{side}", "children", allow_duplicate=True) for side in SIDES]
TOLD = [Output("status", "children", allow_duplicate=True), Output("status", "className", allow_duplicate=True)]
CHANGED = [Output("version", "data", allow_duplicate=True), Output("playing", "data", allow_duplicate=True),
           Output("note", "children", allow_duplicate=True), *TOLD]  # fmt: skip
CALM, BAD = "status", "status bad"


class Wiring:
    """Callbacks over the open sessions."""

    def __init__(self, app: Dash, sessions: Sessions) -> None:
        self.app: Any = app
        self.sessions = sessions
        self.wire()

    def wire(self) -> None:
        """Tell the page what calls what."""
        raise NotImplementedError(f"{type(self).__name__} wires nothing")

    def session(self, name: str) -> Session:
        """The session of a page. Raises UserError when it is gone."""
        found: Session | None = self.sessions.find(name)
        if found is None:
            raise UserError(
                "The run of this page has been let go, as nothing was heard of it for a while. Load the page again."
            )
        return found

    def change(self, name: str, what: Callable[[Session], None]) -> list[Any]:
        """Change a session and tell the page to draw anew; or tell what is wrong, and leave all as it was."""
        try:
            session = self.session(name)
            with session.lock:
                what(session)
                return [session.version, False, session.note, "", CALM]
        except UserError as error:
            return [no_update, False, no_update, plainly(error), BAD]


def plainly(error: UserError) -> str:
    """A mistake in words for the page, where nobody has typed a command."""
    return "; ".join(line.removeprefix("--set ") for line in str(error).splitlines())
