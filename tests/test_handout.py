"""The hand-out: every policy and step of a scenario in one page, which opens from disk without a network."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import lxml.html
import numpy as np
import polars as pl
import pytest
from typer.testing import CliRunner

from cocoonsim import Scenario, handout, play, simulate
from cocoonsim.cli import app
from cocoonsim.core.errors import UserError
from cocoonsim.film import MOST_FRAMES, MOST_PEOPLE, MOST_TIES, film
from cocoonsim.handout import write_handout
from cocoonsim.lessons import lesson

NASTY = "<script>alert('boo')</script>"
SMALL: dict[str, Any] = {
    "title": f"A page {NASTY}", "question": "Does it narrow?", "steps": 8, "seed": 3,
    "population": {"kind": "two_camps", "users": 60}, "catalogue": {"kind": "partisan_news", "items": 80, "topics": 9},
    "network": {"kind": "blocks", "degree": 6, "mixing": 0.4}, "ranking": "content",
    "influence": {"kind": "bounded_confidence", "rate": 0.3, "tolerance": 0.8},
    "rewiring": {"kind": "unfollow_discordant", "chance": 0.5, "tolerance": 0.4},
    "compare": {"against": "random", "arms": {NASTY: {}, "random": {"ranking": "shuffled", "rewiring": "none"}}},
}  # fmt: skip


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return Scenario.from_dict(SMALL)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory, scenario: Scenario) -> Path:
    return write_handout(scenario, tmp_path_factory.mktemp("handout") / "page.html")


@pytest.fixture(scope="module")
def data(written: Path) -> dict[str, Any]:
    page = lxml.html.fromstring(written.read_text(encoding="utf-8"))
    found: dict[str, Any] = json.loads(page.get_element_by_id("film").text)
    return found


def test_it_is_one_small_file_in_which_nothing_of_the_users_runs(written: Path) -> None:
    text = written.read_text(encoding="utf-8")
    assert written.stat().st_size < 8_000_000
    assert list(written.parent.iterdir()) == [written]
    assert NASTY not in text
    page = lxml.html.fromstring(text)
    assert len([script for script in page.iter("script") if script.get("type") is None]) == 2
    assert [value for element in page.iter() for name, value in element.items() if name in ("src", "href", "action")] == [
        "data:,"
    ]  # fmt: skip
    assert "url(" not in "".join(style.text or "" for style in page.iter("style"))


def test_controls_and_pictures_have_names(written: Path) -> None:
    page = lxml.html.fromstring(written.read_text(encoding="utf-8"))
    for control in [*page.iter("input"), *page.iter("select")]:
        assert control.getparent().tag == "label", control.get("id")
    for button in page.iter("button"):
        assert (button.get("aria-label") or button.text).strip() not in ("", "+", "−")
    assert [label.text_content() for label in page.xpath("//fieldset//label")] == [NASTY, "random"]
    pictures = page.xpath("//*[@role='img']")
    assert {picture.get("id") for picture in pictures} == {
        "picture-lines",
        "picture-feeds",
        "picture-network",
        "picture-opinions",
    }
    for picture in pictures:
        says = page.get_element_by_id(picture.get("aria-describedby")).text_content()
        assert len(says) > 50, says
    names = [element.get("id") for element in page.iter() if element.get("id")]
    assert len(names) == len(set(names))


def test_every_frame_is_what_was_played(scenario: Scenario, data: dict[str, Any]) -> None:
    """Held against `play` and the table of metrics, arm by arm and step by step."""
    assert data["steps"] == list(range(8))
    for shown, (name, arm) in zip(data["arms"], scenario.arms().items(), strict=True):
        assert shown["name"] == name
        ties = set(shown["ties"]["first"])
        for moment in play(arm, 3):
            opinion = moment.world.users.opinion[:, 0]
            assert np.allclose(np.array(shown["opinion"][moment.step]) / 100, opinion, atol=0.00501)
            assert sum(shown["bins"][moment.step]) == pytest.approx(100, abs=0.5)
            came, went = shown["ties"]["changes"][moment.step]
            assert set(went) <= ties
            ties = (ties - set(went)) | set(came)
            follows = moment.world.follows
            assert ties == set((follows.sources().astype(int) * 100_000 + follows.targets).tolist())
            for at, user in enumerate(shown["people"]):
                row = int(np.flatnonzero(moment.users == user)[0])
                topics = moment.world.items.topics[moment.feed[row]].argmax(axis=1)
                assert len(shown["shown"][at][moment.step]) == 10
                assert shown["seen"][at][moment.step] == len(set(topics.tolist()))
                assert shown["clicked"][at][moment.step] == (np.flatnonzero(moment.clicks[row]) + 1).tolist()
        first = data["measures"][0]
        assert first["title"] == "Effective number of topics (shown)"
        table = simulate(arm, seeds=[3]).metrics.filter(
            pl.col("metric") == "effective_topics", pl.col("stat") == "mean", pl.col("group") == "all",
            pl.col("null_name") == "uniform-pool",
        )  # fmt: skip
        line = first["lines"][data["arms"].index(shown)]
        assert line["value"] == pytest.approx(table["value"].to_list(), rel=1e-3)
        assert line["null"] == pytest.approx(table["null_value"].to_list(), rel=1e-3)


def test_several_seeds_are_averaged_and_a_lone_scenario_has_one_policy(tmp_path: Path) -> None:
    few = {key: value for key, value in SMALL.items() if key != "compare"} | {"steps": 3, "metrics": ["gini_simpson"]}
    scenario = Scenario.from_dict(few)
    calls: list[tuple[int, int]] = []
    page = write_handout(scenario, tmp_path / "one.html", 2, lambda done, total: calls.append((done, total)))
    assert calls == [(at, 6) for at in range(1, 7)]
    found = json.loads(lxml.html.fromstring(page.read_text(encoding="utf-8")).get_element_by_id("film").text)
    assert [arm["name"] for arm in found["arms"]] == ["the scenario"]
    both = simulate(scenario, seeds=[3, 4]).metrics.filter(
        pl.col("stat") == "mean", pl.col("group") == "all", pl.col("null_name") == "uniform-pool"
    )
    mean = both.group_by("step").agg(pl.col("value").mean()).sort("step")["value"].to_list()
    assert found["measures"][0]["lines"][0]["value"] == pytest.approx(mean, rel=1e-3)


def test_long_and_large_runs_are_thinned() -> None:
    large = SMALL | {"steps": 130, "population": {"kind": "two_camps", "users": 900}, "metrics": ["opinion_variance"]}
    large = {key: value for key, value in large.items() if key != "compare"} | {"record": {"every": 3}}
    large |= {"network": {"kind": "blocks", "degree": 60}, "rewiring": "none"}
    made = film(Scenario.from_dict(large), [1])
    assert len(made.steps) == MOST_FRAMES
    assert (made.steps[0], made.steps[-1]) == (0, 129)
    assert len(made.people) == MOST_PEOPLE
    assert 0 < len(made.ties[0]) < 1.1 * MOST_TIES
    assert all(np.array_equal(frame, made.ties[0]) for frame in made.ties)  # nobody unfollows: the sample stays


def test_a_page_that_is_too_large_is_refused_and_nothing_is_written(
    scenario: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handout, "LARGEST", 1_000_000)
    with pytest.raises(UserError, match=r"the page would have \d\.\d MB"):
        write_handout(scenario, tmp_path / "page.html")
    assert list(tmp_path.iterdir()) == []


def test_the_command_writes_the_page_and_says_how_to_make_it_again(tmp_path: Path) -> None:
    out = tmp_path / "lesson.html"
    words = [
        "export",
        "lesson:1",
        "--html",
        "--out",
        str(out),
        "--steps",
        "2",
        "--set",
        "population.users=120",
        "--quiet",
    ]
    answer = CliRunner().invoke(app, words)
    assert answer.exit_code == 0, answer.output
    text = out.read_text(encoding="utf-8")
    assert "cocoonsim export lesson:1 --set population.users=120 --set steps=2 --seed 1 --html" in text
    answer = CliRunner().invoke(app, ["export", "lesson:1"])
    assert (answer.exit_code, "--html" in answer.output) == (2, True)
    answer = CliRunner().invoke(app, [*words[:4], str(tmp_path / "nowhere" / "x.html"), *words[5:]])
    assert (answer.exit_code, "cannot write" in answer.output) == (2, True)


@pytest.mark.slow
@pytest.mark.parametrize("number", range(1, 8))
def test_every_lesson_fits_on_a_page(number: int, tmp_path: Path) -> None:
    page = write_handout(Scenario.from_file(lesson(number).scenario), tmp_path / "page.html")
    assert page.stat().st_size < 8_000_000


# ---------------------------------------------------------------------------------------------------- in a browser
@pytest.mark.browser
def test_the_switch_the_slider_and_play_work_offline(written: Path, open_offline: Any, data: dict[str, Any]) -> None:
    page, messages, requests = open_offline(written, (1440, 900))
    assert page.locator(".picture .main-svg").count() >= 4
    now, step = page.locator("#now"), page.locator("#step")
    assert now.inner_text().startswith(f"Step 0, {NASTY}. Effective number of topics (shown): ")

    step.fill("7")
    assert page.locator("#at").inner_text() == "7"
    assert step.get_attribute("aria-valuetext") == "step 7"
    lines = data["measures"][0]["lines"]
    assert now.inner_text().endswith(f": {lines[0]['words'][7]}.")
    narrow = page.evaluate("document.getElementById('picture-lines').data.map(trace => trace.x.length)")
    assert narrow == [8, 8, 8]
    before = page.evaluate("document.getElementById('picture-network').data.map(trace => trace.x.length)")

    page.locator("label", has_text="random").click()
    assert now.inner_text() == f"Step 7, random. Effective number of topics (shown): {lines[1]['words'][7]}."
    widths = page.evaluate("document.getElementById('picture-lines').data.map(trace => trace.line.width)")
    assert widths[1] > widths[0]
    after = page.evaluate("document.getElementById('picture-network').data.map(trace => trace.x.length)")
    assert after[1] > before[1]  # nobody unfollows in this arm: more ties from side to side

    page.locator("#back").click()
    assert page.locator("#at").inner_text() == "6"
    page.locator("#measure").select_option(label="True utility (shown)")
    assert "True utility (shown): " in now.inner_text()
    step.fill("0")
    page.locator("#speed").select_option("fast")
    page.locator("#play").click()
    assert page.locator("#play").inner_text() == "Pause"
    page.locator("#at").get_by_text("7", exact=True).wait_for()
    assert page.locator("#play").inner_text() == "Play"
    assert messages == []
    assert requests == [written.as_uri()]
    assert page.evaluate("window.boo === undefined")


@pytest.mark.browser
def test_it_is_played_with_the_keyboard_alone(written: Path, open_offline: Any) -> None:
    page, messages, _ = open_offline(written, (1440, 900))
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == "arm"
    page.keyboard.press("ArrowRight")
    assert "random" in page.locator("#now").inner_text()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "play"
    page.keyboard.press("Space")
    assert page.locator("#play").inner_text() == "Pause"
    page.keyboard.press("Space")
    assert page.locator("#play").inner_text() == "Play"
    page.locator("#step").focus()
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    assert page.locator("#at").inner_text() == "6"
    assert messages == []


@pytest.mark.browser
def test_nothing_is_wider_than_a_phone(written: Path, open_offline: Any) -> None:
    page, messages, _ = open_offline(written, (390, 844))
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    box = page.locator("#play").bounding_box()
    assert box["y"] + box["height"] <= 844  # in reach of the thumb
    assert page.evaluate("document.querySelector('.picture .main-svg').getBoundingClientRect().width") <= 390
    assert messages == []
