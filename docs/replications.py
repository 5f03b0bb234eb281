"""Write docs/replications.md and its figures from the numbers of a full run.

    cocoonsim replicate --tier full
    python docs/replications.py results/replications/replications.json

Figures are drawn with kaleido, which needs a Chromium; both are needed here only.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from cocoonsim.experiments.replicate import Replication
from cocoonsim.experiments.verdicts import Verdict
from cocoonsim.figures import NothingToShow
from cocoonsim.figures.replications import figures_of

HERE = Path(__file__).parent
HEAD = """# Replications

Published models, played again by configuration alone (`scenarios/replications/`), and checked against numbers that others or
independent scripts have found. This page is written by `python docs/replications.py` from a run of
`cocoonsim replicate --tier full`; nothing on it is typed in by hand.

A mean agrees when |m1 - m0| <= 3 sqrt(s0^2 + s1^2) + slack, with the standard errors of both. Bounds and orders are one-sided
t-tests, paired by seed, with p < 0.01. Exact values hold in every run to 1e-9. All variants of a model are played on the same
people and the same draws.
"""


def main(words: list[str]) -> int:
    """Write the page and the figures."""
    if len(words) != 1:
        print(__doc__)
        return 2
    told = json.loads(Path(words[0]).read_text(encoding="utf-8"))
    found = [Replication.of_numbers(one) for one in told["replications"]]
    pictures = HERE / "figures"
    pictures.mkdir(exist_ok=True)
    parts = [HEAD, _summary(found), *(_model(one, pictures) for one in found)]
    versions = ", ".join(f"{name} {version}" for name, version in told["versions"].items())
    parts.append(f"---\n\nMade with {versions}.\n")
    (HERE / "replications.md").write_text("\n".join(parts), encoding="utf-8")
    print(f"{HERE / 'replications.md'}: {len(found)} models, {sum(len(one.verdicts) for one in found)} checks")
    return 0


def _summary(found: list[Replication]) -> str:
    lines = [
        "| model | checks | pass | fail | known differences | seeds | seconds of one core |",
        "|---|--:|--:|--:|--:|--:|--:|",
    ]
    for one in found:
        good = sum(verdict.passed for verdict in one.verdicts)
        known = sum(verdict.word == "known difference" for verdict in one.verdicts)
        cells = (
            f"[{_cell(one.title)}](#{one.name.replace('_', '-')})",
            len(one.verdicts),
            good,
            one.failures,
            known,
            one.seeds,
        )
        lines.append("| " + " | ".join(str(cell) for cell in cells) + f" | {one.seconds:.0f} |")
    return "\n".join(lines) + "\n"


def _model(one: Replication, folder: Path) -> str:
    lines = [f"## {one.name.replace('_', ' ')}", ""]
    lines += [f"**{one.title}.** {one.question}", "", f"Source: {one.source}", ""]
    lines += [f"Play it with `cocoonsim replicate {one.name} --tier full`.", ""]
    lines += _figure(one, folder)
    lines += [
        "| claim | quantity | in | expected | obtained (95 %) | runs | verdict |",
        "|---|---|---|---|---|--:|---|",
    ]
    lines += ["| " + " | ".join(_cell(cell) for cell in _cells(verdict)) + " |" for verdict in one.verdicts]
    differences = [v for v in one.verdicts if v.known_difference]
    lines += ["", *(f"- Known difference, {v.claim}: {v.known_difference}" for v in differences)]
    return "\n".join(lines) + "\n"


def _figure(one: Replication, folder: Path) -> list[str]:
    for file in figures_of(one).values():
        try:
            drawn, caption = file.draw(one), file.caption(one)
        except NothingToShow:
            continue
        drawn.update_layout(width=720, title={"text": file.TITLE, "yref": "container", "y": 0.97}, margin_t=90)
        drawn.write_image(folder / f"{one.name}.svg")
        return [f"![{file.TITLE}](figures/{one.name}.svg)", "", caption, ""]
    return []


def _cells(verdict: Verdict) -> tuple[str, ...]:
    word = verdict.word if verdict.passed else f"**{verdict.word}**: {verdict.detail}"
    return (
        verdict.claim, f"`{verdict.of}`", verdict.where, verdict.expected, verdict.obtained, str(verdict.runs), word,
    )  # fmt: skip


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ").replace("<", "&lt;")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
