"""The page of a comparison: arms side by side, paired differences with intervals, in one HTML file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from cocoonsim.answers import change, comparison_answers
from cocoonsim.figures import comparison_figures
from cocoonsim.figures._arms import value_differences
from cocoonsim.figures._look import about, named, number
from cocoonsim.figures._numbers import STAGE_WORDS, null_words
from cocoonsim.page import Html, facts, fill, gallery, joined, page, paragraphs, section, table, warnings
from cocoonsim.results import write_whole
from cocoonsim.story import arms_table, data_section, general, parts_table, reproduce_section

if TYPE_CHECKING:
    from cocoonsim.experiments.compare import Comparison

HEADLINES = (
    ("effective_topics", "shown"), ("cross_cutting_share", "shown"), ("opinion_variance", "people"), ("gini_simpson", "shown"),
)  # fmt: skip
"""The differences told in words, as many as there are."""


def write_comparison(comparison: Comparison, path: Path | str) -> Path:
    """Write the page of a comparison to one HTML file. Raises UserError when the file cannot be written."""
    known = comparison.manifest
    title = known.get("title") or known["name"]
    question = known.get("question") or ""
    header = fill(
        "<header><h1>$title</h1>$question$facts</header>",
        title=title,
        question=fill('<p class="question">$text</p>', text=question) if question else Html(""),
        facts=facts(
            [
                ("Arms", len(known["arms"])),
                ("Compared against", known["against"]),
                ("Seeds", len(known["seeds"])),
                ("Steps", f"{known['steps_done']:,}"),
                ("Users", f"{known['n_users']:,}"),
            ]
        ),
    )
    body = joined(
        [
            header,
            Html("<main>"),
            section("In short", paragraphs(*headline(comparison)), warnings(cautions(comparison)), css="short"),
            section("The arms", arms_table(known), paragraphs(general(known["scenario"])), _shared(known)),
            section("What happened", gallery(comparison_figures(), comparison)),
            section("All differences", differences_table(comparison)),
            data_section(known),
            reproduce_section(known),
            Html("</main>"),
            Html("<footer><p>Page of a cocoonsim comparison.</p></footer>"),
        ]
    )
    return write_whole(Path(path), page(f"{title} · cocoonsim", body))


def headline(comparison: Comparison) -> list[str]:
    """What each arm changes, in sentences with numbers and intervals: the scenario's answers, else the usual metrics."""
    if answers := comparison_answers(comparison):
        return answers
    rows, against = value_differences(comparison), comparison.manifest["against"]
    told: list[str] = []
    for metric, stage in HEADLINES:
        part = rows.filter(pl.col("metric") == metric, pl.col("stage") == stage)
        if part.height and len(told) < 2:
            by_size = part.sort(pl.col("difference").abs(), descending=True, maintain_order=True)
            changes = "; ".join(change(row) for row in by_size.iter_rows(named=True))
            told.append(f"Compared with “{against}”, the {named(metric)} is {changes}.")
    if told and len(comparison.manifest["seeds"]) > 1:
        told.append(
            f"In brackets: 95\u202f% intervals from {len(comparison.manifest['seeds'])} pairs of runs on the same draws."
        )
    return told or ["No difference in the usual metrics is defined; see the table below."]


def cautions(comparison: Comparison) -> list[str]:
    """What a reader should keep in mind about these differences."""
    known, told = comparison.manifest, []
    if len(known["seeds"]) < 2:
        told.append("One seed only: differences have no intervals and may be luck. Use --seeds 10.")
    elif len(known["seeds"]) < 5:
        told.append(f"{len(known['seeds'])} seeds: intervals from so few are rough, and mostly too narrow.")
    rows = comparison.differences.filter(pl.col("quantity") == "value")
    missing = rows.filter(pl.col("n_seeds") < len(known["seeds"]))["metric"].unique(maintain_order=True)
    if len(missing):
        told.append(f"Undefined in some seeds, which are left out there: {', '.join(named(name) for name in missing)}.")
    return told


def _shared(known: dict[str, Any]) -> Html:
    return fill(
        "<details><summary>What the arms have in common</summary>$parts</details>",
        parts=parts_table(known["scenario"]),
    )


def differences_table(comparison: Comparison) -> Html:
    """Every difference, in value and in excess over the null, with its interval."""
    rows = []
    for row in comparison.differences.filter(pl.col("difference").is_finite()).iter_rows(named=True):
        known = about(row["metric"])
        excess = row["quantity"] == "excess"
        rows.append(
            (
                fill("$title<br><small>$unit</small>", title=known.title, unit=known.unit),
                STAGE_WORDS.get(row["stage"], row["stage"]),
                f"excess over {null_words(row['null_name'])}" if excess else "value",
                row["arm"],
                number(row["difference"]),
                number(row["low"]) if row["n_seeds"] > 1 else "",
                number(row["high"]) if row["n_seeds"] > 1 else "",
                number(row["standardised"]) if row["standardised"] == row["standardised"] else "",
                row["n_seeds"],
            )
        )
    head = ("Metric", "Of what", "Quantity", "Arm", "Difference", "95 % from", "to", "In SDs over seeds", "Seeds")
    against = comparison.manifest["against"]
    caption = f"Differences to “{against}” in the means over the last steps, paired by seed"
    return table(caption, head, rows, (4, 5, 6, 7, 8))
