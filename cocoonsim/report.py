"""The report of a run: one HTML file that opens anywhere, without a network, and can be mailed or handed in."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from cocoonsim.answers import run_answers
from cocoonsim.figures import figures
from cocoonsim.figures._look import about, named, number, percent
from cocoonsim.figures._numbers import STAGE_WORDS, null_words, nulls_of, series, stages_of
from cocoonsim.page import Html, facts, fill, gallery, joined, page, paragraphs, section, table, warnings
from cocoonsim.results import write_whole
from cocoonsim.story import data_section, general, parts_table, reproduce_section

if TYPE_CHECKING:
    from cocoonsim.results import Results

READING = (
    "Even a perfectly even draw looks narrow in a short feed: ten items out of twenty topics cannot hold all twenty. So "
    "numbers are held against a null model, which says what would be seen if nobody ranked anything. The excess is the "
    "value minus what the null model expects; only the excess speaks of a cocoon.",
    "Undefined (say, the diversity of an empty feed) is never counted as 0: those users are left out and counted.",
)


def write_report(results: Results, path: Path | str) -> Path:
    """Write the report of a run to one HTML file. Raises UserError when the file cannot be written."""
    about_run = results.manifest
    title = about_run.get("title") or about_run["name"]
    body = joined(
        [
            _header(results, title),
            Html("<main>"),
            section("In short", paragraphs(*headline(results)), warnings(cautions(results)), css="short"),
            section("What was asked", paragraphs(general(about_run["scenario"])), parts_table(about_run["scenario"])),
            section("What happened", gallery(figures(), results)),
            why_section(results),
            section("All numbers", paragraphs(*READING), numbers_table(results)),
            data_section(about_run),
            reproduce_section(about_run),
            Html("</main>"),
            fill("<footer><p>Report of a cocoonsim run. $source</p></footer>", source=_source(results)),
        ]
    )
    return write_whole(Path(path), page(f"{title} · cocoonsim", body))


def _source(results: Results) -> str:
    source = results.manifest.get("source")
    return f"Model after: {source}" if source else ""


def _header(results: Results, title: str) -> Html:
    known = results.manifest
    seeds = known["seeds"]
    question = known.get("question") or ""
    return fill(
        "<header><h1>$title</h1>$question$facts</header>",
        title=title,
        question=fill('<p class="question">$text</p>', text=question) if question else Html(""),
        facts=facts(
            [
                ("Users", f"{known['n_users']:,}"),
                ("Items at the end", f"{known['n_items']:,}"),
                ("Topics", f"{len(known['topic_names']):,}"),
                ("Steps", f"{known['steps_done']:,}"),
                ("Seed" if len(seeds) == 1 else "Seeds", seeds[0] if len(seeds) == 1 else len(seeds)),
            ]
        ),
    )


def headline(results: Results) -> list[str]:
    """What happened, in a few sentences with numbers: the scenario's answers first."""
    if answers := run_answers(results):
        arms = len(results.manifest["scenario"].get("compare", {}).get("arms", {}))
        more = f"This is one arm of {arms}; how the others differ is told by the page of `cocoonsim compare`."
        return [*answers, more] if arms else answers
    metrics, told = results.metrics, []
    steps = results.manifest["steps_done"]
    after = f"After {steps} steps" if steps != 1 else "After one step"
    if "shown" in stages_of(metrics, "effective_topics"):
        one = series(metrics, "effective_topics", "shown")
        text = f"{after} people are shown {number(one.last)} effective topics each"
        if math.isfinite(one.last_null):
            text += f", where {null_words(one.null_name)} would show {number(one.last_null)}"
        start = f" against {number(one.null[0])}" if math.isfinite(one.null[0]) else ""
        told.append(f"{text}; in the first step it was {number(one.value[0])}{start}.")
    stages = stages_of(metrics, "cross_cutting_share")
    ends = {stage: series(metrics, "cross_cutting_share", stage).last for stage in stages}
    if math.isfinite(ends.get("shown", math.nan)):
        text = f"Of what they are shown, {percent(ends['shown'])} comes from the other side"
        others = [
            f"{percent(ends[stage])} of {words}"
            for stage, words in (("chance", "the pool"), ("clicked", "what they click"))
            if math.isfinite(ends.get(stage, math.nan))
        ]
        told.append(text + (f", against {' and '.join(others)}." if others else "."))
    changes = [
        f"the {named(metric)} {one.course(about(metric).unit)}"
        for metric in ("opinion_variance", "true_utility")
        for one in [series(metrics, metric, stage) for stage in stages_of(metrics, metric)[:1]]
    ]
    if changes:
        text = "; ".join(changes)
        told.append(f"{text[0].upper()}{text[1:]}.")
    return told or [f"{after} none of the usual metrics has a defined value; see the table below."]


