"""Whether some groups live in narrower bubbles than others: diversity of the feeds by group."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import polars as pl

from cocoonsim.figures._lines import line
from cocoonsim.figures._look import DASHES, PALETTE, NothingToShow, about, canvas, named, number
from cocoonsim.figures._numbers import thinned

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from cocoonsim.results import Results

TITLE = "Diversity of the feeds, by group"
PLACE = 12
METRIC = "effective_topics"


def by_group(results: Results) -> dict[str, tuple[list[int], list[float]]]:
    """Steps and means over seeds for each group. Raises NothingToShow where there are no two groups."""
    rows = results.metrics.filter(
        pl.col("metric") == METRIC, pl.col("stage") == "shown", pl.col("stat") == "mean", pl.col("group") != "all"
    ).with_columns(pl.col("value").fill_nan(None))
    rows = rows.unique(["seed", "step", "group"], maintain_order=True)
    means = rows.group_by("group", "step").agg(pl.col("value").mean())
    found = {}
    for group in sorted(rows["group"].unique(), key=lambda name: (len(name), name)):
        part = thinned(means.filter(pl.col("group") == group).sort("step"))
        value = part["value"].fill_null(math.nan).to_list()
        if any(math.isfinite(one) for one in value):
            found[group] = (part["step"].to_list(), value)
    if len(found) < 2:
        raise NothingToShow("The people are not in groups (or in too many to tell apart), so there is none by group.")
    return found


def draw(results: Results) -> go.Figure:
    """A line for each group."""
    drawn = canvas(hovermode="x unified")
    for at, (group, (step, value)) in enumerate(by_group(results).items()):
        colour, dash = PALETTE[at % len(PALETTE)], DASHES[at % len(DASHES)]
        drawn.add_trace(line(step, value, f"Group {group}", colour, dash))
    drawn.update_xaxes(title_text="Step")
    drawn.update_yaxes(title_text=about(METRIC).axis, rangemode="tozero")
    return drawn


def caption(results: Results) -> str:
    """The groups with the narrowest and the widest feeds at the end."""
    last = {group: value[-1] for group, (_, value) in by_group(results).items() if math.isfinite(value[-1])}
    if len(last) < 2:
        return f"The {named(METRIC)} of what is shown, by group; undefined for most groups in the last step."
    low, high = min(last, key=lambda group: last[group]), max(last, key=lambda group: last[group])
    unit = about(METRIC).unit
    return (
        f"In the last step the narrowest feeds are those of group {low} ({number(last[low])} {unit}), the widest those of "
        f"group {high} ({number(last[high])} {unit}). Means over the users of each group."
    ).replace(" )", ")")
