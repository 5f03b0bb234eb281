"""Who follows whom, coloured by opinion, with the ties that cross the middle set off. A click on a dot follows that person."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import plotly.graph_objects as go

from cocoonsim.app.views import Changes, put, rounded
from cocoonsim.figures._look import BLACK, GREEN, OPPOSED, canvas, percent
from cocoonsim.figures.network import places

if TYPE_CHECKING:
    from cocoonsim.app.panel import Panel

TITLE = "Who follows whom, by opinion"
HEIGHT = 380
MOST_TIES = 800
"""More lines than this are a blot; an even sample of them is drawn."""
GRID = 1000
PEOPLE = 2
"""The trace that holds the people."""


def draw(panel: Panel) -> go.Figure:
    """Dots for people, grey lines for ties within a camp, green ones across."""
    drawn = canvas(HEIGHT, hovermode="closest", uirevision="keep", clickmode="event").update_layout(margin_t=30)
    thin, thick = {"width": 0.7, "color": "rgba(110,110,110,0.35)"}, {"width": 1, "color": GREEN}
    drawn.add_trace(go.Scatter(mode="lines", line=thin, hoverinfo="skip", name="Ties within a camp"))
    drawn.add_trace(go.Scatter(mode="lines", line=thick, opacity=0.55, hoverinfo="skip", name="Ties across"))
    spot = layout(panel)
    far = reach(panel)
    drawn.add_trace(
        go.Scatter(
            x=spot[:, 0].tolist(), y=spot[:, 1].tolist(), mode="markers", showlegend=False,
            customdata=panel.drawn.tolist(),
            marker={"size": 9, "cmin": -far, "cmax": far, "colorscale": OPPOSED, "line": {"color": BLACK, "width": 0.6}},
            hovertemplate="user %{customdata}<br>opinion %{marker.color:.2f}<br>click to follow<extra></extra>",
        )
    )  # fmt: skip
    drawn.update_xaxes(visible=False, showgrid=False)
    drawn.update_yaxes(visible=False, showgrid=False)
    drawn.add_trace(go.Scatter(mode="markers", hoverinfo="skip", showlegend=False,
                               marker={"symbol": "circle-open", "size": 20, "color": BLACK, "line": {"width": 4}}))  # fmt: skip
    now = panel.world.users.opinion[panel.drawn, 0]
    return put(drawn, {**_colours(now), **tie_lines(panel)})


def moving(panel: Panel) -> Changes:
    """The colours of people whose opinion has changed; the lines, where a tie or the camp of someone at its end has."""
    opinion = panel.world.users.opinion[panel.drawn, 0]
    moment = panel.moment
    if moment is None:
        return _colours(opinion)
    before, after = moment.world, moment.after
    was = before.users.opinion[panel.drawn, 0]
    changes = _colours(opinion) if (was != opinion).any() else Changes()
    if before.follows is not after.follows or (np.sign(was) != np.sign(opinion)).any():
        changes |= tie_lines(panel)
    return changes


def _colours(opinion: np.ndarray) -> Changes:
    return {("data", PEOPLE, "marker", "color"): rounded(opinion, 2)}


def ring(panel: Panel, user: int | None) -> Changes:
    """A ring around the person who is followed."""
    spot = layout(panel)[panel.drawn == user]
    return {("data", PEOPLE + 1, "x"): spot[:, 0].tolist(), ("data", PEOPLE + 1, "y"): spot[:, 1].tolist()}


def ties(panel: Panel) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Places in `drawn` of both ends of each tie among them, and whether it crosses the middle."""
    source, target = _among(panel)
    side = np.sign(panel.world.users.opinion[panel.drawn, 0])
    return source, target, side[source] * side[target] < 0


def _among(panel: Panel, start: bool = False) -> tuple[np.ndarray, np.ndarray]:
    world = panel.start if start else panel.world
    place = np.full(world.n_users, -1)
    place[panel.drawn] = np.arange(len(panel.drawn))
    row, followee = world.follows.arcs_of(panel.drawn)
    both = place[followee] >= 0
    return row[both], place[followee[both]]


def tie_lines(panel: Panel) -> Changes:
    """The lines of both kinds."""
    source, target, crossing = ties(panel)
    kept = np.zeros(len(source), bool)
    kept[np.linspace(0, max(len(source) - 1, 0), min(len(source), MOST_TIES)).astype(int)] = True
    spot, changes = layout(panel), Changes()
    for trace, which in enumerate((kept & ~crossing, kept & crossing)):
        for axis, name in enumerate("xy"):
            ends = zip(spot[source[which], axis].tolist(), spot[target[which], axis].tolist(), strict=True)
            changes["data", trace, name] = [value for pair in ends for value in (*pair, None)]
    return changes


def layout(panel: Panel) -> np.ndarray:
    """int (n_drawn, 2): where people stand, from the ties at the start."""
    source, target = _among(panel, start=True)
    if not len(source):  # without ties, people stand in a circle
        angle = np.linspace(0, 2 * np.pi, len(panel.drawn), endpoint=False)
        return (np.stack([np.cos(angle), np.sin(angle)], axis=1) * GRID).astype(int)
    return _placed(len(panel.drawn), source.astype(np.int32).tobytes(), target.astype(np.int32).tobytes())


@lru_cache(maxsize=16)
def _placed(n: int, source: bytes, target: bytes) -> np.ndarray:
    """Kept for a few networks: the two panels, and every student with the same story, need the same."""
    spot = places(n, np.frombuffer(source, np.int32), np.frombuffer(target, np.int32))
    # a few who stand far out would push all others into a heap: places are spread by rank as much as by distance
    rank = np.argsort(np.argsort(spot, axis=0, kind="stable"), axis=0, kind="stable") / max(n - 1, 1) * 2 - 1
    far = np.abs(spot).max(initial=1e-9)
    return ((0.5 * spot / far + 0.5 * rank) * GRID).round().astype(int)


def reach(panel: Panel) -> float:
    """Where the colours are full: pale dots would hide the camps."""
    opinion = panel.start.users.opinion[:, 0]
    return max(0.25, float(np.nanquantile(np.abs(opinion), 0.98))) if opinion.size else 1.0


def caption(panel: Panel) -> str:
    """How many ties cross."""
    _, _, crossing = ties(panel)
    if not len(crossing):
        return "Nobody follows anybody in this world. Click a person to follow what they see."
    n = len(panel.drawn)
    return (f"{n:,} of {panel.start.n_users:,} people; {percent(float(crossing.mean()))} of the ties between them join "
            "opposite sides (green). Blue and red: the two ends of opinion. Click someone to follow them.")  # fmt: skip
