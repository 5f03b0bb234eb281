"""Stories, lessons and arms: what is played; and drawing it all anew."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import Input, Output, ctx, no_update
from dash.exceptions import PreventUpdate

from cocoonsim.app import parts
from cocoonsim.app.choices import design, world_controls
from cocoonsim.app.session import SIDES, Session, Sessions
from cocoonsim.app.wiring import BAD, CALM, CHANGED, ID, Wiring, plainly
from cocoonsim.core.errors import UserError
from cocoonsim.scenario import Scenario

if TYPE_CHECKING:
    from dash import Dash

    from cocoonsim.lessons import Lesson


class Choosing(Wiring):
    """The menus at the top, and the panels they fill."""

    def __init__(
        self, app: Dash, sessions: Sessions, stories: dict[str, Scenario], lessons: tuple[Lesson, ...]
    ) -> None:
        self.stories, self.lessons = stories, {one.name: one for one in lessons}
        super().__init__(app, sessions)

    def wire(self) -> None:
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
