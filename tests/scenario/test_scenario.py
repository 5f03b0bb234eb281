"""What a scenario is once it has been read: complete, frozen, the same after every round trip."""

from __future__ import annotations

import dataclasses
import hashlib
import io
import json
import pickle
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from cocoonsim.core.component import STAGES, build, find, settings_of
from cocoonsim.scenario import Scenario, ScenarioError
from cocoonsim.scenario.checking import check_settings
from cocoonsim.scenario.merging import DEFAULTS

PARENT = """\
title: The parent
source: Somebody (2020)
population:
  kind: uniform
  users: 40
catalogue: {kind: topic_mix, items: 60, noise: 0.5}
compare:
  against: plain
  arms:
    plain:
    random: {ranking: shuffled, catalogue.items: 30}
"""
CHILD = """\
extends: models/parent.yaml

population:
  users: 70   # the kind stays, and so would other settings
slate: 5
ranking:
  kind: popularity
  exponent: 2
"""


@pytest.fixture
def child(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scenario:
    """A scenario that extends another."""
    monkeypatch.chdir(tmp_path)
    Path("models").mkdir()
    Path("models/parent.yaml").write_text(PARENT)
    Path("child.yaml").write_text(CHILD)
    return Scenario.from_file("child.yaml")


def test_what_is_not_said_is_filled_in() -> None:
    scenario = Scenario.from_dict({})
    kinds = {stage: scenario.spec(stage)["kind"] for stage in (*STAGES, "control") if stage in DEFAULTS}
    assert kinds == {
        "population": "uniform",
        "catalogue": "topic_mix",
        "network": "none",
        "publishing": "none",
        "activity": "everyone",
        "candidates": "everything",
        "ranking": "content",
        "feed": "top",
        "choice": "logit",
        "influence": "none",
        "rewiring": "none",
        "control": "newest",
    }
    assert (scenario.seed, scenario.steps, scenario.slate, scenario.memory, scenario.retrain_every) == (
        1,
        50,
        10,
        100,
        1,
    )
    assert (scenario.control_steps, scenario.freeze_below) == (0, 0.0)
    assert (scenario.record.every, scenario.record.events, scenario.record.follow) == (1, "none", 3)
    assert scenario.specs("interventions") == scenario.specs("metrics") == []
    assert scenario.arms() == {}


@pytest.mark.parametrize("stage", STAGES)
def test_every_component_accepts_its_own_defaults(stage: str) -> None:
    for name, cls in find(stage).items():
        missing = [info.name for info in settings_of(cls) if info.default is ...]
        # a component among the settings is checked with the whole scenario: see test_a_mixture_in_a_scenario
        nested = {info.name: build(stage, {"kind": name}) for info in settings_of(cls) if info.about.part}
        assert not any(found.problems() for found in nested.values())
        given = {
            info.name: info.default for info in settings_of(cls) if info.default is not ... and info.name not in nested
        }
        _, problems = check_settings(cls, given, (stage,), name)
        assert [problem.message for problem in problems if "needs the setting" not in problem.message] == []
        assert len(problems) == len(missing), f"{stage}.{name}"


def test_names_come_from_the_file(tmp_path: Path) -> None:
    for stem, name in (("plain", "plain"), ("my own scenario", "my_own_scenario"), ("_x", "x"), ("ähre", "ähre")):
        file = tmp_path / f"{stem}.yaml"
        file.write_text("steps: 3\n", encoding="utf-8")
        assert Scenario.from_file(file).name == name


def test_extends_merges_key_by_key(child: Scenario) -> None:
    assert child.name == "child"
    assert (child.title, child.source, child.slate) == ("The parent", "Somebody (2020)", 5)
    assert child.spec("population") == {
        "kind": "uniform",
        "users": 70,
        "concentration": 0.5,
        "dimensions": 1,
        "columns": {},
    }
    assert child.spec("catalogue")["noise"] == 0.5
    assert child.spec("ranking") == {"kind": "popularity", "exponent": 2.0}


def test_places_are_the_lines_of_either_file(child: Scenario) -> None:
    changed = child.with_sets(["catalogue.topics=7"])
    assert changed.place("population.users") == "child.yaml:4: population.users"
    assert changed.place("population.kind") == "models/parent.yaml:4: population.kind"
    assert changed.place("population.dimensions") == "models/parent.yaml:3: population.dimensions"
    assert changed.place("ranking.exponent") == "child.yaml:8: ranking.exponent"
    assert changed.place("catalogue.topics") == "--set catalogue.topics"
    assert changed.place("catalogue.items") == "models/parent.yaml:6: catalogue.items"
    assert changed.place("memory") == "child.yaml: memory"
    assert changed.arms()["random"].place("ranking.kind") == "models/parent.yaml:11: compare.arms.random.ranking.kind"
    assert Scenario.from_dict({"steps": 3}).place("steps") == "steps"


def test_a_new_kind_forgets_the_old_settings(child: Scenario) -> None:
    for override in ("ranking=content", "ranking={kind: content}", "ranking.kind=content"):
        assert child.with_sets([override]).spec("ranking") == {"kind": "content"}
    kept = child.with_sets(["ranking=popularity"])  # the same kind: nothing is forgotten
    assert kept.spec("ranking") == {"kind": "popularity", "exponent": 2.0}
    both = child.with_sets(["ranking=content", "ranking.kind=popularity", "ranking.exponent=3"])
    assert both.spec("ranking") == {"kind": "popularity", "exponent": 3.0}
    assert both.sets == ("ranking=content", "ranking.kind=popularity", "ranking.exponent=3")


def test_arms_change_what_they_say_and_nothing_else(child: Scenario) -> None:
    arms = child.arms()
    assert list(arms) == ["plain", "random"]
    assert child.compare.against == "plain"
    assert arms["plain"].sha256 == child.sha256
    assert arms["random"].spec("ranking") == {"kind": "shuffled"}
    assert arms["random"].spec("catalogue")["items"] == 30
    assert arms["random"].spec("population") == child.spec("population")
    assert arms["random"].name == "child.random"
    assert arms["random"].arms() == {}
    assert arms["random"].compare.arms == {}
    assert child.with_sets(["population.users=9"]).arms()["random"].spec("population")["users"] == 9
    assert child.with_sets(["compare=null"]).arms() == {}


def test_references_follow_what_they_name() -> None:
    scenario = Scenario.from_dict(
        {
            "population": {"kind": "uniform", "users": "=catalogue.items", "concentration": "=catalogue.concentration"},
            "catalogue": {"kind": "topic_mix", "items": "=slate"},
            "slate": 7,
            "title": "=not a reference",
        }
    )
    assert scenario.spec("population")["users"] == scenario.spec("catalogue")["items"] == 7
    assert scenario.spec("population")["concentration"] == 0.1  # the default of topic_mix
    assert scenario.title == "=not a reference"
    assert scenario.with_sets(["slate=9"]).spec("population")["users"] == 9
    assert scenario.with_sets(["population.dimensions==slate"]).spec("population")["dimensions"] == 7
    assert scenario.expand()["population"]["users"] == 7


def test_yaml_anchors_and_merge_keys(tmp_path: Path) -> None:
    file = tmp_path / "anchors.yaml"
    file.write_text(
        "population: {kind: uniform, users: &many 1_2, concentration: &c 1e-1}\n"
        "catalogue:\n  <<: {noise: *c, items: 3}\n  kind: topic_mix\n  items: *many\nslate: 0o12\n"
    )
    scenario = Scenario.from_file(file)
    assert scenario.spec("catalogue")["items"] == scenario.spec("population")["users"] == 12
    assert scenario.spec("catalogue")["noise"] == 0.1
    assert scenario.slate == 10


def test_lists_of_components(tmp_path: Path) -> None:
    name = next(iter(find("metrics")))
    scenario = Scenario.from_dict({"metrics": [name, {"kind": name}]})
    assert [spec["kind"] for spec in scenario.specs("metrics")] == [name, name]
    assert scenario.specs("metrics")[0] == scenario.specs("metrics")[1]
    assert scenario.with_sets(["metrics=all"]).specs("metrics") == []
    assert [spec["kind"] for spec in scenario.with_sets([f"metrics.1={name}"]).specs("metrics")] == [name, name]
    with pytest.raises(ScenarioError, match=r"--set metrics\.2: .* it has 2 \(0 to 1\)"):
        scenario.with_sets(["metrics.2.window=3"])


def test_it_is_frozen_and_hands_out_copies() -> None:
    scenario = Scenario.from_dict({"steps": 3})
    with pytest.raises(dataclasses.FrozenInstanceError):
        scenario.steps = 4  # type: ignore[misc]
    scenario.spec("population")["users"] = 1
    scenario.expand()["population"]["users"] = 1
    assert scenario.spec("population")["users"] == 1000
    given: dict[str, Any] = {"population": {"kind": "uniform", "users": 5}}
    mine = Scenario.from_dict(given)
    given["population"]["users"] = 6
    assert mine.with_sets(["steps=2"]).spec("population")["users"] == 5


def test_it_survives_another_process(child: Scenario) -> None:
    again = pickle.loads(pickle.dumps(child))
    assert again == child
    assert again.place("slate") == "child.yaml:5: slate"
    with pytest.raises(ScenarioError) as refused:
        Scenario.from_dict({"steps": 0, "slate": 0})
    assert str(pickle.loads(pickle.dumps(refused.value))) == str(refused.value)


def test_the_hash_is_of_what_bears_on_the_numbers(child: Scenario) -> None:
    harmless_ones = ("title=x", "question=x", "source=x", "name=x", "seeds=7", "compare=null", "population.users=70")
    for harmless in (*harmless_ones, "answer=[{of: engagement}]"):
        assert child.with_sets([harmless]).sha256 == child.sha256
    for override in ("seed=2", "population.users=71", "ranking=content", "steps=49", "record.follow=1"):
        assert child.with_sets([override]).sha256 != child.sha256
    bearing = child.expand()
    for key in ("name", "title", "question", "source", "seeds", "compare"):
        del bearing[key]
    canonical = json.dumps(bearing, sort_keys=True, separators=(",", ":"))
    assert child.sha256 == hashlib.sha256(canonical.encode("ascii")).hexdigest()


def test_whole_numbers_stand_for_numbers() -> None:
    one = Scenario.from_dict({"choice": {"kind": "logit", "sensitivity": 3}})
    assert repr(one.spec("choice")["sensitivity"]) == "3.0"
    assert one.sha256 == Scenario.from_dict({"choice": {"kind": "logit", "sensitivity": 3.0}}).sha256


numbers = st.floats(min_value=1e-12, max_value=1e12, allow_nan=False)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.integers(1, 10**6),
    seed=st.integers(0, 2**63 - 1),
    concentration=numbers,
    outside=st.floats(allow_nan=False, allow_infinity=False),
    title=texts,
    question=texts,
    arms=st.dictionaries(texts.filter(bool), st.just({"population.users": 5}), min_size=1, max_size=3),
)
def test_round_trip(
    tmp_path: Path,
    steps: int,
    seed: int,
    concentration: float,
    outside: float,
    title: str,
    question: str,
    arms: dict[str, Any],
) -> None:
    scenario = Scenario.from_dict(
        {
            "steps": steps,
            "seed": seed,
            "title": title,
            "question": question,
            "population": {"kind": "uniform", "concentration": concentration},
            "choice": {"kind": "logit", "outside": outside},
            "compare": {"arms": arms},
        }
    )
    again = Scenario.from_dict(scenario.expand())
    assert again == scenario
    assert again.sha256 == scenario.sha256
    file = tmp_path / "again.yaml"
    file.write_text(scenario.to_yaml(), encoding="utf-8")
    read = Scenario.from_file(file)
    assert read.sha256 == scenario.sha256
    assert read.expand() == scenario.expand()
    # an independent reader sees the same values
    assert YAML(typ="safe", pure=True).load(io.StringIO(scenario.to_yaml())) == scenario.expand()
    assert json.loads(json.dumps(scenario.expand())) == scenario.expand()
