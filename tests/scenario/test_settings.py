"""Settings of every type are checked as they are declared, also those of plug-ins."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cocoonsim.core import component
from cocoonsim.core.component import Component, allow_plugin, find
from cocoonsim.core.setting import setting
from cocoonsim.scenario import Scenario, ScenarioError
from cocoonsim.scenario.checking import check_settings


class Odd(Component):
    """Settings of every type."""

    shares: dict[str, float] = setting(..., low=0.0, help="By name")
    copy: str = setting("one", choices=("one", "two"), help="A name that pydantic's models have too")
    json: bool = setting(False, help="Likewise")
    weights: tuple[float, ...] = setting((1.0,), low=0.0, high=1.0, help="Some numbers")
    pair: tuple[int, int] = setting((1, 2), help="Two")
    most: int | None = setting(None, low=1, help="Perhaps")
    file: str = setting("", path=True, help="A file")
    level: float | str = setting("auto", help="Either")


def test_settings_of_every_type() -> None:
    values, problems = check_settings(
        Odd, {"shares": {"a": 1}, "weights": [0, 0.5], "pair": [3, 4], "most": 2, "level": 1.5}, (), "odd"
    )
    assert problems == []
    assert values == {
        "copy": "one",
        "json": False,
        "weights": (0.0, 0.5),
        "pair": (3, 4),
        "shares": {"a": 1.0},
        "most": 2,
        "file": "",
        "level": 1.5,
    }
    assert Odd(**values).weights == (0.0, 0.5)


@pytest.mark.parametrize(
    ("name", "value", "where", "message"),
    [
        ("copy", "tow", "copy", "must be one of one, two; got the text 'tow'; did you mean 'two'?"),
        ("copy", 3, "copy", "must be one of one, two, got 3; write it in quotes"),
        ("json", "yes", "json", "must be true or false, got the text 'yes'; write true"),
        ("json", 1, "json", "must be true or false, got 1"),
        ("weights", "0.5", "weights", "must be a list of numbers (0 to 1), got the text '0.5'"),
        ("weights", [0.5, "x"], "weights.1", "must be a number (0 to 1), got the text 'x'"),
        ("weights", [0.5, 2], "weights.1", "must be 0 to 1, got 2"),
        ("pair", [1, 2, 3], "pair", "must be a list of 2 whole numbers, got a list of 3"),
        ("pair", [1], "pair", "must be a list of 2 whole numbers, got a list of 1"),
        ("shares", {"a": -1}, "shares.a", "must be at least 0, got -1"),
        ("shares", [1], "shares", "must be a mapping of names to numbers (at least 0), got a list of 1"),
        ("most", 0, "most", "must be at least 1, got 0"),
        ("most", 1.5, "most", "must be a whole number or null (at least 1), got 1.5"),
        ("file", 3, "file", "must be text, got 3; write it in quotes"),
        ("level", True, "level", "must be a number or text, got true"),
        (
            "speed",
            1,
            "speed",
            "odd has no setting 'speed'; known: copy, file, json, level, most, pair, shares, weights",
        ),
    ],
)
def test_wrong_settings_of_every_type(name: str, value: Any, where: str, message: str) -> None:
    _, problems = check_settings(Odd, {"shares": {}, name: value}, (), "odd")
    assert [(".".join(map(str, problem.path)), problem.message) for problem in problems] == [(where, message)]


def test_a_setting_that_must_be_given() -> None:
    _, problems = check_settings(Odd, {}, ("ranking",), "odd")
    assert [(problem.path, problem.message) for problem in problems] == [
        (("ranking",), "odd needs the setting 'shares' (By name)")
    ]


PLUGIN = '''\
"""Nothing but one number."""
from __future__ import annotations
import numpy as np
from cocoonsim.core.setting import setting
from cocoonsim.ranking import Ranking
class Flat(Ranking):
    """Score everything alike."""
    level: float = setting(0.0, low=0.0, high=1.0, help="The number")
    other: float = setting(0.5, help="Another")
    def problems(self):
        return [("other", "must not be below level")] if self.other < self.level else []
    def score(self, view):
        return np.full((1, 1), self.level, np.float32)
'''


def test_plug_ins_appear_and_speak_for_themselves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(component, "_folders", [])
    with pytest.raises(ScenarioError, match="there is no ranking called 'flat_scores'"):
        Scenario.from_dict({"ranking": "flat_scores"})
    (tmp_path / "ranking").mkdir()
    (tmp_path / "ranking" / "flat_scores.py").write_text(PLUGIN)
    try:
        allow_plugin(str(tmp_path))
        scenario = Scenario.from_dict({"ranking": "flat_scores"})
        assert scenario.spec("ranking") == {"kind": "flat_scores", "level": 0.0, "other": 0.5}
        with pytest.raises(ScenarioError, match=r"^--set ranking\.level: must be 0 to 1, got 2$"):
            scenario.with_sets(["ranking.level=2"])
        with pytest.raises(ScenarioError, match=r"^--set ranking\.other: must not be below level$"):
            scenario.with_sets(["ranking.level=0.5", "ranking.other=0.4"])
    finally:
        find.cache_clear()
