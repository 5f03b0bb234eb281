"""Stories play, lessons are found and read."""

from __future__ import annotations

from pathlib import Path

import pytest

from cocoonsim.app.limits import fitted
from cocoonsim.app.session import Session
from cocoonsim.app.texts import lessons as find_lessons
from cocoonsim.app.texts import stories


@pytest.mark.parametrize("name", list(stories()))
def test_every_story_says_what_it_asks_and_all_its_arms_play(name: str) -> None:
    story = stories()[name]
    assert story.title
    assert story.question.endswith("?")
    assert story.source
    assert len(story.compare.arms) >= 3
    assert fitted(story)[1] == ""
    session = Session(story)
    for arm in story.compare.arms:
        session.choose("a", arm)
        assert session.advance()


def test_lessons_are_found_in_their_order_and_taken_apart(lessons: Path) -> None:
    (found,) = find_lessons(lessons).values()
    assert found.title == "A first lesson"
    assert "What is it?" in found.text
    assert "this" not in found.text
    assert found.answers == "It is *this*."


def test_no_folder_no_lessons(tmp_path: Path) -> None:
    assert find_lessons(tmp_path / "nowhere") == {}
