"""What a few people were shown, step by step and place by place, coloured by topic: a cocoon as it is spun."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import plotly.graph_objects as go
import polars as pl
from plotly.subplots import make_subplots

from cocoonsim.figures._look import BLUE, GREEN, ORANGE, PALE, PURPLE, RED, SKY, NothingToShow, panelled, plain
from cocoonsim.figures._numbers import one_seed

if TYPE_CHECKING:
    from cocoonsim.results import Results

TITLE = "What some users saw, step by step"
PLACE = 40
WIDE = True
COLOURS = (BLUE, ORANGE, GREEN, RED, PURPLE, SKY)
MOST_PEOPLE, MOST_STEPS, MOST_PLACES = 3, 120, 25


def strips(results: Results) -> tuple[pl.DataFrame, list[int], list[str], str]:
    """The rows to draw, the users, the topics that get a colour (most shown first), and words on what is left out."""
    if results.sample_feeds.is_empty():
        raise NothingToShow("Nobody’s feed was recorded (record.follow is 0, or all feeds were empty).")
    frame, words = one_seed(results.sample_feeds)
    if "why" not in frame.columns:  # results of an earlier version
        frame = frame.with_columns(pl.lit("").alias("why"))
    if frame["rank"].max() > MOST_PLACES:  # type: ignore[operator]
        frame, words = (
            frame.filter(pl.col("rank") <= MOST_PLACES),
            f" (The first {MOST_PLACES} places are drawn.){words}",
        )
    users = sorted(frame["user"].unique())[:MOST_PEOPLE]
    steps = frame["step"].unique().sort()
    if len(steps) > MOST_STEPS:
        kept = sorted({round(at * (len(steps) - 1) / (MOST_STEPS - 1)) for at in range(MOST_STEPS)})
        words = f" ({MOST_STEPS} evenly spaced steps of {len(steps)} are drawn.){words}"
        steps = steps[kept]
    frame = frame.filter(pl.col("user").is_in(users), pl.col("step").is_in(steps.implode()))
    counts = frame.group_by("topic").len().sort(["len", "topic"], descending=[True, False])
    return frame, users, counts["topic"].head(len(COLOURS)).to_list(), words


def draw(results: Results) -> go.Figure:
    """A strip for each user: steps across, places of the feed down, a dot on what was clicked."""
    frame, users, topics, _ = strips(results)
    steps = frame["step"].unique().sort().to_numpy()
    places = int(frame["rank"].max())  # type: ignore[arg-type]
    titles = [f"User {user}" for user in users]
    drawn = make_subplots(len(users), 1, shared_xaxes=True, subplot_titles=titles, vertical_spacing=0.2 / len(users))
    strip = min(max(places * 15, 110), 260) + 30
    panelled(drawn, strip, len(users), hovermode="closest")
    code = {topic: number for number, topic in enumerate(topics)}
    shades = [*COLOURS[: len(topics)], PALE]
    scale = [[(i + end) / len(shades), colour] for i, colour in enumerate(shades) for end in (0, 1)]
    for row, user in enumerate(users, start=1):
        part = frame.filter(pl.col("user") == user)
        across = np.searchsorted(steps, part["step"].to_numpy())
        down = part["rank"].to_numpy() - 1
        colour = np.full((places, len(steps)), np.nan)
        colour[down, across] = [code.get(topic, len(topics)) for topic in part["topic"]]
        texts = np.full((places, len(steps)), "", dtype=object)
        clicked = part["clicked"].to_numpy()
        texts[down, across] = [
            f"item {item}: {plain(topic)}<br>stance {stance:.2f}{', clicked' if click else ''}"
            + (f"<br>why: {plain(why).replace('; ', '<br>')}" if why else "")
            for item, topic, stance, click, why in zip(
                part["item"], part["topic"], part["stance"], clicked, part["why"], strict=True
            )
        ]
        drawn.add_trace(
            go.Heatmap(
                x=steps,
                y=np.arange(1, places + 1),
                z=colour,
                zmin=-0.5,
                zmax=len(shades) - 0.5,
                colorscale=scale,
                showscale=False,
                text=texts,
                hovertemplate="step %{x}, place %{y}<br>%{text}<extra></extra>",
                xgap=0.5,
                ygap=0.5,
            ),
            row,
            1,
        )
        drawn.add_trace(
            go.Scatter(
                x=part.filter(pl.col("clicked"))["step"].to_numpy(),
                y=part.filter(pl.col("clicked"))["rank"].to_numpy(),
                mode="markers",
                marker={"size": 5, "color": "#000000", "line": {"color": "#FFFFFF", "width": 1}},
                name="Clicked",
                legendgroup="clicked",
                showlegend=row == 1,
                hoverinfo="skip",
            ),
            row,
            1,
        )
    others = frame.filter(~pl.col("topic").is_in(topics)).height > 0
    for name, colour_word in zip([*topics, "other topics"], shades, strict=True):
        if name in code or others:
            square = {"size": 12, "symbol": "square", "color": colour_word}
            drawn.add_trace(go.Scatter(x=[None], y=[None], mode="markers", marker=square, name=plain(name)), 1, 1)
    drawn.update_yaxes(autorange="reversed", showgrid=False, tickvals=[1, places], zeroline=False)
    drawn.update_yaxes(title_text="Place in feed", row=(len(users) + 1) // 2, col=1)
    half = (steps[-1] - steps[0]) / max(len(steps) - 1, 1) / 2 or 0.5
    drawn.update_xaxes(showgrid=False, range=[steps[0] - half, steps[-1] + half])
    drawn.update_xaxes(title_text="Step", row=len(users), col=1)
    return drawn


def caption(results: Results) -> str:
    """How many different topics each followed user saw in the first and in the last steps."""
    frame, users, _, words = strips(results)
    steps = frame["step"].unique().sort()
    few = max(1, len(steps) // 5)
    parts = []
    for user in users:
        part = frame.filter(pl.col("user") == user)
        first = part.filter(pl.col("step").is_in(steps.head(few).implode()))["topic"].n_unique()
        last = part.filter(pl.col("step").is_in(steps.tail(few).implode()))["topic"].n_unique()
        parts.append(f"user {user}: {first}, then {last}")
    span = f"{few} steps" if few > 1 else "step"
    return (
        f"Different main topics seen in the first {span} drawn, and in the last: {'; '.join(parts)}. "
        f"Each square is an item in a feed, the best place on top; a dot marks a click.{words}"
    )
