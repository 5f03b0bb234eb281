"""How opinions spread, gather or split over time: a density for each step, dark where many people are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import plotly.graph_objects as go
import polars as pl

from cocoonsim.figures._look import BAR_ON_TOP, GROWING, NothingToShow, canvas, number, percent
from cocoonsim.figures._numbers import one_seed, thinned

if TYPE_CHECKING:
    from cocoonsim.results import Results

TITLE = "Opinions over time"
PLACE = 30
FAR = 0.5
"""An opinion further than this from the middle counts as strong in the caption."""


def densities(results: Results) -> tuple[np.ndarray, np.ndarray, np.ndarray, str]:
    """Steps (s,), edges of bins (b + 1,), the share of users in each bin (b, s), and words on the seed drawn."""
    if results.opinions.is_empty() or not results.opinions["count"].sum():
        raise NothingToShow("No opinions were recorded.")
    frame, words = one_seed(results.opinions)
    steps = thinned(frame.select("step").unique().sort("step"))["step"].to_numpy()
    frame = frame.filter(pl.col("step").is_in(pl.Series(steps).implode())).sort("step", "low")
    bins = frame.height // frame["step"].n_unique()
    edges = np.linspace(frame["low"].min(), frame["high"].max(), bins + 1)  # type: ignore[arg-type]
    shares = np.zeros((bins, len(steps)))
    for at, (_, part) in enumerate(frame.group_by("step", maintain_order=True)):
        own = np.append(part["low"].to_numpy(), part["high"][-1])
        below = np.append(0.0, np.cumsum(part["count"].to_numpy())) / part["count"].sum()
        # a step whose opinions reach further has wider bins: spread each evenly over the common ones
        shares[:, at] = np.diff(np.interp(edges, own, below, left=0.0, right=1.0))
    return steps, edges, shares, words


def draw(results: Results) -> go.Figure:
    """A heat map: steps across, opinions up, the share of people as darkness."""
    steps, edges, shares, _ = densities(results)
    drawn = canvas(400)
    drawn.update_layout(margin={"b": 52, "t": 6})
    drawn.add_trace(
        go.Heatmap(
            x=steps,
            y=(edges[:-1] + edges[1:]) / 2,
            z=shares,
            colorscale=GROWING,
            zmin=0,
            # one step of full agreement would otherwise turn all the others white
            zmax=float(max(np.quantile(shares, 0.99), 2.0 / len(shares))),
            colorbar={
                "title": {"text": "Share of people", "side": "top", "font": {"size": 13}},
                "tickformat": ".0%",
                **BAR_ON_TOP,
            },
            hovertemplate="step %{x}<br>opinion about %{y:.2f}<br>%{z:.1%} of people<extra></extra>",
        )
    )
    # an automatic margin forgets the colour bar and sets the title onto the ticks
    drawn.update_xaxes(title_text="Step", showgrid=False, automargin=False)
    drawn.update_yaxes(title_text="Opinion (first dimension)", showgrid=False, range=[edges[0], edges[-1]])
    return drawn


def caption(results: Results) -> str:
    """The spread and the share of strong opinions, first and last."""
    _, edges, shares, words = densities(results)
    middle = (edges[:-1] + edges[1:]) / 2
    text = []
    for at in (0, -1):
        share = shares[:, at] / shares[:, at].sum()
        mean = float((middle * share).sum())
        spread = float(np.sqrt(((middle - mean) ** 2 * share).sum()))
        # people are taken to lie evenly within a bin, as a bin may straddle the mark
        low, high = np.interp([-FAR, FAR], edges, np.append(0.0, np.cumsum(share)))
        text.append((spread, float(1.0 - (high - low))))
    (spread_0, far_0), (spread_1, far_1) = text
    change = "narrowed" if spread_1 < 0.98 * spread_0 else "widened" if spread_1 > 1.02 * spread_0 else "hardly changed"
    return (
        f"Opinions {change}: their standard deviation was {number(spread_0)} in the first recorded step and "
        f"{number(spread_1)} in the last; {percent(far_0)} of people were further than {FAR} from the middle at first, "
        f"{percent(far_1)} at last.{words}"
    )