def cautions(results: Results) -> list[str]:
    """What a reader should keep in mind about these results."""
    known, told = results.manifest, []
    if len(known["seeds"]) == 1:
        told.append("One seed only: another seed gives other numbers. Use --seeds 10 to see how much they vary.")
    early = {why for why in known["stopped"].values() if why not in ("steps", "")}
    if early:
        many = f"{sum(why in early for why in known['stopped'].values())} of {len(known['seeds'])} runs"
        told.append(
            f"{many} ended before the last step ({', '.join(sorted(early))}); last steps are means of the others."
        )
    undefined = (
        results.metrics.filter(
            pl.col("stat") == "n_nan", pl.col("group") == "all", pl.col("step") == pl.col("step").max()
        )
        .group_by("metric", "stage", maintain_order=True)
        .agg(pl.col("value").mean())
        .filter(pl.col("value") > 0)
    )
    listed = [
        f"{named(metric)} ({STAGE_WORDS.get(stage, stage)}): {count:,.0f}"
        for metric, stage, count in undefined.iter_rows()
    ]
    if listed:
        told.append(f"Undefined for some users in the last step, who are left out: {'; '.join(listed)}.")
    empty = sorted(name for name in results.metrics["metric"].unique() if not stages_of(results.metrics, name))
    if empty:
        told.append(f"Undefined in every step: {', '.join(named(name) for name in empty)}.")
    return told


def why_section(results: Results) -> Html:
    """Why one of the followed users was shown what they were shown in the last step: the parts of each score."""
    frame = results.sample_feeds
    told = frame.filter(pl.col("why") != "") if "why" in frame.columns else frame.clear()
    if told.is_empty():
        return Html("")
    last = told.filter(pl.col("step") == told["step"].max())
    seed, user = last["seed"][0], last["user"][0]
    one = last.filter(pl.col("seed") == seed, pl.col("user") == user).sort("rank").head(MOST_EXPLAINED)
    rows = [
        (
            str(row["rank"]),
            f"{row['item']} ({row['topic']})",
            "yes" if row["clicked"] else "",
            number(row["score"]),
            row["why"],
        )
        for row in one.iter_rows(named=True)
    ]
    words = (
        f"User {user} in step {one['step'][0]}, seed {seed}. The parts add up to the score, to the last bit; the largest are "
        "listed. The same is told for any user and step by `cocoonsim why`, and for all in the event log with `record.explain`."
    )
    head = ("Place", "Item", "Clicked", "Score", "What it is made of")
    caption = "Each item of one feed, and how its score came about"
    return section("Why these items", paragraphs(words), table(caption, head, rows, (0, 3)))


MOST_EXPLAINED = 10
_DIRECTIONS = {1: "more is more diverse", -1: "more is narrower", 0: ""}


def numbers_table(results: Results) -> Html:
    """Every metric: first and last step, what its null model expects, the excess, and undefined users."""
    rows = []
    for row in results.summary().iter_rows(named=True):
        known = about(row["metric"])
        below = " · ".join(part for part in (known.unit, _DIRECTIONS[known.diverse]) if part)
        rows.append(
            (
                fill("$title<br><small>$below</small>", title=known.title, below=below),
                STAGE_WORDS.get(row["stage"], row["stage"]),
                number(row["first"]),
                number(row["last"]),
                null_words(row["null_name"]) if _has_null(results, row) else "none",
                number(row["null_last"]) if _has_null(results, row) else "",
                number(row["excess_last"]) if _has_null(results, row) else "",
                "" if row["undefined"] is None else f"{row['undefined']:,.0f}",
            )
        )
    seeds = len(results.manifest["seeds"])
    of = f" (means over {seeds} seeds)" if seeds > 1 else ""
    head = ("Metric", "Of what", "First step", "Last step", "Null model", "It expects", "Excess", "Undefined users")
    return table(f"All metrics over all users{of}; nulls, excess and undefined: last step", head, rows, (2, 3, 5, 6, 7))


def _has_null(results: Results, row: dict[str, object]) -> bool:
    return row["null_name"] in nulls_of(results.metrics, str(row["metric"]), str(row["stage"]))
