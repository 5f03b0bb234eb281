"""Stories and lessons: where they lie, and what they say."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from cocoonsim.scenario import Scenario

HERE = Path(__file__).parent
STORIES = HERE / "stories"
LESSONS = HERE.parent / "lessons"
_KEY = re.compile(r"^##+ *(answer key|answers)\b.*$", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True)
class Lesson:
    """A lesson: its text without the title and the answers, the answers apart, and its scenario's file."""

    name: str
    title: str
    text: str
    answers: str
    scenario: Path


def stories(own: Scenario | None = None) -> dict[str, Scenario]:
    """The scenarios of the menu by name; the one from the command line comes first."""
    found = {"own": own} if own else {}
    return found | {path.stem: Scenario.from_file(path) for path in sorted(STORIES.glob("*.yaml"))}


def lessons(folder: Path = LESSONS) -> dict[str, Lesson]:
    """The lessons in their order: folders `NN_name` with a `lesson.md` and a `scenario.yaml`."""
    found = {}
    for path in sorted(folder.glob("[0-9]*/lesson.md")):
        scenario = path.parent / "scenario.yaml"
        if scenario.is_file():
            found[path.parent.name] = read_lesson(path, scenario)
    return found


def read_lesson(path: Path, scenario: Path) -> Lesson:
    """A lesson from its file: the first heading is its title, what follows the heading "Answer key" are its answers."""
    text = path.read_text(encoding="utf-8")
    heading = re.search(r"^# +(.+)$", text, re.MULTILINE)
    body = text[heading.end() :] if heading else text
    parts = _KEY.split(body, maxsplit=1)
    title = heading.group(1).strip() if heading else path.parent.name
    return Lesson(path.parent.name, title, parts[0].strip(), parts[-1].strip() if len(parts) > 1 else "", scenario)
