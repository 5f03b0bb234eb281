"""The lessons are whole, their scenarios are right, and they are found from the command line and in an installed package."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cocoonsim import Scenario
from cocoonsim.assemble import assemble, first_world
from cocoonsim.cli import app
from cocoonsim.core.chance import Chance
from cocoonsim.core.errors import UserError
from cocoonsim.lessons import PARTS, Lesson, lesson, lessons

ROOT = Path(__file__).parents[2]
MOST_USERS = 500


def test_there_are_seven_lessons_in_order() -> None:
    assert [one.number for one in lessons()] == list(range(1, 8))
    with pytest.raises(UserError, match="there are 1 to 7"):
        lesson(8)


@pytest.mark.parametrize("one", lessons(), ids=lambda one: one.name)
def test_a_lesson_has_all_its_parts(one: Lesson) -> None:
    assert one.title
    assert one.question.endswith("?")
    assert one.activity.count("\n1. ") + one.activity.startswith("1. ") == 1
    for name in ("notice", "discuss", "answers"):
        assert getattr(one, name).count("* ") >= 3, name
    headings = [line[3:] for line in one.text.read_text(encoding="utf-8").splitlines() if line.startswith("## ")]
    assert headings == list(PARTS.values())
    assert one.discuss.count("?") >= 3


@pytest.mark.parametrize("one", lessons(), ids=lambda one: one.name)
def test_a_lessons_scenario_is_right_and_small(one: Lesson) -> None:
    scenario = Scenario.from_file(one.scenario)
    assert scenario.title == one.title
    assert " ".join(one.question.split()) == scenario.question
    assert len(scenario.arms()) >= 2
    assert scenario.compare.against in scenario.arms()
    for arm in scenario.arms().values():
        assert first_world(assemble(arm), arm, Chance(1)).n_users <= MOST_USERS


def test_a_lesson_is_a_scenario_for_every_command(tmp_path: Path) -> None:
    answer = CliRunner().invoke(app, ["check", "lesson:3"])
    assert answer.exit_code == 0, answer.output
    assert "Friends and filters" in answer.output
    answer = CliRunner().invoke(app, ["run", "lesson:1", "--steps", "2", "--out", str(tmp_path), "--quiet"])
    assert answer.exit_code == 0, answer.output
    report = next(tmp_path.rglob("report.html")).read_text(encoding="utf-8")
    assert "cocoonsim run lesson:1 --set steps=2 --seed 1" in report
    answer = CliRunner().invoke(app, ["check", "lesson:9"])
    assert answer.exit_code == 2
    assert "there is no lesson 9; there are 1 to 7" in answer.output


@pytest.mark.slow
def test_the_lessons_are_in_the_wheel(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(tmp_path), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    names = set(zipfile.ZipFile(next(tmp_path.glob("*.whl"))).namelist())
    for one in lessons():
        assert {f"cocoonsim/lessons/{one.name}/lesson.md", f"cocoonsim/lessons/{one.name}/scenario.yaml"} <= names
    assert {f"cocoonsim/{name}" for name in ("page.js", "page.css", "handout.js", "handout.css")} <= names
