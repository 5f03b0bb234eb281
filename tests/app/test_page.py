"""The page in a browser: what a teacher and a class do with it. Every test ends with: nothing was asked of anyone outside."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from cocoonsim import Scenario
from cocoonsim.lessons import lesson

pytestmark = pytest.mark.browser
PHONE = (390, 844)


@pytest.fixture(scope="module")
def served(serve: Callable[..., Any], small: Scenario) -> Any:
    """The small world's page."""
    return serve(small)


@pytest.fixture
def tab(served: Any, visit: Callable[..., Any]) -> Any:
    """The page in a browser, at the beginning. In the end, no errors and no requests to anywhere but this computer."""
    found = visit(served.address)
    yield found
    assert found.messages == []
    assert found.foreign == []


def graph(page: Any, side: str, view: str) -> Any:
    """What plotly holds of a picture: its data."""
    return page.evaluate(
        """([side, view]) => [...document.querySelectorAll(`#graphs-${side} [id*='"view"']`)]
            .filter(e => JSON.parse(e.id).type === 'graph' && JSON.parse(e.id).view === view)[0]
            .querySelector('.js-plotly-plot').data.map(t => ({x: t.x, y: t.y, color: t.marker && t.marker.color}))""",
        [side, view],
    )


def test_play_pause_step_and_reset(tab: Any) -> None:
    page = tab.page
    assert page.title() == "cocoonsim in class"
    assert page.inner_text("#question") == "Does it move?"
    assert tab.step() == 0
    page.get_by_label("fastest").check()
    page.click("#play")
    assert page.wait_for_selector("#play >> text=Pause")
    tab.until_step(4)
    page.click("#play")
    page.wait_for_selector("#play >> text=Play")
    page.wait_for_timeout(700)
    here = tab.step()
    page.wait_for_timeout(700)
    assert tab.step() == here, "a paused run stands still"
    page.click("#step")
    tab.until_step(here + 1)
    assert tab.step() == here + 1
    assert len(graph(page, "a", "diversity")[0]["y"]) == here + 1
    page.click("#reset")
    page.wait_for_function("document.querySelector('#count').textContent === 'Step 0'")
    page.click("#step")
    tab.until_step(1)
    assert len(graph(page, "a", "diversity")[0]["y"]) == 1


def test_the_pictures_show_the_numbers_of_the_run(tab: Any, served: Any) -> None:
    page = tab.page
    for name in (
        "Opinions, step by step",
        "How much comes from the other side",
        "Who gets the attention: items by popularity",
    ):
        page.get_by_role("checkbox", name=name).check()
    page.wait_for_function("document.querySelectorAll('.graphs .main-svg').length >= 20")
    for step in (1, 2, 3):
        page.click("#step")
        tab.until_step(step)
    session = served.sessions.get(page.get_attribute("[data-session]", "data-session"))
    for side in "ab":
        panel = session.panels[side]
        noted = panel.record.numbers["effective_topics.shown"].values
        assert graph(page, side, "diversity")[0]["y"] == pytest.approx(noted, abs=1e-3)
        opinions = panel.world.users.opinion[panel.drawn, 0]
        assert graph(page, side, "network")[2]["color"] == pytest.approx(opinions, abs=0.006)
        shown = panel.record.last("cross_cutting_share.shown", 5)
        assert graph(page, side, "funnel")[0]["y"][2] == pytest.approx(shown, abs=1e-3)
        assert len(graph(page, side, "opinions")[0]["x"]) == 3
    assert "0 %" not in page.inner_text("#scores")
    page.get_by_role("checkbox", name="Opinions, step by step").uncheck()
    page.wait_for_function("!document.querySelector('#graphs-a').textContent.includes('Opinions, step')")


