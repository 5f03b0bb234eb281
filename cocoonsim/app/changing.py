"""What is changed: one thing in a panel, the world of both, a policy of one's own; and back to the start."""

from __future__ import annotations

from typing import Any

from dash import ALL, MATCH, Input, Output, State, ctx, dcc, no_update
from dash.exceptions import PreventUpdate

from cocoonsim.app.choices import SHARED, WORLD, designed, sets_of, spec_for, world_controls
from cocoonsim.app.controls import as_sets, kinds, settings
from cocoonsim.app.session import Session
from cocoonsim.app.wiring import CHANGED, ID, SETTINGS, Wiring
from cocoonsim.core.errors import UserError


class Changing(Wiring):
    """The controls that components' settings have made."""

    def wire(self) -> None:
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
            CHANGED, Input({"type": "apply", "side": ALL, "how": ALL}, "n_clicks"),
            State({"type": "kind", "side": ALL}, "value"), State({"type": "stage", "side": ALL}, "value"), SETTINGS, ID, **on,
        )(self.apply)  # fmt: skip
        self.app.callback(
            Output({"type": "world-settings", "stage": MATCH}, "children"),
            Input({"type": "world-kind", "stage": MATCH}, "value"), ID, **on,
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
