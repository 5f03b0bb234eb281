"""Where the narrowing happens: how much of the other side is in the pool, comes from friends, is shown, is clicked.

Also known as: exposure funnel; after Bakshy, Messing & Adamic (2015), Exposure to ideologically diverse news and opinion.
"""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING

import plotly.graph_objects as go
import polars as pl

from cocoonsim.figures._look import BLUE, GREEN, GREY, ORANGE, NothingToShow, about, canvas, percent
from cocoonsim.figures._numbers import STAGE_WORDS, main_rows

if TYPE_CHECKING:
    from cocoonsim.results import Results

TITLE = "From the pool to the click: how much comes from the other side"
PLACE = 20
METRIC = "cross_cutting_share"
LATE = 0.2
"""The bars are means over this last part of the recorded steps, not over one step's luck."""
_SHORT = {"chance": "In the pool", "network": "From<br>follows", "shown": "Shown", "clicked": "Clicked"}
_COLOURS = {"chance": GREY, "network": GREEN, "shown": BLUE, "clicked": ORANGE}


def late_means(results: Results) -> tuple[dict[str, tuple[float, float, float]], int]:
    """Mean, lowest and highest seed of each stage over the last steps; and how many steps. Raises NothingToShow."""
    rows = main_rows(results.metrics).filter(pl.col("metric") == METRIC, pl.col("value").is_finite())
    if rows.is_empty():
        raise NothingToShow("No cross-cutting share was measured, or it is undefined: it needs opinions on two sides.")
    steps = results.metrics["step"].unique().sort()
    late = steps.tail(max(1, math.ceil(LATE * len(steps))))
    rows = rows.filter(pl.col("step").is_in(late.implode())).unique(["seed", "step", "stage"], maintain_order=True)
    if rows.is_empty():
        raise NothingToShow("The cross-cutting share is undefined in the last steps.")
    by_seed = rows.group_by("stage", "seed").agg(pl.col("value").mean())
    found = by_seed.group_by("stage").agg(
        pl.col("value").mean().alias("mean"), pl.col("value").min().alias("low"), pl.col("value").max().alias("high")
    )
    means = {stage: (mean, low, high) for stage, mean, low, high in found.iter_rows()}
    return {stage: means[stage] for stage in _COLOURS if stage in means}, len(late)


def draw(results: Results) -> go.Figure:
    """A bar for each stage of the funnel."""
    means, _ = late_means(results)
    names = [_SHORT[stage] for stage in means]
    value = [mean for mean, _, _ in means.values()]
    drawn = canvas(340, showlegend=False, bargap=0.35)
    several = len(results.manifest["seeds"]) > 1
    drawn.add_trace(
        go.Bar(
            x=names,
            y=value,
            marker={"color": [_COLOURS[stage] for stage in means]},
            hovertemplate="%{x}: %{y:.1%}<extra></extra>",
            error_y={
                "type": "data",
                "visible": several,
                "array": [high - mean for mean, _, high in means.values()],
                "arrayminus": [mean - low for mean, low, _ in means.values()],
            },
        )
    )
    labels = [percent(mean) for mean in value]
    above = [high for _, _, high in means.values()]  # over the whiskers
    drawn.add_trace(go.Scatter(x=names, y=above, text=labels, mode="text", textposition="top center", hoverinfo="skip"))
    top = max(high for _, _, high in means.values())
    drawn.update_xaxes(showgrid=False, ticks="", tickangle=0)
    drawn.update_yaxes(title_text=about(METRIC).axis, tickformat=".0%", range=[0, max(top * 1.2, 0.05)])
    return drawn


def caption(results: Results) -> str:
    """How much of the other side is left after each stage, and where most is lost."""
    means, steps = late_means(results)
    stages = list(means)
    parts = [f"{percent(means[stage][0])} {STAGE_WORDS[stage]}" for stage in stages]
    text = f"Content from the other side of the opinion axis: {', '.join(parts)}"
    text += f" (mean over the last {steps} recorded steps)." if steps > 1 else " (in the last step)."
    losses = {(a, b): means[a][0] - means[b][0] for a, b in itertools.pairwise(stages)}
    if losses and max(losses.values()) > 0.005:
        (a, b), most = max(losses.items(), key=lambda pair: pair[1])
        points = f"{100 * most:.1f}".removesuffix(".0")
        text += (
            f" The largest step down, by {points} percentage points, is from “{STAGE_WORDS[a]}” to “{STAGE_WORDS[b]}”."
        )
    elif losses:
        text += " No stage takes away more than half a percentage point."
    if len(results.manifest["seeds"]) > 1:
        text += " Whiskers: lowest and highest seed."
    return text
