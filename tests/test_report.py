"""The report of a run: what it says, that nothing in it runs or is fetched, that a browser shows it without a network."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from pathlib import Path

import lxml.html
import polars as pl
import pytest

from cocoonsim.core.errors import UserError
from cocoonsim.figures import figures
from cocoonsim.page import fill, table
from cocoonsim.report import cautions, headline, write_report
from cocoonsim.results import Results
from cocoonsim.story import as_yaml

PARTS_OF_A_PAGE = {"h1": 1, "main": 1, "header": 1, "title": 1}


def test_the_report_is_one_small_file_without_links_outside(report: Path) -> None:
    text = report.read_text(encoding="utf-8")
    assert report.stat().st_size < 8_000_000
    assert list(report.parent.iterdir()) == [report]
    page = lxml.html.fromstring(text)
    addresses = [
        value for element in page.iter() for name, value in element.items() if name in ("src", "href", "action")
    ]
    assert addresses == ["data:,"]
    assert "url(" not in "".join(style.text or "" for style in page.iter("style"))


def test_plotly_is_included_once(report: Path) -> None:
    text = report.read_text(encoding="utf-8")
    assert len(re.findall(r"plotly\.js v\d", text)) == 1
    scripts = [script for script in lxml.html.fromstring(text).iter("script") if script.get("type") is None]
    assert len(scripts) == 2


def test_nothing_of_the_users_is_run(report: Path, nasty: str) -> None:
    """Title, question, source, component, setting and topic all hold a script element; none of it becomes one."""
    text = report.read_text(encoding="utf-8")
    assert nasty not in text
    assert text.count("&lt;script&gt;alert") >= 6
    page = lxml.html.fromstring(text)
    assert not [
        script for script in page.iter("script") if "alert('boo')" in (script.text or "") and not script.get("type")
    ]


def test_headings_tables_and_pictures_are_accessible(report: Path) -> None:
    page = lxml.html.fromstring(report.read_text(encoding="utf-8"))
    assert page.get("lang") == "en"
    for tag, count in PARTS_OF_A_PAGE.items():
        assert len(list(page.iter(tag))) == count, tag
    levels = [int(element.tag[1]) for element in page.iter("h1", "h2", "h3")]
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    for grid in page.iter("table"):
        assert grid.find("caption") is not None
        assert all(head.get("scope") == "col" for head in grid.iterfind("thead//th"))
        assert all(row[0].tag == "th" and row[0].get("scope") == "row" for row in grid.iterfind("tbody/tr"))
    pictures = page.xpath("//*[@role='img']")
    assert len(pictures) == len(figures()) == len(list(page.iter("figcaption")))
    assert all(len(picture.get("aria-label")) > 40 for picture in pictures)
    names = [element.get("id") for element in page.iter() if element.get("id")]
    assert len(names) == len(set(names))


def test_the_report_tells_question_parts_numbers_and_command(report: Path) -> None:
    page = lxml.html.fromstring(report.read_text(encoding="utf-8"))
    text = " ".join(page.text_content().split())
    for expected in (
        "Does it narrow?",
        "Everybody likes a random mixture of topics",  # the summary of population/uniform.py
        "users = 100",
        "cocoonsim run made_up.yaml --seed 1",
        "cocoonsim 0.1.0",
        "The whole scenario",
        "0" * 64,
    ):
        assert expected in text, expected
    changed = [item.text for item in page.xpath("//li[@class='changed']")]
    assert "users = 100" in changed  # the default is 1000
    assert "concentration = 0.5" not in changed


def test_the_table_of_numbers_holds_first_last_null_and_excess(report: Path) -> None:
    page = lxml.html.fromstring(report.read_text(encoding="utf-8"))
    rows = {}
    for row in page.xpath("//section[h2='All numbers']//tbody/tr"):
        cells = [" ".join(cell.text_content().split()) for cell in row]
        rows[cells[0].partition(" (")[0], cells[1], cells[4]] = cells[2:4] + cells[5:]
    key = ("Effective number of topics", "shown", "a random draw from the pool")
    assert rows[key] == ["8", "4", "8.5", "−4.5", "0"]
    undefined = next(cells for (name, _, _), cells in rows.items() if name.startswith("Miscalibration"))
    assert undefined == ["undefined", "0.1", "0.09", "0.01", "7"]
    assert sum(1 for name, _, _ in rows if name == "Effective number of topics") == 2  # a row for each null


def test_the_headline_has_the_numbers(run: Results) -> None:
    first, second, third = headline(run)
    assert first == (
        "After 11 steps people are shown 4 effective topics each, where a random draw from the pool would show 8.5; "
        "in the first step it was 8 against 8.5."
    )
    assert (
        "30\u202f% comes from the other side, against 50\u202f% of the pool and 25\u202f% of what they click" in second
    )
    assert third == "The variance of opinions went from 0.33 to 0.23; the true utility went from 0.3 to 0.4."


def test_a_run_without_the_usual_metrics_has_a_headline(run: Results) -> None:
    few = replace(run, metrics=run.metrics.filter(pl.col("metric") == "item_exposure_gini"))
    assert "see the table" in headline(few)[0]


def test_cautions_name_single_seeds_undefined_users_and_early_ends(run: Results, two_seeds: Results) -> None:
    one = " ".join(cautions(run))
    assert "One seed only" in one
    assert "miscalibration (shown): 7" in one
    assert "Undefined in every step: neighbour correlation of opinions." in one
    assert "One seed only" not in " ".join(cautions(two_seeds))
    two_seeds.manifest["stopped"]["2"] = "frozen"
    assert "1 of 2 runs ended before the last step (frozen)" in " ".join(cautions(two_seeds))


def test_figures_left_out_are_named_with_the_reason(run: Results, tmp_path: Path) -> None:
    bare = replace(run, sample_network=run.sample_network.clear())
    text = write_report(bare, tmp_path / "bare.html").read_text(encoding="utf-8")
    missing = lxml.html.fromstring(text).xpath("//div[@class='missing']")[0].text_content()
    assert "Who follows whom" in missing
    assert "Nobody follows anybody" in missing
    assert 'id="figure-network"' not in text


def test_the_same_run_gives_the_same_bytes(run: Results, report: Path, tmp_path: Path) -> None:
    assert write_report(run, tmp_path / "again.html").read_bytes() == report.read_bytes()


def test_a_folder_that_is_not_there_is_a_users_mistake(run: Results, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot write"):
        write_report(run, tmp_path / "nowhere" / "report.html")


def test_the_scenario_in_the_report_can_be_read_again(run: Results) -> None:
    from ruamel.yaml import YAML

    assert YAML(typ="safe").load(as_yaml(run.manifest["scenario"])) == run.manifest["scenario"]


def test_templates_escape_what_is_not_html() -> None:
    assert fill("<p $a>$b</p>", a=fill('title="$x"', x='"'), b="$c <") == '<p title="&quot;">$c &lt;</p>'
    assert "<td" in table("all", ("a", "b"), [("x", "<y>")])
    assert "&lt;y&gt;" in table("all", ("a", "b"), [("x", "<y>")])


@pytest.mark.browser
def test_a_browser_shows_the_report_without_a_network(report: Path, open_offline: object) -> None:
    page, messages, requests = open_offline(report, (1440, 900))  # type: ignore[operator]
    assert page.locator(".picture .main-svg").count() >= len(figures())
    for name in figures():
        assert page.locator(f"#figure-{name} .plot-container").bounding_box()["height"] > 200, name
    assert messages == []
    assert requests == [report.as_uri()]
    assert page.evaluate("window.boo === undefined && document.querySelectorAll('script').length") == 2 + len(figures())


@pytest.mark.browser
def test_nothing_is_wider_than_a_phone(report: Path, open_offline: object) -> None:
    page, messages, _ = open_offline(report, (390, 844))  # type: ignore[operator]
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert page.evaluate("document.querySelector('.picture .main-svg').getBoundingClientRect().width") <= 390
    assert messages == []
