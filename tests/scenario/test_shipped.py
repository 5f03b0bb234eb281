"""Every scenario that is shipped parses, with its arms; those that need data must not need it to be read."""

from __future__ import annotations

from pathlib import Path

import pytest

from cocoonsim.assemble import assemble
from cocoonsim.core.errors import UserError
from cocoonsim.scenario import Scenario

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "scenarios").rglob("*.yaml"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_it_parses(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    scenario = Scenario.from_file(file)
    assert scenario.title, "a shipped scenario has a title"
    assert scenario.question, "a shipped scenario says what it is to find out"
    assert Scenario.from_dict(scenario.expand()).sha256 == scenario.sha256
    for one in (scenario, *scenario.arms().values()):
        try:
            assemble(one)
        except UserError as error:
            if not _data_is_absent(one):
                raise
            pytest.skip(f"without the data: {error}")


def _data_is_absent(scenario: Scenario) -> bool:
    from cocoonsim.core.component import lookup, settings_of

    for stage in ("population", "catalogue", "network"):
        spec = scenario.spec(stage)
        for info in settings_of(lookup(stage, spec["kind"])):
            if info.about.path and not (spec[info.name] and Path(spec[info.name]).exists()):
                return True
    return False
