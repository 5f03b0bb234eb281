"""Stories and the scenarios of lessons play, in all their arms."""

from __future__ import annotations

import pytest

from cocoonsim import Scenario
from cocoonsim.app.limits import fitted
from cocoonsim.app.session import Session
from cocoonsim.app.stories import stories
from cocoonsim.lessons import lessons


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


@pytest.mark.parametrize("lesson", lessons(), ids=lambda lesson: lesson.name)
def test_the_world_of_every_lesson_fits_the_page(lesson: object) -> None:
    scenario = Scenario.from_file(lesson.scenario)  # type: ignore[attr-defined]
    assert fitted(scenario)[1] == ""
    assert Session(scenario).advance()
