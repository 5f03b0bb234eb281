"""Films as plain values: what the page of a hand-out carries as JSON."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl

from cocoonsim.figures._look import OPPOSED, PALE, about, canvas, number, plain
from cocoonsim.figures._numbers import STAGE_WORDS, null_words, nulls_of, series, stages_of
from cocoonsim.figures.feeds import COLOURS
from cocoonsim.figures.network import places
from cocoonsim.film import Film

MOST_PLACES, BINS = 25, 40
FIRST = ("effective_topics", "top_topic_share", "harmful_share", "true_utility", "cross_cutting_share")
"""Measures that the menu offers first."""


def as_plain(films: Mapping[str, Film]) -> dict[str, Any]:
    """Everything that moves, as plain values for JSON."""
    longest = max(films.values(), key=lambda one: len(one.steps))
    reach = max(1.0, *(float(np.abs(frame).max(initial=0.0)) for one in films.values() for frame in one.opinion))
    layouts: list[Any] = []
    known: dict[bytes, int] = {}
    topics = _topics(films)
    arms = []
    for name, one in films.items():
        key = one.people.tobytes() + one.ties[0].tobytes()
        if key not in known:
            known[key] = len(layouts)
            spots = (
                places(len(one.people), one.ties[0][:, 0], one.ties[0][:, 1]) if len(one.ties[0]) else np.empty((0, 2))
            )
            layouts.append(spots.round(3).tolist())
        arms.append({"name": name, "plain": plain(name), "layout": known[key], **_arm(one, reach, topics)})
    look = canvas().layout.to_plotly_json()
    return {
        "arms": arms, "layouts": layouts, "steps": longest.steps, "reach": round(reach, 3), "look": look,
        "measures": _measures(films),
        "feeds": {"people": arms[0]["people"], "topics": [plain(topic) for topic in topics[: len(COLOURS)]],
                  "colours": [*COLOURS[: len(topics)], PALE]},
        "opposed": OPPOSED,
    }  # fmt: skip


def _arm(one: Film, reach: float, topics: list[str]) -> dict[str, Any]:
    assert one.results is not None
    stopped = one.results.manifest["stopped"][str(one.results.manifest["seeds"][0])]
    edges = np.linspace(-reach, reach, BINS + 1)
    return {
        "steps": one.steps,
        "stopped": "" if stopped == "steps" else stopped,
        "opinion": [(100 * frame).round().astype(int).tolist() for frame in one.opinion],
        "spread": [round(float(frame.std()), 3) for frame in one.opinion],
        "bins": _bins(one, edges),
        "ties": _changes(one.ties),
        **_feeds(one, topics),
    }


def _bins(one: Film, edges: np.ndarray) -> list[list[float]]:
    """The share of all people in each bin of opinion, in percent, for each frame."""
    assert one.results is not None
    table = one.results.opinions
    seed = table["seed"][0]
    frames = []
    steps = table["step"].unique().sort().to_numpy()
    for step in one.steps:
        last = int(steps[np.searchsorted(steps, step, side="right") - 1])  # the last that was recorded
        part = table.filter(pl.col("seed") == seed, pl.col("step") == last).sort("low")
        own = np.append(part["low"].to_numpy(), part["high"][-1])
        below = np.append(0.0, np.cumsum(part["count"].to_numpy())) / max(part["count"].sum(), 1)
        frames.append((100 * np.diff(np.interp(edges, own, below, left=0.0, right=1.0))).round(2).tolist())
    return frames


def _changes(frames: list[np.ndarray]) -> dict[str, Any]:
    """The ties of the first frame, and for each frame which came and which went since the one before."""
    code = [frame[:, 0] * 100_000 + frame[:, 1] for frame in frames]
    steps: list[list[list[int]]] = [[[], []]]
    for before, after in itertools.pairwise(code):
        came, went = (np.setdiff1d(a, b, assume_unique=True) for a, b in ((after, before), (before, after)))
        steps.append([came.tolist(), went.tolist()])
    return {"first": code[0].tolist(), "changes": steps}


def _topics(films: Mapping[str, Film]) -> list[str]:
    """The topics of the feeds that are shown, the commonest first."""
    frames = [one.results.sample_feeds.select("topic") for one in films.values() if one.results is not None]
    counts = pl.concat(frames).group_by("topic").len().sort(["len", "topic"], descending=[True, False])
    return counts["topic"].to_list()


def _feeds(one: Film, topics: list[str]) -> dict[str, Any]:
    """`people`, and for each of them and each frame the topics of their feed, and the places that were clicked."""
    assert one.results is not None
    table = one.results.sample_feeds
    table = (
        table.filter(pl.col("seed") == table["seed"].first(), pl.col("rank") <= MOST_PLACES) if table.height else table
    )
    people = sorted(table["user"].unique())[:3]
    code = {topic: min(at, len(COLOURS)) for at, topic in enumerate(topics)}
    shown, clicked, seen = [], [], []
    for user in people:
        rows = {
            key[0]: part
            for key, part in table.filter(pl.col("user") == user).partition_by("step", as_dict=True).items()
        }
        frames = [rows.get(step) for step in one.steps]
        shown.append([[] if part is None else [code[topic] for topic in part.sort("rank")["topic"]] for part in frames])
        clicked.append([[] if part is None else part.filter("clicked")["rank"].to_list() for part in frames])
        seen.append([0 if part is None else part["topic"].n_unique() for part in frames])
    return {"people": people, "shown": shown, "clicked": clicked, "seen": seen}


def _measures(films: Mapping[str, Film]) -> list[dict[str, Any]]:
    """Every measure that has numbers in some arm: its name, and its course and its null model in each arm."""
    tables = [one.results.metrics for one in films.values() if one.results is not None]
    names = tables[0]["metric"].unique(maintain_order=True).to_list()
    found = []
    for name in sorted(names, key=lambda one: (FIRST.index(one) if one in FIRST else len(FIRST), names.index(one))):
        for stage in stages_of(tables[0], name):
            if stage in ("chance", "network"):
                continue
            nulls = nulls_of(tables[0], name, stage)
            words = "" if stage == "people" else f" ({STAGE_WORDS.get(stage, stage)})"
            lines = [series(table, name, stage, nulls[0] if nulls else None) for table in tables]
            found.append(
                {
                    "title": f"{about(name).short}{words}", "axis": about(name).axis,
                    "null": plain(null_words(nulls[0])) if nulls else "",
                    "lines": [
                        {"step": one.step, "value": _rounded(one.value), "null": _rounded(one.null) if nulls else [],
                         "words": [number(value) for value in one.value]}
                        for one in lines
                    ],
                }
            )  # fmt: skip
    return found


def _rounded(values: list[float]) -> list[float | None]:
    """Numbers with four figures that count; None where undefined."""
    return [float(f"{value:.4g}") if math.isfinite(value) else None for value in values]
