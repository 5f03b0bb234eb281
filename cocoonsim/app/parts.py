"""Pieces of the page that are made anew as things happen: graphs, scoreboard, a person's feed and portrait, a lesson."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import plotly.graph_objects as go
from dash import Patch, dcc, html, no_update

from cocoonsim.app.controls import dashed
from cocoonsim.app.person import Card, Feed, feed_elsewhere, feed_of, portrait
from cocoonsim.app.session import SIDES
from cocoonsim.app.views import ORDER, Changes, put, rounded, views
from cocoonsim.app.views import network as network_view
from cocoonsim.figures._look import BLUE, GREY, ORANGE, canvas, number, percent, plain
from cocoonsim.lessons import PARTS

if TYPE_CHECKING:
    from cocoonsim.app.panel import Panel
    from cocoonsim.app.session import Session
    from cocoonsim.lessons import Lesson

CONFIG: Any = {"displayModeBar": False, "responsive": True, "scrollZoom": False}
SCORES = (
    ("Diversity", "effective_topics.shown", "effective topics per person"),
    ("Utility", "true_utility.shown", "how well what is shown fits people’s true interests, times its quality"),
    ("Utility of clicks", "true_utility.clicked", "the same, of what people click"),
    ("Clicks", "engagement.clicked", "of what is shown"),
    ("Harmful share", "harmful_share.shown", "of what is shown"),
    (
        "Fairness",
        "exposure_parity.shown",
        "exposure of items of the second group over their share of the pool; 1 is parity",
    ),
    ("Unequal attention", "item_exposure_gini.shown", "Gini of exposure over items; 0 is equal"),
)
"""Name, number, what it means."""
SHARES = ("engagement.clicked", "harmful_share.shown")
OVER = 5
"""The scoreboard shows means of so many last steps."""


def graphs(session: Session, side: str, shown: Iterable[str]) -> list[html.Figure]:
    """The pictures of a panel, each with words below it."""
    panel, chosen = session.panels[side], set(shown)
    return [_graph(panel, side, name, session.follow) for name in ORDER if name in chosen]


def _graph(panel: Panel, side: str, name: str, follow: int | None) -> html.Figure:
    view = views()[name]
    drawn = view.draw(panel)
    if name == "network":
        put(drawn, network_view.ring(panel, follow))
    height = drawn.layout.height
    graph = dcc.Graph(figure=drawn, id={"type": "graph", "side": side, "view": name}, config=CONFIG, responsive=True,
                      style={"height": f"{height}px"})  # fmt: skip
    caption = html.Figcaption(view.caption(panel), id={"type": "caption", "side": side, "view": name})
    return html.Figure(
        [html.H3(view.TITLE), graph, caption], **dashed(aria_label=f"{view.TITLE}, panel {side.upper()}")
    )


def patched(changes: Changes) -> Patch:
    """Changes for the browser, and nothing else."""
    patch = Patch()
    for (*path, last), value in changes.items():
        at: Any = patch
        for key in path:
            at = at[key]
        at[last] = value
    return patch


def moved(session: Session, side: str, name: str) -> Any:
    """What a step has changed in a picture; nothing is sent where nothing has."""
    changes = views()[name].moving(session.panels[side])
    return patched(changes) if changes else no_update


def caption(session: Session, side: str, name: str) -> str:
    """The words below a picture."""
    return views()[name].caption(session.panels[side])


def ringed(session: Session, side: str) -> Patch:
    """The ring around the person who is followed, in a network that is drawn already."""
    return patched(network_view.ring(session.panels[side], session.follow))


def scoreboard(session: Session) -> html.Table:
    """Both panels by number, with what chance would give."""
    measured = {metric.name for metric in session.panels["a"].metrics}
    rows = []
    for name, key, meaning in SCORES:
        if key.partition(".")[0] not in measured:
            continue
        cells = [
            html.Td(
                score(session, key, column),
                id={"type": "score", "key": key, "column": column},
                **dashed(data_label=label),
            )
            for column, label in (("a", "In A"), ("b", "In B"), ("chance", "By chance"))
        ]
        rows.append(html.Tr([html.Th([name, html.Small(f" {meaning}")], scope="row"), *cells]))
    heads = ["", *(f"{side.upper()}: {session.panels[side].title}" for side in SIDES), "By chance"]
    return html.Table(
        [
            html.Caption(f"Means of the last {OVER} steps."),
            html.Thead(html.Tr([html.Th(head, scope="col") for head in heads])),
            html.Tbody(rows),
        ]
    )


def score(session: Session, key: str, column: str) -> str:
    """One number of the scoreboard: of a panel, or of chance alone (in the world of A)."""
    panel = session.panels.get(column, session.panels["a"])
    value = panel.record.last(f"{key}.null" if column == "chance" else key, OVER)
    if value != value:
        return "–"
    return percent(value) if key in SHARES else number(value)


# ---------------------------------------------------------------------------------------------------- one person
def person(session: Session, side: str, otherwise: bool = False) -> list[Any]:
    """What a person sees in a panel, why, what they like and what the platform takes them for."""
    user, panel = session.follow, session.panels[side]
    if user is None:
        return [html.P("Nobody is followed yet.", className="help")] if side == "a" else []
    other = session.panels[SIDES[1 - SIDES.index(side)]]
    found: list[Any] = [html.H3(f"{side.upper()}: what user {user} is shown now"), *_cards(feed_of(panel, user))]
    if otherwise:
        found.append(html.H3(f"What “{other.title}” would have shown user {user} here, today"))
        found += _cards(feed_elsewhere(panel, other, user))
    return found + _portrait(panel, user)


def _cards(feed: Feed) -> list[Any]:
    cards = html.Ol([_card(card) for card in feed.cards], className="feed")
    return [cards, html.P(feed.note, className="help")] if feed.note else [cards]


def _card(card: Card) -> html.Li:
    marks = [html.Span("harmful", className="mark harmful")] if card.harmful else []
    marks += [html.Span("clicked", className="mark clicked")] if card.clicked else []
    stance = number(round(card.stance, 2))
    head = [html.Span(card.topic, className="topic"), html.Span(f"item {card.item}", className="number"),
            html.Span(f"stance {stance}", className="stance"), *marks]  # fmt: skip
    if card.score is None:
        return html.Li(head)
    why = "; ".join(f"{name} {'+' if value >= 0 else ''}{number(value)}" for name, value in card.parts)
    return html.Li([*head, html.Div([html.B("Why: "), f"{why}. Score {number(card.score)}."], className="why")])


def _portrait(panel: Panel, user: int) -> list[Any]:
    found = portrait(panel, user)
    if found is None:
        return []
    names = [plain(name) for name in reversed(found.topics)]
    bars = canvas(270, barmode="group", bargap=0.25).update_layout(margin_t=60)
    for values, name, colour in (
        (found.idea, "The platform’s idea now", ORANGE), (found.now, "Interests now", BLUE),
        (found.first, "Interests at the start", GREY),
    ):  # fmt: skip
        bars.add_trace(go.Bar(y=names, x=rounded(reversed(values)), name=name, orientation="h", marker={"color": colour},
                              hovertemplate="%{x:.0%}<extra></extra>"))  # fmt: skip
    bars.update_layout(legend_traceorder="reversed")
    bars.update_xaxes(tickformat=".0%", rangemode="tozero")
    lines = canvas(200)
    steps = [step + 1 for step in found.steps]
    for values, name, colour in ((found.wide, "Interests", BLUE), (found.idea_wide, "The platform’s idea", ORANGE)):
        lines.add_trace(go.Scatter(x=steps, y=rounded(values), name=name, mode="lines+markers", marker={"size": 4},
                                   line={"color": colour, "width": 3}, hovertemplate="%{y:.2f}"))  # fmt: skip
    lines.update_xaxes(title_text="Step")
    lines.update_yaxes(title_text="Effective topics", rangemode="tozero")
    return [
        html.Figure([html.H3("Who they are, and who the platform takes them for"), _still(bars),
                     html.Figcaption(_in_words(found.topics, found.now, found.idea))]),
        html.Figure([html.H3("How both moved"), _still(lines), html.Figcaption("How many topics each is spread over.")]),
    ]  # fmt: skip


def _still(figure: go.Figure) -> dcc.Graph:
    return dcc.Graph(figure=figure, config=CONFIG, responsive=True, style={"height": f"{figure.layout.height}px"})


def _in_words(topics: tuple[str, ...], now: Any, idea: Any) -> str:
    mine = f"Likes {topics[int(now.argmax())]} most ({percent(float(now.max()))})"
    if not idea.max() > 0:
        return f"{mine}; the platform knows of no click yet."
    return f"{mine}; the platform thinks it is {topics[int(idea.argmax())]} ({percent(float(idea.max()))})."


def lesson(one: Lesson | None) -> list[Any]:
    """A lesson's text; what comes after the activity is folded away."""
    if one is None:
        return []
    found: list[Any] = [
        html.Summary(html.H2(f"Lesson {one.number}: {one.title}")),
        dcc.Markdown(one.question, className="idea"),
    ]
    found += [html.H3(PARTS["activity"]), dcc.Markdown(one.activity)]
    for name in ("notice", "discuss", "answers"):  # later; so that the panels stay in sight
        heading = PARTS[name] + (" (for the teacher)" if name == "answers" else "")
        found.append(html.Details([html.Summary(heading), dcc.Markdown(getattr(one, name))]))
    return [html.Details(found, open=True)]