def test_click_a_person_and_read_why(tab: Any) -> None:
    page = tab.page
    page.click("#step")
    tab.until_step(1)
    page.click("#step")
    tab.until_step(2)
    page.locator("#graphs-a .scatterlayer .points path").nth(7).click(force=True)
    page.wait_for_selector("#person-a .feed li")
    assert page.locator("#person-a .feed li").count() == 5
    assert "Why:" in page.inner_text("#person-a .feed li >> nth=0")
    assert "newest +" in page.inner_text("#person-b .feed li >> nth=0")
    chosen = page.inner_text("#person").split("\n")[0].strip()
    assert chosen.startswith("user ")
    assert f"A: what {chosen} is shown now" in page.inner_text("#person-a")
    assert len(graph(page, "a", "network")[3]["x"]) == 1, "a ring around the person"
    assert page.locator("#person-a .main-svg").count() >= 2
    page.click("#otherwise")
    page.wait_for_function("document.querySelectorAll('#person-a .feed').length === 2")
    assert f"What “Newest first” would have shown {chosen}" in page.inner_text("#person-a")
    assert "of these 5 are in the feed above" in page.inner_text("#person-a")
    tab.choose("#person", "user 12")
    page.wait_for_function("document.querySelector('#person-a').textContent.includes('user 12')")
    page.click("#step")
    tab.until_step(3)
    assert page.locator("#person-a .feed").count() == 1, "what the other would show was for the step before"


def test_another_policy_another_setting_and_a_value_out_of_range(tab: Any, served: Any) -> None:
    page = tab.page
    page.click("#step")
    tab.until_step(1)
    tab.choose("#arm-b", "at random")
    page.wait_for_function("document.querySelector('#title-b').textContent === 'At random'")
    assert tab.step() == 0
    page.click("text=Change one thing in A")
    page.locator(".side-a details").get_by_text("Choose what to change").click()
    page.get_by_role("option", name="feed: how scores become a feed").click()
    page.locator(".side-a details").get_by_text("Choose: feed").click()
    page.get_by_role("option", name="maximal marginal", exact=True).click()
    box = page.locator(".side-a .settings").get_by_role("textbox", name="shortlist")
    box.fill("0")
    page.click("text=Start again with this >> nth=0")
    page.wait_for_selector(".status.bad:not(:empty)")
    assert page.inner_text("#status") == "feed.shortlist: must be 1 to 10000, got 0"
    assert page.inner_text("#title-a") == "Own taste", "nothing has changed"
    box.fill("20")
    page.click("text=Start again with this >> nth=0")
    page.wait_for_function("document.querySelector('#title-a').textContent === 'Own taste, with feed maximal marginal'")
    assert page.inner_text("#status") == ""
    session = served.sessions.get(page.get_attribute("[data-session]", "data-session"))
    assert session.panels["a"].scenario.spec("feed")["shortlist"] == 20


@pytest.mark.slow
def test_a_policy_of_ones_own_from_now_on_and_the_scoreboard(tab: Any) -> None:
    page = tab.page
    page.click("#step")
    tab.until_step(1)
    page.click("text=Change one thing in B")
    page.locator(".side-b details").get_by_text("Choose what to change").click()
    page.get_by_role("option", name="ranking: how items are ranked").click()
    page.locator(".side-b details").get_by_text("Choose: ranking").click()
    page.get_by_role("option", name="quality", exact=True).click()
    page.wait_for_timeout(500)
    page.click("text=From now on >> nth=1")
    page.wait_for_function("document.querySelector('#title-b').textContent === 'Newest first, then ranking quality'")
    assert tab.step() == 1
    tab.choose("#reranker", "quota")
    page.click("text=Use it in B")
    page.wait_for_function(
        "document.querySelector('#title-b').textContent.includes('your mixture of content 1, quota 0.5')"
    )
    assert tab.step() == 0
    page.click("#step")
    tab.until_step(1)
    scores = page.inner_text("#scores")
    for row in ("Diversity", "Utility", "Harmful share", "Unequal attention"):
        assert row in scores


def test_a_lesson_brings_its_text_and_its_world(tab: Any) -> None:
    page = tab.page
    first = lesson(1)
    tab.choose("#lesson-menu", f"1. {first.title}")
    page.wait_for_selector(f"#lesson h2 >> text=Lesson 1: {first.title}")
    asked = Scenario.from_file(first.scenario).question
    page.wait_for_function("words => document.querySelector('#question').textContent === words", arg=asked)
    answers = page.locator("#lesson details details").last.locator("li").first
    assert not answers.is_visible(), "the answers are folded away"
    page.click("text=Answer key")
    answers.wait_for()
    page.click("#step")
    tab.until_step(1)
    tab.choose("#story", "Two camps")
    page.wait_for_function("document.querySelector('#question').textContent.startsWith('Does unfollowing')")
    page.wait_for_function("document.querySelector('#lesson').textContent === ''")


