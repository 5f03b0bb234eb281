"""What can be changed in one panel, or in the world of both; and the pane in which one mixes a policy of one's own."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, cast

from dash import dcc, html

from cocoonsim.app.controls import box, kinds, labelled, settings, words
from cocoonsim.assemble import lacks
from cocoonsim.core.component import build, find, settings_of
from cocoonsim.core.describing import describe
from cocoonsim.core.world import World
from cocoonsim.scenario import Scenario
from cocoonsim.scenario.head import Head

CHANGEABLE = {
    "ranking": "how items are ranked",
    "feed": "how scores become a feed",
    "candidates": "what may be shown",
    "interventions": "what is done about it",
    "choice": "how people click",
    "influence": "how people change",
    "rewiring": "how ties change",
}
"""What one panel may have otherwise than the other; the rest is the world, which they share."""
SHARED = ("steps", "seed", "slate")
"""What else the two share."""
WORLD = ("population", "catalogue", "network", "publishing")
MIXED = ("content", "popularity", "newest", "social", "quality", "bridging", "engagement", "opposite", "shuffled")
STRENGTHS = {
    "top": "",
    "maximal_marginal": "balance",
    "calibrated": "balance",
    "quota": "quota",
}
"""The re-rankers of the design pane, and the setting that their strength turns."""
PLUGIN = '''\
"""Show long-forgotten items: what has been shown least comes first."""

from cocoonsim.ranking import Ranking


class Forgotten(Ranking):
    def score(self, view):
        return -view.item("shown").astype("float32")
'''
"""The policy of the design pane's last paragraph: a file of eight lines."""


def stage_menu(side: str) -> dcc.Dropdown:
    """The menu of what to change."""
    options = [{"label": f"{words(stage)}: {what}", "value": stage} for stage, what in CHANGEABLE.items()]
    return dcc.Dropdown(
        options, None, id={"type": "stage", "side": side}, placeholder="Choose what to change", searchable=False
    )


def spec_for(scenario: Scenario, stage: str, kind: str) -> dict[str, Any]:
    """The settings to begin with: those of the scenario where it has this component, else the component's own."""
    if stage == "interventions":
        return {"kind": kind}
    spec = scenario.spec(stage)
    return spec if spec["kind"] == kind else {"kind": kind}


def sets_of(scenario: Scenario, stage: str, kind: str, values: Mapping[str, Any]) -> list[str]:
    """`key=value` for one component with these settings (`name: value`, text as typed), as the panel's one change."""
    if stage == "interventions":
        inside = ", ".join(f"{name}: {_typed(value)}" for name, value in values.items() if value is not None)
        measures = [json.dumps(spec, default=list) for spec in scenario.specs("interventions") if spec["kind"] != kind]
        mine = f"{{kind: {kind}, {inside}}}" if inside else f"{{kind: {kind}}}"
        return [f"interventions=[{', '.join([*measures, mine])}]"]
    return [
        f"{stage}={kind}",
        *(f"{stage}.{name}={_typed(value)}" for name, value in values.items() if value is not None),
    ]


def _typed(value: Any) -> str:
    return (" ".join(value.split()) or '""') if isinstance(value, str) else json.dumps(value)


def world_controls(story: Scenario) -> list[Any]:
    """Menus and sliders of the world that both panels share."""
    heads = {info.name: info for info in settings_of(cast("Any", Head)) if info.name in SHARED}
    boxes = [
        labelled(f"world-{name}", name, box({"type": "setting", "where": "world", "path": name}, str(getattr(story, name))),
                 f"{heads[name].about.help}. Allowed: {heads[name].about.range()}.")
        for name in SHARED
    ]  # fmt: skip
    parts = [html.Details([html.Summary("Length, seed and feed"), html.Div(boxes, className="settings")], open=True)]
    for stage in WORLD:
        spec = story.spec(stage)
        menu = dcc.Dropdown(kinds(stage), spec["kind"], id={"type": "world-kind", "stage": stage}, clearable=False,
                            searchable=False)  # fmt: skip
        inside = html.Div(
            settings("world", stage, stage, spec), id={"type": "world-settings", "stage": stage}, className="settings"
        )
        parts.append(html.Details([html.Summary(f"{stage.capitalize()}: {words(spec['kind'])}"), menu, inside]))
    return parts


# ---------------------------------------------------------------------------------------------------- design
def mixable(world: World) -> list[str]:
    """The rankings of the design pane that make sense in this world."""
    known = find("ranking")
    return [name for name in MIXED if not any(lacks(world, need) for need in build("ranking", {"kind": name}).needs & _COLUMNS)
            and not any(lacks(world, need) for need in known[name].needs)]  # fmt: skip


_COLUMNS = frozenset({"users.opinion", "items.stance"})


def design(world: World) -> list[Any]:
    """Sliders for the weights of rankings and for the strength of a re-ranker."""
    known = find("ranking")
    weights = [
        _slider(f"weight-{name}", words(name), describe(known[name]).summary, {"type": "weight", "ranking": name},
                1.0 if name == "content" else 0.0)
        for name in mixable(world)
    ]  # fmt: skip
    options = [
        {"label": "none: the best scored are shown" if name == "top" else words(name), "value": name}
        for name in STRENGTHS
    ]
    menu = dcc.Dropdown(options, "top", id="reranker", clearable=False, searchable=False)
    rule = labelled("reranker", "re-ranker", menu, "What is done with the scores before people see the feed.")
    strength = _slider("strength", "strength of the re-ranker", "0 changes nothing, 1 is all variety", "strength", 0.5)
    return [*weights, rule, strength]


def _slider(name: str, label: str, help_: str, at: Any, value: float) -> html.Div:
    slider = dcc.Slider(
        0, 1, 0.05, value=value, id=at, marks=None, updatemode="mouseup", tooltip={"placement": "bottom"}
    )
    return labelled(name, label, slider, help_)


def designed(weights: Mapping[str, float], reranker: str, strength: float) -> tuple[list[str], str]:
    """`key=value` for a policy from the design pane, and its name.

    >>> designed({"content": 1.0, "newest": 0.5, "quality": 0}, "quota", 0.3)[1]
    'your mixture of content 1 and newest 0.5, quota 0.3'
    """
    chosen = {name: weight for name, weight in weights.items() if weight}
    chosen = chosen or {"shuffled": 1.0}
    sets = [f"ranking={{kind: mixture, parts: {_flow(chosen)}, weights: {_flow(chosen.values())}}}"]
    name = "your mixture of " + " and ".join(f"{words(part)} {weight:g}" for part, weight in chosen.items())
    setting = STRENGTHS[reranker]
    value = round(1 - strength, 6) if setting == "balance" else strength
    sets.append(f"feed={{kind: {reranker}, {setting}: {value}}}" if setting else f"feed={{kind: {reranker}}}")
    return sets, f"{name}, {words(reranker)} {strength:g}" if setting else name


def _flow(values: Any) -> str:
    listed: Sequence[Any] = list(values)
    return "[" + ", ".join(str(value) for value in listed) + "]"
