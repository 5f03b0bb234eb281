"""What each arm changes, metric by metric: the paired differences with their intervals, around a line at no change.

Also known as: forest plot.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import plotly.graph_objects as go
import polars as pl
from plotly.subplots import make_subplots

from cocoonsim.figures._arms import arm_names, first_metrics, sure, value_differences
from cocoonsim.figures._look import PALETTE, NothingToShow, about, number, panelled, plain
from cocoonsim.figures._numbers import STAGE_WORDS

if TYPE_CHECKING:
    from cocoonsim.experiments.compare import Comparison

TITLE = "What each arm changes"
PLACE = 20
WIDE = True
ROW, FRAME = 36, 56
"""Pixels for each arm, and for the title and ticks of each panel."""


def panels(comparison: Comparison) -> list[tuple[str, str, pl.DataFrame]]:
    """Metric, stage and the rows of its arms; at most `shown` and `clicked` of a funnel. Raises NothingToShow."""
    rows = value_differences(comparison).filter(~pl.col("stage").is_in(["chance", "network"]))
    found = [(metric, stage, part) for (metric, stage), part in rows.group_by(["metric", "stage"], maintain_order=True)]
    first = [metric for metric, _ in first_metrics(comparison)]
    found.sort(key=lambda panel: first.index(panel[0]) if panel[0] in first else len(first))
    if not found:
        raise NothingToShow("No difference between the arms is defined.")
    return found


def draw(comparison: Comparison) -> go.Figure:
    """A panel for each metric, in its own unit; filled dots where the interval leaves out zero."""
    found = panels(comparison)
    arms = [arm for arm in arm_names(comparison) if arm != comparison.manifest["against"]]
    panel = FRAME + ROW * len(arms)
    drawn = make_subplots(
        len(found), 1, subplot_titles=[_title(metric, stage) for metric, stage, _ in found],
        vertical_spacing=FRAME / (panel * len(found)) if len(found) > 1 else 0.0,
    )  # fmt: skip
    panelled(drawn, panel, len(found), showlegend=False, hovermode="closest")
    for at, (_, _, part) in enumerate(found, start=1):
        for row in part.iter_rows(named=True):
            place = arms.index(row["arm"])
            drawn.add_trace(_dot(row, place, PALETTE[(place + 1) % len(PALETTE)]), at, 1)
        drawn.add_vline(x=0, line={"color": "#555555", "width": 1, "dash": "dot"}, row=at, col=1)
        reach = 1.1 * max(
            abs(row[end]) for row in part.iter_rows(named=True) for end in ("difference", "low", "high")
            if row[end] is not None and math.isfinite(row[end])
        ) or 1.0  # fmt: skip
        drawn.update_xaxes(range=[-reach, reach], nticks=5, row=at, col=1)
        # names stand over their lines, within the panel: beside it they would leave no room on a phone
        drawn.add_trace(_names(arms, -reach), at, 1)
    drawn.update_yaxes(range=[len(arms) - 0.5, -0.8], visible=False)
    return drawn


def _title(metric: str, stage: str) -> str:
    known = about(metric)
    where = "" if stage == "people" else f", {STAGE_WORDS.get(stage, stage)}"
    unit = f" ({known.unit})" if known.unit else ""
    return plain(f"{known.short}{where}{unit}")


def _names(arms: list[str], left: float) -> go.Scatter:
    return go.Scatter(
        x=[left] * len(arms),
        y=[place - 0.18 for place in range(len(arms))],
        text=[plain(arm) for arm in arms],
        mode="text",
        textposition="top right",
        textfont={"size": 12},
        cliponaxis=False,
        hoverinfo="skip",
    )


def _dot(row: dict[str, object], place: int, colour: str) -> go.Scatter:
    middle, low, high = (float(row[name]) for name in ("difference", "low", "high"))  # type: ignore[arg-type]
    told = math.isfinite(low) and math.isfinite(high)
    interval = f"95 % interval {number(low)} to {number(high)}" if told else "no interval from one seed"
    return go.Scatter(
        x=[middle],
        y=[place],
        mode="markers",
        marker={
            "size": 11,
            "color": colour if sure(low, high) else "#FFFFFF",
            "line": {"color": colour, "width": 2},
        },
        error_x={
            "type": "data", "symmetric": False, "visible": told, "color": colour, "thickness": 2, "width": 5,
            "array": [high - middle if told else 0.0], "arrayminus": [middle - low if told else 0.0],
        },
        hovertemplate=f"difference {number(middle)}<br>{interval}<br>{row['n_seeds']} seeds<extra>%{{fullData.name}}</extra>",
        name=plain(row["arm"]),
    )  # fmt: skip


def caption(comparison: Comparison) -> str:
    """How many of the differences are told apart from zero."""
    rows = [row for _, _, part in panels(comparison) for row in part.iter_rows(named=True)]
    clear = sum(sure(row["low"], row["high"]) for row in rows)
    against = comparison.manifest["against"]
    seeds = len(comparison.manifest["seeds"])
    if seeds < 2:
        return f"Differences to “{against}” in the means over the last steps. One seed gives no intervals: use more."
    return (
        f"Differences to “{against}” in the means over the last steps, paired by seed ({seeds} seeds), each in the unit of "
        f"its metric, with 95 % intervals. {clear} of {len(rows)} intervals leave out zero (filled dots). With so many "
        "intervals, about one in twenty leaves out zero by luck alone."
    )