@pytest.mark.slow
def test_a_world_too_large_is_offered_smaller_with_a_sentence(tab: Any, served: Any) -> None:
    page = tab.page
    page.click("text=Population: two camps")
    page.locator("#world").get_by_role("textbox", name="users", exact=True).fill("6000")
    page.click("#apply-world")
    page.wait_for_selector("#note:not(:empty)")
    assert "6,000 people" in page.inner_text("#note")
    assert "It is shown with 5,000 people" in page.inner_text("#note")
    session = served.sessions.get(page.get_attribute("[data-session]", "data-session"))
    assert session.panels["a"].start.n_users == 5000
    page.locator("#world").get_by_role("textbox", name="steps", exact=True).fill("0")
    page.click("#apply-world")
    page.wait_for_selector(".status.bad:not(:empty)")
    assert "steps: must be at least 1" in page.inner_text("#status")


def test_two_browsers_have_runs_of_their_own_and_a_closed_one_is_let_go(
    tab: Any, served: Any, visit: Callable[..., Any], chromium: Any
) -> None:
    other = visit(served.address, context=chromium.new_context())
    tab.page.click("#step")
    tab.until_step(1)
    other.page.get_by_label("fastest").check()
    other.page.click("#play")
    other.until_step(3)
    assert tab.step() == 1
    name = other.page.get_attribute("[data-session]", "data-session")
    assert name in served.sessions
    other.page.close()  # in the middle of a run
    deadline = time.monotonic() + 10
    while name in served.sessions and time.monotonic() < deadline:
        time.sleep(0.05)
    assert name not in served.sessions
    tab.page.click("#step")
    tab.until_step(2)


def test_a_page_whose_run_is_gone_says_so(tab: Any, served: Any) -> None:
    served.sessions.end(tab.page.get_attribute("[data-session]", "data-session"))
    tab.page.click("#step")
    tab.page.wait_for_selector(".status.bad:not(:empty)")
    assert "Load the page again" in tab.page.inner_text("#status")


@pytest.mark.slow
def test_a_run_that_is_over_says_so_and_stops_playing(
    serve: Callable[..., Any], visit: Callable[..., Any], small: Scenario
) -> None:
    tab = visit(serve(small.with_sets(["steps=2"])).address)
    tab.page.get_by_label("fastest").check()
    tab.page.click("#play")
    tab.page.wait_for_function("document.querySelector('#status').textContent.includes('over after 2 steps')")
    tab.page.wait_for_selector("#play >> text=Play")
    assert tab.messages == []


@pytest.mark.slow
def test_by_keyboard_alone(tab: Any) -> None:
    page = tab.page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "step":
            break
    page.keyboard.press("Enter")
    tab.until_step(1)
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.wait_for_function("document.querySelector('#count').textContent === 'Step 0'")


def test_everything_has_a_name_for_screen_readers(tab: Any) -> None:
    page = tab.page
    page.click("text=Length, seed and feed")
    nameless = page.evaluate(
        """() => [...document.querySelectorAll('button, input, select, [role=slider]')]
            .filter(e => e.offsetParent !== null && e.ariaHidden !== "true")
            .filter(e => !(e.innerText || '').trim() && !e.getAttribute('aria-label') && !e.labels?.length
                && !e.closest('[aria-labelledby]') && !e.closest('label')).map(e => e.outerHTML.slice(0, 200))"""
    )
    assert nameless == []
    assert page.evaluate("document.documentElement.lang") == "en"
    assert page.locator("h1").count() == 1
    assert page.get_attribute("#status", "role") == "status"


@pytest.mark.slow
@pytest.mark.parametrize("size", [PHONE, (1024, 768)])
def test_nothing_is_wider_than_the_screen(served: Any, visit: Callable[..., Any], size: tuple[int, int]) -> None:
    tab = visit(served.address, size)
    tab.page.click("#step")
    tab.until_step(1)
    tab.choose("#person", "user 3")
    tab.page.wait_for_selector("#person-b .feed li")
    assert tab.page.evaluate("document.documentElement.scrollWidth") <= size[0]
    for plot in tab.page.locator(".graphs .main-svg").all():
        assert plot.bounding_box()["width"] <= size[0]
    assert tab.messages == []
