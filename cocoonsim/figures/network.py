"""Who follows whom at the end, coloured by opinion: whether like sits with like."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import plotly.graph_objects as go
import polars as pl

from cocoonsim.core.chance import Chance
from cocoonsim.figures._look import BAR_ON_TOP, OPPOSED, NothingToShow, canvas, percent
from cocoonsim.figures._numbers import one_seed

if TYPE_CHECKING:
    from cocoonsim.results import Results

TITLE = "Who follows whom at the end, by opinion"
PLACE = 50
MOST_TIES = 6000
"""More lines than this are a grey blot and make a slow page; an even sample of them is drawn."""


def ties(results: Results) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, str]:
    """Ids (n,) of people with a tie in the sample, their opinions (n,), each tie's ends as rows (e,), words on the seed."""
    if results.sample_network.is_empty():
        raise NothingToShow("Nobody follows anybody in this world, so there is no network to draw.")
    frame, words = one_seed(results.sample_network)
    source, target = frame["source"].to_numpy(), frame["target"].to_numpy()
    people = np.unique(np.concatenate([source, target]))
    users = results.users.filter(pl.col("seed") == frame["seed"][0]).sort("user")
    if "opinion" not in users.columns:
        raise NothingToShow("The people of this world have no opinions to colour a network by.")
    known = users["user"].to_numpy()
    opinion = users["opinion"].to_numpy()[np.searchsorted(known, people)]
    return people, opinion, np.searchsorted(people, source), np.searchsorted(people, target), words


def places(n: int, source: np.ndarray, target: np.ndarray) -> np.ndarray:
    """float64 (n, 2): a spring layout from fixed starting places, so that the same network gives the same picture."""
    import networkx as nx

    graph = nx.Graph()
    graph.add_nodes_from(range(n))
    graph.add_edges_from(zip(source.tolist(), target.tolist(), strict=True))
    # starting places know nothing of opinions: what is apart in the end, the ties have put apart
    start = Chance(0).generator("network layout").uniform(-1.0, 1.0, (n, 2))
    pieces = sorted(nx.connected_components(graph), key=lambda piece: (-len(piece), min(piece)))
    out = np.zeros((n, 2))
    for number, piece in enumerate(pieces):
        ids = sorted(piece)
        found = nx.spring_layout(
            graph.subgraph(ids), pos=dict(zip(ids, start[ids], strict=True)), iterations=80, seed=0
        )
        spot = np.array([found[i] for i in ids])
        radius = np.sqrt(len(ids) / len(pieces[0]))
        spot = (spot - spot.mean(axis=0)) / max(float(np.abs(spot).max()), 1e-9) * radius if len(ids) > 1 else spot * 0
        if number:  # small pieces stand around the large one
            angle = 2.399963 * number
            spot += (1.25 + radius) * np.array([np.cos(angle), np.sin(angle)])
        out[ids] = spot
    return out


def draw(results: Results) -> go.Figure:
    """Dots for people, thin lines for ties, blue and red for the two ends of the opinion axis."""
    people, opinion, source, target, _ = ties(results)
    spot = places(len(people), source, target)
    drawn = canvas(480, showlegend=False, hovermode="closest").update_layout(margin_t=6)
    kept = np.unique(np.linspace(0, len(source) - 1, min(len(source), MOST_TIES)).astype(int))
    drawn.add_trace(_lines(spot, source[kept], target[kept]))
    followers = np.bincount(target, minlength=len(people))
    reach = max(0.25, float(np.nanquantile(np.abs(opinion), 0.98)))  # pale dots would hide the camps
    drawn.add_trace(
        go.Scatter(
            x=spot[:, 0].round(4),
            y=spot[:, 1].round(4),
            mode="markers",
            marker={
                "size": 5.5 + 2.0 * np.sqrt(followers / max(float(followers.mean()), 1.0)).clip(0, 5),
                "color": opinion,
                "cmin": -reach,
                "cmax": reach,
                "colorscale": OPPOSED,
                "line": {"color": "#555555", "width": 0.6},
                "colorbar": {"title": {"text": "Opinion", "side": "top", "font": {"size": 13}}, **BAR_ON_TOP},
            },
            customdata=np.stack([people, followers], axis=1),
            hovertemplate="user %{customdata[0]:.0f}<br>opinion %{marker.color:.2f}"
            "<br>%{customdata[1]:.0f} followers among those drawn<extra></extra>",
        )
    )
    blank = {"visible": False, "showgrid": False}
    drawn.update_xaxes(**blank)
    drawn.update_yaxes(**blank, scaleanchor="x")
    return drawn


def _lines(spot: np.ndarray, source: np.ndarray, target: np.ndarray) -> go.Scatter:
    ends: list[Any] = []
    for axis in (0, 1):
        gaps = np.full(len(source), np.nan)
        ends.append(np.stack([spot[source, axis], spot[target, axis], gaps], axis=1).ravel().round(4))
    opacity = float(np.clip(300.0 / max(len(source), 1), 0.16, 0.5))
    colour = f"rgba(90,90,90,{opacity:.2f})"
    return go.Scatter(x=ends[0], y=ends[1], mode="lines", line={"width": 0.7, "color": colour}, hoverinfo="skip")


def caption(results: Results) -> str:
    """How many ties cross the middle, and how many would if the same people tied without regard to opinion."""
    people, opinion, source, target, words = ties(results)
    right = opinion > 0
    crossing = float((right[source] != right[target]).mean())
    # each end keeps its number of ties, but ends meet at random
    p, q = float(right[source].mean()), float(right[target].mean())
    blind = p * (1 - q) + (1 - p) * q
    return (
        f"{len(people):,} people and the {len(source):,} follows between them; {percent(crossing)} of these join people "
        f"on opposite sides of the middle, where follows blind to opinion would give {percent(blind)}. "
        f"Larger dots have more followers.{words}"
    )
