"""Seven lessons for a class: a question, five minutes of play, what to notice, what to discuss, and the answers.

Each lesson is a folder `NN_name` here, with `lesson.md` (Markdown with the headings of `PARTS`) and `scenario.yaml`. What the
answers claim is tested against the scenario.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cocoonsim.core.errors import UserError

PARTS = {
    "question": "Question",
    "activity": "Five minutes",
    "notice": "What to notice",
    "discuss": "Discuss",
    "answers": "Answer key",
}
"""The parts of a lesson and their headings, in their order."""


@dataclass(frozen=True)
class Lesson:
    """One lesson. The parts are Markdown without their headings."""

    number: int
    name: str
    """The name of its folder, e.g. `01_what_is_a_cocoon`."""
    title: str
    question: str
    activity: str
    notice: str
    discuss: str
    answers: str
    scenario: Path
    """The scenario file, whose `compare:` section holds the arms."""
    text: Path
    """The whole Markdown file."""


@cache
def lessons() -> tuple[Lesson, ...]:
    """All lessons in their order.

    >>> [lesson.title for lesson in lessons()][:2]
    ['What a cocoon is', 'Algorithm or choice?']
    """
    folders = sorted(Path(__file__).parent.glob("[0-9][0-9]_*"))
    return tuple(_read(folder) for folder in folders)


def lesson(number: int) -> Lesson:
    """One lesson by its number. Raises UserError when there is no such lesson.

    >>> lesson(4).title
    'Inflammatory content pays'
    """
    known = {one.number: one for one in lessons()}
    if number not in known:
        raise UserError(f"there is no lesson {number}; there are 1 to {len(known)}")
    return known[number]


def scenario_file(name: str) -> str:
    """The file that a scenario's name stands for: `lesson:3` is the scenario of lesson 3, anything else a file.

    >>> scenario_file("my.yaml")
    'my.yaml'
    >>> scenario_file("lesson:3").endswith("03_friends_and_filters/scenario.yaml")
    True
    """
    found = re.fullmatch(r"lesson:(\d+)", name)
    return lesson(int(found[1])).scenario.as_posix() if found else name


def _read(folder: Path) -> Lesson:
    """The lesson in a folder."""
    file = folder / "lesson.md"
    head, *sections = re.split(r"^## ", file.read_text(encoding="utf-8"), flags=re.MULTILINE)
    found = {title: text.strip() for title, _, text in (section.partition("\n") for section in sections)}
    parts = {name: found[title] for name, title in PARTS.items()}
    title = head.strip().removeprefix("# ")
    return Lesson(int(folder.name[:2]), folder.name, title, **parts, scenario=folder / "scenario.yaml", text=file)
