"""Replications as one self-contained HTML page, and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from cocoonsim.page import Html, facts, fill, gallery, joined, page, paragraphs, section, table
from cocoonsim.results import make_folder, versions, write_json, write_whole

if TYPE_CHECKING:
    from cocoonsim.experiments.replicate import Replication
    from cocoonsim.experiments.verdicts import Verdict

_HEAD = ("Claim", "Quantity", "In", "Expected", "Obtained (95 % interval)", "Verdict")
_MARKS = {"pass": "✓ pass", "FAIL": "✗ fail", "known difference": "≠ known difference"}


def write_replications(found: Sequence[Replication], folder: Path | str) -> tuple[Path, Path]:
    """Write `replications.html` and `replications.json` to a folder, and touch nothing else there.

    Raises UserError when they cannot be written.
    """
    from cocoonsim.figures.replications import figures_of

    html, numbers = Path(folder) / "replications.html", Path(folder) / "replications.json"
    body = [_header(found), Html("<main>"), _summary(found)]
    body += [_model(one, gallery(figures_of(one), one)) for one in found]
    body += [Html("</main>"), Html("<footer><p>Page of cocoonsim replications.</p></footer>")]
    make_folder(html.parent)
    write_json(numbers, {"versions": versions(), "replications": [one.numbers() for one in found]})
    write_whole(html, page("Replications · cocoonsim", joined(body)))
    return html, numbers


def _header(found: Sequence[Replication]) -> Html:
    words = [verdict.word for one in found for verdict in one.verdicts]
    counts = [(_MARKS[word][2:].capitalize(), words.count(word)) for word in _MARKS if word in words]
    return fill(
        "<header><h1>Published models, played again</h1>"
        '<p class="question">Does the simulator find what others have found before?</p>$facts</header>',
        facts=facts([("Models", len(found)), ("Checks", len(words)), *counts, ("Tier", found[0].tier)]),
    )


def _summary(found: Sequence[Replication]) -> Html:
    rows = [
        (
            fill('<a href="#$name">$title</a>', name=one.name, title=one.title or one.name),
            len(one.verdicts),
            sum(verdict.passed for verdict in one.verdicts),
            one.failures,
            sum(bool(verdict.known_difference) and not verdict.passed for verdict in one.verdicts),
            one.seeds,
            f"{one.seconds:.0f}",
        )
        for one in found
    ]
    head = ("Model", "Checks", "Pass", "Fail", "Known differences", "Seeds", "Seconds of one core")
    rule = (
        "A mean agrees with another's when the two differ by at most three standard errors of both together, plus the slack "
        "that the check grants. Bounds and orders are one-sided t-tests, paired by seed, with p < 0.01; exact values hold in "
        "every run. All variants of a model are played on the same draws."
    )
    return section(
        "In short", table("Models and checks", head, rows, (1, 2, 3, 4, 5, 6)), paragraphs(rule), css="short"
    )


def _model(one: Replication, figures: Html) -> Html:
    rows = [
        (verdict.claim, verdict.of, verdict.where, verdict.expected, verdict.obtained, _told(verdict))
        for verdict in one.verdicts
    ]
    about = paragraphs(one.question, f"Source: {one.source}" if one.source else "")
    differences = paragraphs(
        *(f"Known difference: {v.claim}: {v.known_difference}" for v in one.verdicts if v.known_difference)
    )
    anchor = fill('<span id="$name"></span>', name=one.name)
    checks = table(f"Checks of {one.name}, {one.seeds} seeds", _HEAD, rows)
    return section(one.title or one.name, anchor, about, figures, checks, differences)


def _told(verdict: Verdict) -> Html:
    source = fill("<br><small>$source</small>", source=verdict.source) if verdict.source else Html("")
    mark = fill("$word" if verdict.passed else "<strong>$word</strong>", word=_MARKS[verdict.word])
    return fill("$word<br><small>$detail</small>$source", word=mark, detail=verdict.detail, source=source)
