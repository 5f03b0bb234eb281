"""Time: play, pause, step; and the person whom the class looks at meanwhile."""

from __future__ import annotations

from typing import Any

from dash import ClientsideFunction, Input, Output, State, ctx, no_update
from dash.exceptions import PreventUpdate

from cocoonsim.app import parts
from cocoonsim.app.session import SIDES, Session
from cocoonsim.app.wiring import BAD, CALM, CAPTIONS, GRAPHS, ID, NETWORKS, PERSONS, SCORES, TOLD, Wiring, plainly
from cocoonsim.core.errors import UserError


class Playing(Wiring):
    """A step at a time: the browser asks for the next when it has the last."""

    def wire(self) -> None:
        self._time()
        self._following()

    def _time(self) -> None:
        on = {"prevent_initial_call": True}
        here = {"namespace": "cocoon"}
        self.app.clientside_callback(ClientsideFunction(function_name="toggle", **here),
                                     Output("playing", "data", allow_duplicate=True),
                                     Input("play", "n_clicks"), State("playing", "data"), **on)  # fmt: skip
        self.app.clientside_callback(ClientsideFunction(function_name="beat", **here), Output("play", "children"),
                                     Input("playing", "data"), Input("done", "data"), Input("speed", "value"))  # fmt: skip
        self.app.callback(
            [Output(GRAPHS, "figure", allow_duplicate=True), Output(CAPTIONS, "children"),
             Output("count", "children", allow_duplicate=True),
             Output(SCORES, "children"), *PERSONS, Output("playing", "data", allow_duplicate=True),
             *TOLD, Output("done", "data")],
            Input("clock", "data"), Input("step", "n_clicks"), State("done", "data"), ID, **on,
        )(self.advance)  # fmt: skip

    def advance(self, clock: Any, clicks: Any, done: int | None, name: str) -> list[Any]:
        """One step in both panels, and what it has changed in the pictures that are there."""
        figures, captions, _, cells = ctx.outputs_list[:4]
        following = (done or 0) + 1

        def stopped(words: str, tone: str) -> list[Any]:
            still = [[no_update] * len(each) for each in (figures, captions, cells)]
            return [still[0], still[1], no_update, still[2], no_update, no_update, False, words, tone, following]

        try:
            session = self.session(name)
            with session.lock:
                if not session.advance():
                    return stopped(ended(session), CALM)
                return [
                    [parts.moved(session, one["id"]["side"], one["id"]["view"]) for one in figures],
                    [parts.caption(session, one["id"]["side"], one["id"]["view"]) for one in captions],
                    f"Step {session.step}",
                    [parts.score(session, one["id"]["key"], one["id"]["column"]) for one in cells],
                    *(no_update if session.follow is None else parts.person(session, side) for side in SIDES),
                    no_update, "", CALM, following,
                ]  # fmt: skip
        except UserError as error:
            return stopped(plainly(error), BAD)

    def _following(self) -> None:
        on = {"prevent_initial_call": True}
        self.app.callback(Output("person", "value", allow_duplicate=True), Input(NETWORKS, "clickData"), **on)(
            self.clicked
        )
        self.app.callback(
            [*PERSONS, Output(NETWORKS, "figure", allow_duplicate=True)], Input("person", "value"), ID, **on
        )(self.follow)
        self.app.callback([*PERSONS, *TOLD], Input("otherwise", "n_clicks"), ID, **on)(self.otherwise)

    def clicked(self, _: list[Any]) -> int:
        """A click on somebody in a network."""
        value = ctx.triggered[0]["value"]
        points = [point for point in (value or {}).get("points", ()) if "customdata" in point]
        if not points:
            raise PreventUpdate
        return int(points[0]["customdata"])

    def follow(self, user: int | None, name: str) -> list[Any]:
        """Look at somebody."""
        session = self.session(name)
        with session.lock:
            session.follow = user
            rings = [parts.ringed(session, one["id"]["side"]) for one in ctx.outputs_list[-1]]
            return [*(parts.person(session, side) for side in SIDES), rings]

    def otherwise(self, _: int, name: str) -> list[Any]:
        """What the other policy would have shown."""
        session = self.session(name)
        with session.lock:
            if session.follow is None:
                return [no_update, no_update, "Choose a person first, or click one in the network.", BAD]
            return [*(parts.person(session, side, otherwise=True) for side in SIDES), "", CALM]


def ended(session: Session) -> str:
    """Why nothing moves any more."""
    reasons = ", ".join(sorted({panel.ended for panel in session.panels.values()} - {"steps"}))
    why = f" ({reasons})" if reasons else ""
    return f"The run is over after {session.step} steps{why}. Reset, or ask for more steps below."
