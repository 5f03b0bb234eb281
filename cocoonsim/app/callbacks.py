"""What happens when: from a button to the session and back to the page."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from dash import ALL, MATCH, ClientsideFunction, Input, Output, State, ctx, dcc, no_update
from dash.exceptions import PreventUpdate

from cocoonsim.app import parts
from cocoonsim.app.choices import SHARED, WORLD, design, designed, sets_of, spec_for, world_controls
from cocoonsim.app.controls import as_sets, kinds, settings
from cocoonsim.app.session import SIDES, Session, Sessions
from cocoonsim.app.texts import Lesson
from cocoonsim.core.errors import UserError
from cocoonsim.scenario import Scenario

if TYPE_CHECKING:
    from dash import Dash

ID = State("session", "data")
SETTINGS = State({"type": "setting", "where": ALL, "path": ALL}, "value")
GRAPHS = {"type": "graph", "side": ALL, "view": ALL}
NETWORKS = {"type": "graph", "side": ALL, "view": "network"}
CAPTIONS = {"type": "caption", "side": ALL, "view": ALL}
PERSONS = [Output(f"person-{side}", "children", allow_duplicate=True) for side in SIDES]
TOLD = [Output("status", "children", allow_duplicate=True), Output("status", "className", allow_duplicate=True)]
CHANGED = [Output("version", "data", allow_duplicate=True), Output("playing", "data", allow_duplicate=True),
           Output("note", "children", allow_duplicate=True), *TOLD]  # fmt: skip
CALM, BAD = "status", "status bad"


class Callbacks:
    """All callbacks of the page, over the open sessions."""

    def __init__(self, app: Dash, sessions: Sessions, stories: dict[str, Scenario], lessons: dict[str, Lesson]) -> None:
        self.app, self.sessions, self.stories, self.lessons = app, sessions, stories, lessons
        self._choosing()
        self._changing()
        self._playing()
        self._following()

    def session(self, name: str) -> Session:
        """The session of a page. Raises UserError when it is gone."""
        if name not in self.sessions:
            raise UserError(
                "The run of this page has been let go, as nothing was heard of it for a while. Load the page again."
            )
        found: Session = self.sessions.get(name)
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

    # ------------------------------------------------------------------------------------------------ stories
    def _choosing(self) -> None:
        self.app.callback(
            [Output("version", "data"), Output("playing", "data"), Output("note", "children"),
             Output("status", "children"), Output("status", "className"),
             *(Output(f"arm-{side}", name) for side in SIDES for name in ("options", "value")),
             Output("question", "children"), Output("world", "children"), Output("design", "children"),
             Output("person", "options"), Output("person", "value"), Output("lesson", "children"),
             Output("story", "value"), Output("lesson-menu", "value")],
            Input("story", "value"), Input("lesson-menu", "value"), ID,
        )(self.open)  # fmt: skip
        self.app.callback(
            CHANGED, Input("arm-a", "value"), Input("arm-b", "value"), ID, prevent_initial_call=True
        )(self.pick)  # fmt: skip
        self.app.callback(
            [*(Output(f"{what}-{side}", "children") for side in SIDES for what in ("graphs", "title", "person")),
             Output("scores", "children"), Output("count", "children")],
            Input("version", "data"), Input("shown", "value"), ID,
        )(self.redraw)  # fmt: skip

    def open(self, story: str | None, lesson: str | None, name: str) -> list[Any]:
        """Another story, or the scenario of a lesson."""
        taught = self.lessons.get(lesson or "") if ctx.triggered_id == "lesson-menu" else None
        if ctx.triggered_id is not None and not taught and (ctx.triggered_id == "lesson-menu" or not story):
            raise PreventUpdate
        try:
            scenario = Scenario.from_file(taught.scenario) if taught else self.stories[str(story)]
            session = self.sessions.get(name) if ctx.triggered_id is None else self.session(name)
            with session.lock:
                session.follow = None
                session.open(scenario)
        except UserError as error:
            return [no_update, False, no_update, plainly(error), BAD, *[no_update] * 12]
        options = [{"label": arm, "value": arm} for arm in session.story.compare.arms] or [
            {"label": "as in the file", "value": ""}
        ]
        people = [{"label": f"user {user}", "value": user} for user in session.panels["a"].drawn.tolist()]
        return [
            session.version, False, session.note, "", CALM,
            options, session.arms["a"], options, session.arms["b"],
            session.story.question, world_controls(session.story), design(session.panels["a"].start),
            people, None, parts.lesson(taught), None if taught else no_update, no_update if taught else None,
        ]  # fmt: skip

    def pick(self, arm_a: str, arm_b: str, name: str) -> list[Any]:
        """Another arm of the story in one of the panels."""

        def choose(session: Session) -> None:
            wanted = {"a": arm_a, "b": arm_b}
            changed = [side for side in SIDES if session.arms[side] != wanted[side]]
            if not changed:
                raise PreventUpdate
            for side in changed:
                session.choose(side, wanted[side])

        return self.change(name, choose)

    def redraw(self, version: int, shown: list[str], name: str) -> list[Any]:
        """Everything that shows the runs, from scratch."""
        if not version or name not in self.sessions:
            raise PreventUpdate
        session = self.session(name)
        with session.lock:
            found: list[Any] = []
            for side in SIDES:
                found += [
                    parts.graphs(session, side, shown or []),
                    session.panels[side].title,
                    parts.person(session, side),
                ]
            return [*found, parts.scoreboard(session), f"Step {session.step}"]

    # ------------------------------------------------------------------------------------------------ changes
    def _changing(self) -> None:
        on = {"prevent_initial_call": True}
        self.app.callback(CHANGED, Input("reset", "n_clicks"), ID, **on)(
            lambda _, name: self.change(name, Session.reset)
        )
        self.app.callback(
            Output({"type": "kinds", "side": MATCH}, "children"), Input({"type": "stage", "side": MATCH}, "value"), **on
        )(self.show_kinds)  # fmt: skip
        self.app.callback(
            Output({"type": "settings", "side": MATCH}, "children"), Input({"type": "kind", "side": MATCH}, "value"),
            State({"type": "stage", "side": MATCH}, "value"), ID, **on,
        )(self.show_settings)  # fmt: skip
        self.app.callback(
            CHANGED, Input({"type": "apply", "side": ALL, "how": ALL}, "n_clicks"), State({"type": "kind", "side": ALL}, "value"),
            State({"type": "stage", "side": ALL}, "value"), SETTINGS, ID, **on,
        )(self.apply)  # fmt: skip
        self.app.callback(
            Output({"type": "world-settings", "stage": MATCH}, "children"), Input({"type": "world-kind", "stage": MATCH}, "value"),
            ID, **on,
        )(self.show_world)  # fmt: skip
        self.app.callback(
            [*CHANGED, Output("world", "children", allow_duplicate=True)], Input("apply-world", "n_clicks"),
            State({"type": "world-kind", "stage": ALL}, "value"), SETTINGS, ID, **on,
        )(self.apply_world)  # fmt: skip
        self.app.callback(
            CHANGED, Input({"type": "use", "side": ALL}, "n_clicks"), State({"type": "weight", "ranking": ALL}, "value"),
            State("reranker", "value"), State("strength", "value"), ID, **on,
        )(self.use)  # fmt: skip

    def show_kinds(self, stage: str | None) -> Any:
        """The menu of components of a stage."""
        if not stage:
            return []
        at = {"type": "kind", "side": ctx.triggered_id["side"]}
        return dcc.Dropdown(kinds(stage), None, id=at, placeholder=f"Choose: {stage}", searchable=False)

    def show_settings(self, kind: str | None, stage: str, name: str) -> Any:
        """The settings of a component."""
        if not kind:
            return []
        side = ctx.triggered_id["side"]
        return settings(side, stage, stage, spec_for(self.session(name).panels[side].scenario, stage, kind))

    def apply(self, clicks: list[Any], kinds_: list[Any], stages: list[Any], values: list[Any], name: str) -> list[Any]:
        """One thing changed in one panel."""
        if not any(clicks):
            raise PreventUpdate
        side, onward = ctx.triggered_id["side"], ctx.triggered_id["how"] == "onward"
        kind = _of_side(1, side)
        stage = _of_side(2, side)
        chosen = {path.partition(".")[2]: value for path, value in _settings_at(side)}

        def set_panel(session: Session) -> None:
            if not kind or not stage:
                raise UserError("Choose first what to change, and to what.")
            sets = sets_of(session.panels[side].scenario, stage, kind, chosen)
            session.set_panel(side, sets, f"{stage} {kind}".replace("_", " "), onward)

        return self.change(name, set_panel)

    def show_world(self, kind: str, name: str) -> Any:
        """The settings of a component of the world."""
        stage = ctx.triggered_id["stage"]
        return settings("world", stage, stage, spec_for(self.session(name).story, stage, kind))

    def apply_world(self, clicks: Any, kinds_: list[str], values: list[Any], name: str) -> list[Any]:
        """Another world for both panels."""
        chosen = {at["id"]["stage"]: at.get("value") for at in ctx.states_list[0]}

        def set_world(session: Session) -> None:
            now: dict[str, Any] = {key: getattr(session.story, key) for key in SHARED}
            sets = []
            for stage in WORLD:
                spec = session.story.spec(stage)
                if spec["kind"] == chosen[stage]:
                    now |= {f"{stage}.{key}": value for key, value in spec.items()}
                else:
                    sets.append(f"{stage}={chosen[stage]}")
            session.set_world(sets + as_sets(_settings_at("world"), now))

        found = self.change(name, set_world)
        return [*found, no_update if found[0] is no_update else world_controls(self.session(name).story)]

    def use(self, clicks: list[Any], values: list[float], reranker: str, strength: float, name: str) -> list[Any]:
        """The policy of the design pane in one panel."""
        if not any(clicks):
            raise PreventUpdate
        side = ctx.triggered_id["side"]
        weights = {at["id"]["ranking"]: at.get("value") or 0 for at in ctx.states_list[0]}
        sets, title = designed(weights, reranker, strength or 0)
        return self.change(name, lambda session: session.set_panel(side, sets, title))

    # ------------------------------------------------------------------------------------------------ time
    def _playing(self) -> None:
        on = {"prevent_initial_call": True}
        here = {"namespace": "cocoon"}
        self.app.clientside_callback(ClientsideFunction(function_name="toggle", **here), Output("playing", "data", allow_duplicate=True),
                                     Input("play", "n_clicks"), State("playing", "data"), **on)  # fmt: skip
        self.app.clientside_callback(ClientsideFunction(function_name="beat", **here), Output("play", "children"),
                                     Input("playing", "data"), Input("done", "data"), Input("speed", "value"))  # fmt: skip
        self.app.callback(
            [Output(GRAPHS, "figure", allow_duplicate=True), Output(CAPTIONS, "children"), Output("count", "children", allow_duplicate=True),
             Output("scores", "children", allow_duplicate=True), *PERSONS, Output("playing", "data", allow_duplicate=True),
             *TOLD, Output("done", "data")],
            Input("clock", "data"), Input("step", "n_clicks"), State("done", "data"), ID, **on,
        )(self.advance)  # fmt: skip

    def advance(self, clock: Any, clicks: Any, done: int | None, name: str) -> list[Any]:
        """One step in both panels, and what it has changed in the pictures that are there."""
        figures, captions = ctx.outputs_list[0], ctx.outputs_list[1]
        next_done = (done or 0) + 1
        try:
            session = self.session(name)
            with session.lock:
                if not session.advance():
                    return [
                        [no_update] * len(figures),
                        [no_update] * len(captions),
                        *[no_update] * 4,
                        False,
                        ended(session),
                        CALM,
                        next_done,
                    ]
                drawn = [parts.moved(session, one["id"]["side"], one["id"]["view"]) for one in figures]
                told = [parts.caption(session, one["id"]["side"], one["id"]["view"]) for one in captions]
                people = [parts.person(session, side) if session.follow is not None else no_update for side in SIDES]
                return [
                    drawn,
                    told,
                    f"Step {session.step}",
                    parts.scoreboard(session),
                    *people,
                    no_update,
                    "",
                    CALM,
                    next_done,
                ]
        except UserError as error:
            return [
                [no_update] * len(figures),
                [no_update] * len(captions),
                *[no_update] * 4,
                False,
                plainly(error),
                BAD,
                next_done,
            ]

    # ------------------------------------------------------------------------------------------------ one person
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


def _of_side(at: int, side: str) -> Any:
    """The value of a control that each panel has, in one panel; None where it is not there."""
    return next((one.get("value") for one in ctx.states_list[at - 1] if one["id"]["side"] == side), None)


def _settings_at(where: str) -> list[tuple[str, Any]]:
    """(path, value) of the settings that stand in one place on the page."""
    found = [
        one
        for group in ctx.states_list
        if isinstance(group, list)
        for one in group
        if one["id"].get("type") == "setting"
    ]
    return [(one["id"]["path"], one.get("value")) for one in found if one["id"]["where"] == where]


def plainly(error: UserError) -> str:
    """A mistake in words for the page, where nobody has typed a command."""
    return "; ".join(line.removeprefix("--set ") for line in str(error).splitlines())


def ended(session: Session) -> str:
    """Why nothing moves any more."""
    why = {side: panel.ended for side, panel in session.panels.items()}
    return f"The run is over after {session.step} steps ({', '.join(sorted(set(why.values())))}). Reset, or ask for more steps below."
