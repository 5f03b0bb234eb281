"""The page of a comparison: what it says of the arms, and that nothing in it runs or is fetched."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import lxml.html
import pytest

from cocoonsim.comparison_page import cautions, headline, write_comparison
from cocoonsim.figures import comparison_figures


def test_the_page_is_one_small_file_in_which_nothing_of_the_users_runs(written: Path, nasty: str) -> None:
    text = written.read_text(encoding="utf-8")
    assert written.stat().st_size < 8_000_000
    assert nasty not in text
    page = lxml.html.fromstring(text)
    assert len([script for script in page.iter("script") if script.get("type") is None]) == 2
    assert [value for element in page.iter() for name, value in element.items() if name in ("src", "href")] == [
        "data:,"
    ]
    assert len(page.xpath("//*[@role='img']")) == len(comparison_figures())


def test_the_page_says_what_each_arm_changes(written: Path, nasty: str) -> None:
    page = lxml.html.fromstring(written.read_text(encoding="utf-8"))
    rows = page.xpath("//section[h2='The arms']//table")[0].iterfind("tbody/tr")
    told = {row[0].text_content(): row[1].text_content() for row in rows}
    assert told == {"base": "the scenario as it is", "mix": "feed = top (depth = 50)", nasty: f"ranking.kind = {nasty}"}


def test_the_table_holds_every_difference_with_its_interval(written: Path) -> None:
    page = lxml.html.fromstring(written.read_text(encoding="utf-8"))
    rows = [
        [" ".join(cell.text_content().split()) for cell in row]
        for row in page.xpath("//section[h2='All differences']//tbody/tr")
    ]
    assert len(rows) == 11 * 2 * 2  # metrics with numbers, in value and excess, for two arms
    name, stage, quantity, arm, *numbers = rows[0]
    assert name.startswith("Effective number of topics")
    assert (stage, quantity, arm) == ("shown", "value", "mix")
    assert numbers == ["0.25", "0.2", "0.3", "2.5", "2"]


def test_the_headline_tells_luck_from_effect(arms: Any, nasty: str) -> None:
    first, _, last = headline(arms)
    assert first == (
        "Compared with “base”, the effective number of topics is 0.25 higher in “mix” (0.2 to 0.3); "
        f"the same in “{nasty}” (−0.05 to 0.05)."
    )
    assert "2 pairs of runs" in last
    arms.differences[0, "low"] = -0.1
    assert "0.25 higher in “mix” (−0.1 to 0.3: may be luck)" in headline(arms)[0]


def test_one_seed_is_warned_of(arms_of_one_seed: Any, arms: Any) -> None:
    assert "no intervals" in cautions(arms_of_one_seed)[0]
    assert "rough" in cautions(arms)[0]
    assert "(" not in headline(arms_of_one_seed)[0].replace("alert('boo')", "")


def test_the_same_comparison_gives_the_same_bytes(arms: Any, written: Path, tmp_path: Path) -> None:
    assert write_comparison(arms, tmp_path / "again.html").read_bytes() == written.read_bytes()


@pytest.mark.browser
@pytest.mark.parametrize("size", [(1440, 900), (390, 844)])
def test_a_browser_shows_the_page_without_a_network(written: Path, open_offline: Any, size: tuple[int, int]) -> None:
    page, messages, requests = open_offline(written, size)
    for name in comparison_figures():
        assert page.locator(f"#figure-{name} .plot-container").bounding_box()["height"] > 200
    assert messages == []
    assert requests == [written.as_uri()]
    assert page.evaluate("document.documentElement.scrollWidth") == size[0]
