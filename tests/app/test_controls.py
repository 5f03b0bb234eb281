"""Sliders, boxes and menus from settings, and back; the design pane; the documented plug-in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("dash", reason="dash is not installed")

from cocoonsim import Scenario, check
from cocoonsim.app.choices import (
    CHANGEABLE,
    PLUGIN,
    WORLD,
    design,
    designed,
    mixable,
    sets_of,
    spec_for,
    world_controls,
)
from cocoonsim.app.controls import kinds, settings
from cocoonsim.app.panel import Panel
from cocoonsim.app.session import Session
from cocoonsim.core.component import allow_plugin, find, settings_of


def every(component: Any) -> list[dict[str, Any]]:
    """All elements of a piece of the page, as it is sent to the browser."""
    from plotly.utils import PlotlyJSONEncoder

    found: list[dict[str, Any]] = []

    def walk(node: Any) -> None:
        if isinstance(node, dict):
            if "type" in node and "props" in node:
                found.append(node)
            for part in node.values():
                walk(part)
        elif isinstance(node, list):
            for part in node:
                walk(part)

    walk(json.loads(json.dumps(component, cls=PlotlyJSONEncoder)))
    return found


@pytest.mark.parametrize("stage", [*CHANGEABLE, *WORLD])
def test_every_component_has_a_control_and_a_help_text_for_every_setting(stage: str) -> None:
    for name, cls in find(stage).items():
        elements = every(settings("x", stage, stage, {"kind": name}))
        paths = [one["props"]["id"]["path"] for one in elements if isinstance(one["props"].get("id"), dict)]
        assert paths == [f"{stage}.{info.name}" for info in settings_of(cls)], name
        text = json.dumps([one["props"].get("children") for one in elements])
        for info in settings_of(cls):
            assert json.dumps(info.about.help)[1:-1] in text, (name, info.name)


def test_a_slider_has_the_range_of_its_setting() -> None:
    elements = every(settings("x", "ranking", "ranking", {"kind": "adaptive_estimate"}))
    for one in elements:
        if one["type"] == "Slider":
            about = {i.name: i.about for i in settings_of(find("ranking")["adaptive_estimate"])}[
                one["props"]["id"]["path"].split(".")[1]
            ]
            assert one["props"]["min"] >= (about.low if about.low is not None else about.above)
            assert one["props"]["max"] <= (about.high if about.high is not None else about.below)


def test_menus_explain_every_component() -> None:
    for stage in CHANGEABLE:
        options = kinds(stage)
        assert [option["value"] for option in options] == list(find(stage))
        assert all(len(option["title"]) > 20 for option in options)


def test_controls_of_the_world_are_labelled(small: Scenario) -> None:
    elements = every(world_controls(small))
    boxes = [one for one in elements if one["type"] == "Input"]
    labels = [one for one in elements if one["type"] == "Label"]
    assert len(boxes) == len(labels) > 5
    named = {one["props"]["id"] for one in elements if isinstance(one["props"].get("id"), str)}
    for one in elements:
        for name in one["props"].get("aria-labelledby", "").split():
            assert name in named


@pytest.mark.parametrize(
    ("stage", "kind", "values", "expected"),
    [
        ("ranking", "popularity", {"exponent": 2.0}, {"kind": "popularity", "exponent": 2.0}),
        ("ranking", "mixture", {"parts": "[newest, quality]", "weights": "[1, 0.5]"}, {"weights": (1, 0.5)}),
        ("choice", "logit", {"sensitivity": "7.5"}, {"kind": "logit", "sensitivity": 7.5}),
    ],
)
def test_what_is_set_arrives_in_the_scenario(
    small: Scenario, stage: str, kind: str, values: Any, expected: Any
) -> None:
    spec = small.with_sets(sets_of(small, stage, kind, values)).spec(stage)
    assert {key: spec[key] for key in expected} == expected


def test_a_setting_can_be_changed_again(small: Scenario) -> None:
    session = Session(small)
    for exponent in (1.5, 2.5):
        sets = sets_of(session.panels["a"].scenario, "ranking", "popularity", {"exponent": exponent})
        session.set_panel("a", sets, "popularity")
        assert session.panels["a"].scenario.spec("ranking")["exponent"] == exponent


def test_a_measure_is_added_to_the_others_and_replaces_itself(small: Scenario) -> None:
    once = small.with_sets(sets_of(small, "interventions", "diversity_quota", {"quota": 0.3, "by": "stance"}))
    twice = once.with_sets(sets_of(once, "interventions", "downrank_arousal", {"strength": 0.7}))
    again = twice.with_sets(sets_of(twice, "interventions", "diversity_quota", {"quota": 0.5}))
    assert [spec["kind"] for spec in again.specs("interventions")] == ["downrank_arousal", "diversity_quota"]
    assert again.specs("interventions")[1]["quota"] == 0.5


def test_settings_begin_where_the_scenario_stands(small: Scenario) -> None:
    assert spec_for(small, "catalogue", "partisan_news")["items"] == 60
    assert spec_for(small, "ranking", "popularity") == {"kind": "popularity"}


@pytest.mark.parametrize("reranker", ["top", "maximal_marginal", "calibrated", "quota"])
def test_a_designed_policy_can_be_played(small: Scenario, reranker: str) -> None:
    sets, title = designed({"content": 0.7, "newest": 0.3, "quality": 0.0}, reranker, 0.4)
    panel = Panel(small.with_sets(sets), title)
    assert panel.advance()
    assert panel.scenario.spec("ranking")["weights"] == (0.7, 0.3)
    assert panel.scenario.spec("feed")["kind"] == reranker
    assert title.startswith("your mixture of content 0.7 and newest 0.3")


def test_strength_turns_towards_variety(small: Scenario) -> None:
    assert small.with_sets(designed({"content": 1}, "maximal_marginal", 0.8)[0]).spec("feed")[
        "balance"
    ] == pytest.approx(0.2)
    assert small.with_sets(designed({"content": 1}, "quota", 0.8)[0]).spec("feed")["quota"] == pytest.approx(0.8)


def test_no_weights_at_all_is_a_feed_at_random(small: Scenario) -> None:
    assert small.with_sets(designed({"content": 0}, "top", 0)[0]).spec("ranking")["parts"][0]["kind"] == "shuffled"


def test_only_rankings_that_fit_the_world_can_be_mixed(small: Scenario) -> None:
    lonely = Panel(
        Scenario.from_dict(
            {"population": {"kind": "uniform", "users": 30}, "catalogue": {"kind": "topic_mix", "items": 50}}
        )
    )
    assert "social" not in mixable(lonely.start)
    assert "quality" not in mixable(lonely.start)
    for start in (lonely.start, Panel(small).start):
        for name in mixable(start):
            assert f'"weight-{name}-label"' in json.dumps(every(design(start)))
    for name in mixable(Panel(small).start):
        assert Panel(small.with_sets(designed({name: 1.0}, "top", 0)[0])).advance(), name


def test_the_documented_plugin_has_eight_lines_and_keeps_its_promises(small: Scenario, tmp_path: Path) -> None:
    assert len(PLUGIN.splitlines()) == 8
    (tmp_path / "ranking").mkdir()
    (tmp_path / "ranking" / "forgotten.py").write_text(PLUGIN, encoding="utf-8")
    allow_plugin(str(tmp_path))
    try:
        assert "forgotten" in [option["value"] for option in kinds("ranking")]
        check(find("ranking")["forgotten"])
        panel = Panel(small.with_sets(["ranking=forgotten"]))
        for _ in range(3):
            panel.advance()
        assert panel.moment is not None
        shown = panel.moment.history.item_shown
        assert shown.max() - shown.min() <= 60, "what was shown least comes first: nothing stays behind for long"
    finally:
        import cocoonsim.core.component as registry

        registry._folders.remove(tmp_path.resolve())
        find.cache_clear()
