"""The page: what stands where. Nothing here knows of runs; what moves is filled in by the callbacks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dash import dcc, html

from cocoonsim.app.choices import PLUGIN, stage_menu
from cocoonsim.app.controls import dashed
from cocoonsim.app.session import SIDES
from cocoonsim.app.views import ORDER, views
from cocoonsim.lessons import Lesson

SHOWN_FIRST = ["diversity", "network"]
SPEEDS = {1: "1", 3: "3", 6: "6", 1000: "fastest"}
"""Steps per second."""


def page(session: str, stories: Mapping[str, str], lessons: Sequence[Lesson]) -> html.Div:
    """The whole page for a new session; `stories` are titles by name."""
    return html.Div(
        [
            dcc.Store("session", data=session),
            dcc.Store("playing", data=False),
            dcc.Store("clock"),
            dcc.Store("done"),
            dcc.Store("version", data=0),
            html.A("Skip to the two feeds", href="#panels", className="skip"),
            html.Header([_heading(stories, lessons), _buttons()]),
            html.Main(
                [
                    html.Div(id="lesson", className="lesson"),
                    html.P(id="question", className="question"),
                    html.P(id="note", className="note"),
                    _shown(),
                    html.Div([_panel(side) for side in SIDES], className="panels", id="panels"),
                    html.Section([html.H2("Scoreboard"), html.Div(id="scores")]),
                    _person(),
                    _design(),
                    html.Section(
                        [
                            html.H2("The world that both share"),
                            html.P("Both panels start again with what is changed here.", className="help"),
                            html.Div(id="world", className="world"),
                            html.Button("Start again in this world", id="apply-world", className="button"),
                        ]
                    ),
                ]
            ),
            html.Footer("cocoonsim, on this computer only: nothing is sent to, or fetched from, anywhere else."),
        ],
        className="page", **dashed(data_session=session),
    )  # fmt: skip


def _heading(stories: Mapping[str, str], lessons: Sequence[Lesson]) -> html.Div:
    story_options = [{"label": title, "value": name} for name, title in stories.items()]
    lesson_options = [{"label": f"{one.number}. {one.title}", "value": one.name} for one in lessons]
    story = dcc.Dropdown(story_options, next(iter(stories)), id="story", clearable=False, searchable=False,
                         placeholder="Choose a story")  # fmt: skip
    lesson = dcc.Dropdown(lesson_options, None, id="lesson-menu", searchable=False, placeholder="Choose a lesson")
    parts = [html.H1("cocoonsim in class"), _labelled("Story", story), _labelled("Lesson", lesson)]
    return html.Div(parts, className="heading")


def _labelled(label: str, control: Any, help_: str = "") -> html.Div:
    return html.Div(
        [html.Label(label, htmlFor=control.id if isinstance(control.id, str) else None, className="label"), control,
         *([html.Div(help_, className="help")] if help_ else [])], className="field",
    )  # fmt: skip


def _buttons() -> html.Div:
    speeds = [{"label": words, "value": rate} for rate, words in SPEEDS.items()]
    return html.Div(
        [
            html.Button("Play", id="play", className="button main"),
            html.Button("Step", id="step", className="button"),
            html.Button("Reset", id="reset", className="button"),
            html.Div([html.Span("Steps per second", id="speed-label", className="label"),
                      html.Div(dcc.RadioItems(speeds, 3, id="speed", inline=True), role="radiogroup",
                               **dashed(aria_labelledby="speed-label"))], className="speed"),
            html.Span("Step 0", id="count", className="count"),
            html.Span(id="status", role="status", className="status", **dashed(aria_live="polite")),
        ], className="buttons",
    )  # fmt: skip


def _shown() -> html.Div:
    options = [{"label": views()[name].TITLE, "value": name} for name in ORDER]
    return html.Div(
        [html.Span("Pictures", id="shown-label", className="label"),
         html.Div(dcc.Checklist(options, SHOWN_FIRST, id="shown", inline=True), role="group",
                  **dashed(aria_labelledby="shown-label"))], className="shown",
    )  # fmt: skip


def _panel(side: str) -> html.Section:
    name = side.upper()
    return html.Section(
        [
            html.H2([html.Span(name, className="letter"), html.Span(id=f"title-{side}")], id=f"heading-{side}"),
            _labelled(f"Policy in {name}", dcc.Dropdown([], None, id=f"arm-{side}", clearable=False, searchable=False)),
            html.Details(
                [
                    html.Summary(f"Change one thing in {name}"),
                    _labelled("What", stage_menu(side)),
                    html.Div(id={"type": "kinds", "side": side}),
                    html.Div(id={"type": "settings", "side": side}, className="settings"),
                    html.Div(
                        [html.Button(words, id={"type": "apply", "side": side, "how": how}, className="button")
                         for how, words in (("start", "Start again with this"), ("onward", "From now on"))],
                        className="buttons",
                    ),
                ]
            ),
            html.Div(id=f"graphs-{side}", className="graphs"),
        ],
        className=f"panel side-{side}", **dashed(aria_labelledby=f"heading-{side}"),
    )  # fmt: skip


def _person() -> html.Section:
    return html.Section(
        [
            html.H2("Follow one person"),
            html.Div(
                [
                    _labelled("Person", dcc.Dropdown([], None, id="person", placeholder="Choose, or click in the network")),
                    html.Button("What would the other policy have shown?", id="otherwise", className="button"),
                ], className="buttons",
            ),
            html.Div([html.Div(id=f"person-{side}", className=f"person side-{side}") for side in SIDES], className="panels"),
        ]
    )  # fmt: skip


def _design() -> html.Section:
    return html.Section(
        [
            html.H2("Design your own policy"),
            html.P("Weigh rankings against each other: an item’s score is the sum of what each ranking says, times its weight.",
                   className="help"),
            html.Div(id="design", className="settings"),
            html.Div([html.Button(f"Use it in {side.upper()}", id={"type": "use", "side": side}, className="button")
                      for side in SIDES],
                     className="buttons"),
            html.Details(
                [
                    html.Summary("In Python: a ranking of eight lines"),
                    html.P(["Save this as ", html.Code("my_policies/ranking/forgotten.py"), ", and start the page with ",
                            html.Code("cocoonsim app --plugin my_policies"), ": it stands in the menus as “forgotten”."]),
                    html.Pre(html.Code(PLUGIN), tabIndex="0"),
                ]
            ),
        ]
    )  # fmt: skip
