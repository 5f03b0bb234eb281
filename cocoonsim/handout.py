"""The hand-out: one HTML file in which a class can play a scenario and switch its policy, without anything installed.

Everything is computed beforehand; the page only shows it. It opens from disk and asks no server for anything.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cocoonsim.core.errors import UserError
from cocoonsim.film import Film, film
from cocoonsim.frames import as_plain
from cocoonsim.page import Html, as_data, facts, fill, joined, page, paragraphs, section
from cocoonsim.results import command, write_whole
from cocoonsim.story import arms_table, general, parts_table, reproduce_section

if TYPE_CHECKING:
    from cocoonsim.scenario import Scenario

LARGEST = 8_000_000
"""Bytes. A larger page is slow to mail and slow to open."""
ALONE = "the scenario"
"""The name of the only arm where nothing is compared."""

_BODY = """<header><h1>$title</h1>$question$facts</header>
<main id="stage">
<div class="player" role="group" aria-label="What is shown">
<fieldset class="arms"><legend>Policy</legend>$arms</fieldset>
<div class="moves">
<button type="button" id="play">Play</button>
<button type="button" id="back" aria-label="One step back">−</button>
<button type="button" id="on" aria-label="One step on">+</button>
<label class="time">Step <input type="range" id="step" min="0" max="$last" value="0" step="1">
<output id="at" for="step">0</output></label>
<label>Speed <select id="speed"><option value="700">slow</option><option value="250" selected>medium</option>
<option value="90">fast</option></select></label>
</div>
<p id="now" aria-live="polite"></p>
</div>
<noscript><p class="warnings">The pictures of this page need JavaScript; the tables below do not.</p></noscript>
<div class="gallery">$pictures</div>
$rest
</main>
<footer><p>Hand-out of a cocoonsim scenario. All arms share the same people, items and draws. $source</p></footer>
<script type="application/json" id="film">$data</script>"""

_PICTURE = """<figure class="$size" id="figure-$name" aria-labelledby="title-$name">
<h3 id="title-$name">$title</h3>$menu
<div class="picture" role="img" aria-labelledby="title-$name" aria-describedby="says-$name" id="picture-$name"
 style="min-height:${height}px"></div>
<figcaption id="says-$name">$says <span class="now"></span></figcaption>
</figure>"""

_MENU = """<label class="menu">Measure <select id="measure">$options</select></label>"""


def write_handout(
    scenario: Scenario, path: Path | str, seeds: int = 1, progress: Callable[[int, int], None] | None = None
) -> Path:
    """Play every arm of a scenario's `compare:` section, or the scenario alone, and write the page.

    The first seed is the scenario's own. Raises UserError when the page would be too large or cannot be written; then
    nothing is written.
    """
    arms = scenario.arms() or {ALONE: scenario}
    numbers = list(range(scenario.seed, scenario.seed + seeds))
    films: dict[str, Film] = {}
    for at, (name, arm) in enumerate(arms.items()):

        def move(done: int, total: int, before: int = at) -> None:
            if progress:
                progress(before * total + done, len(arms) * total)

        films[name] = film(arm, numbers, move)
    text = _page(scenario, films, numbers)
    if (size := len(text.encode())) > LARGEST:
        raise UserError(
            f"the page would have {size / 1e6:.1f} MB, more than the {LARGEST / 1e6:.0f} MB that open well everywhere. "
            f"Compare fewer than {len(films)} arms, or play fewer steps with --steps"
        )
    return write_whole(Path(path), text)


def _page(scenario: Scenario, films: Mapping[str, Film], seeds: list[int]) -> str:
    first = next(iter(films.values()))
    assert first.results is not None
    known = first.results.manifest | {
        "name": scenario.name, "scenario": scenario.expand(), "scenario_sha256": scenario.sha256, "seeds": seeds,
        "command": command("export", scenario, seeds) + " --html",
        "arms": {name: dict(changes) for name, changes in scenario.compare.arms.items()},
        "against": scenario.compare.against,
    }  # fmt: skip
    data = {**as_plain(films), "seed": seeds[0], "seeds": len(seeds)}
    measures = data["measures"]
    title = scenario.title or scenario.name
    body = fill(
        _BODY,
        title=title,
        question=fill('<p class="question">$text</p>', text=scenario.question) if scenario.question else Html(""),
        facts=facts(
            [
                ("Users", f"{known['n_users']:,}"),
                ("Steps", f"{scenario.steps:,}"),
                ("Seed" if len(seeds) == 1 else "Seeds", seeds[0] if len(seeds) == 1 else len(seeds)),
            ]
        ),
        arms=joined(
            fill(
                '<label><input type="radio" name="arm" value="$at"$on><span>$name</span></label>',
                at=at,
                name=name,
                on=Html("" if at else " checked"),
            )
            for at, name in enumerate(films)
        ),
        last=len(data["steps"]) - 1,
        pictures=joined(_pictures(data, measures)),
        rest=joined(_rest(known, len(films))),
        source=f"Model after: {scenario.source}" if scenario.source else "",
        data=as_data(json.dumps(data, separators=(",", ":"), allow_nan=False)),
    )
    return page(f"{title} · cocoonsim", body, "handout.js", ("page.css", "handout.css"))


def _rest(known: Mapping[str, Any], arms: int) -> list[Html]:
    """What stands below the pictures: the arms, the parts of the model, how to make the page again."""
    common = fill(
        "<details><summary>The parts of the model</summary>$parts</details>", parts=parts_table(known["scenario"])
    )
    compared = [arms_table(known)] if arms > 1 else []
    return [
        section("The policies", *compared, paragraphs(general(known["scenario"])), common),
        reproduce_section(known),
    ]


def _pictures(data: Mapping[str, Any], measures: list[dict[str, Any]]) -> list[Html]:
    """The places for the pictures that have something to show, each with a sentence that says what it shows."""
    some = data["arms"][0]
    several = " Means over all seeds; the other pictures are of the first." if data["seeds"] > 1 else ""
    shown: list[tuple[str, str, str, int]] = []
    if measures:
        says = (
            "One measure over time, up to this step: the thick line is the policy chosen above, thin lines are the others, "
            f"the dashed line is what chance alone would give.{several}"
        )
        shown.append(("lines", "How narrow, how useful", says, 380))
    if data["feeds"]["people"]:
        says = "Each square is an item in a person’s feed, the best place on top, coloured by topic; a dot is a click."
        shown.append(("feeds", "What some people saw", says, 380))
    if some["ties"]["first"]:
        says = (
            "Each dot is a person, blue and red for the two sides of opinion; orange lines are ties from side to side."
        )
        shown.append(("network", "Who follows whom", says, 440))
    shown.append(("opinions", "Opinions now", "How many people hold which opinion, from one side to the other.", 440))
    options = joined(
        fill('<option value="$at">$name</option>', at=at, name=m["title"]) for at, m in enumerate(measures)
    )
    return [
        fill(
            _PICTURE, name=name, title=title, says=says, height=height,
            size="wide" if len(shown) % 2 and name == shown[-1][0] else "half",
            menu=fill(_MENU, options=options) if name == "lines" else Html(""),
        )
        for name, title, says, height in shown
    ]  # fmt: skip
