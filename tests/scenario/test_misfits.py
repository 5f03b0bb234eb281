"""Components that do not fit together are refused before the run, with the file, the line and what would be right."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cocoonsim.cli import app
from cocoonsim.core import component

PEEKS = '''
"""Ranks by what it must not know."""

from cocoonsim.ranking import Ranking


class Peeks(Ranking):
    personalised = True

    def score(self, view):
        return view.affinity(view.shared("minds", lambda: view.minds.users.interests[view.users]))
'''
WORLD = "population: {kind: uniform, users: 30}\ncatalogue: {kind: topic_mix, items: 40}\nsteps: 3\n"
MISFITS = {
    "a people recommender without a network": (
        "rewiring: people_recommender\n", 4, "needs people who follow people", "Choose a network other than none",
    ),
    "a quota on a group that items lack": (
        "interventions:\n  - kind: diversity_quota\n    by: group\n", 6, "all items have the same group", "a catalogue where",
    ),
    "a quota as a feed rule on a group that items lack": (
        "feed:\n  kind: quota\n  by: group\n", 6, "all items have the same group", "a catalogue where they differ",
    ),
    "a share for a group that is not there": (
        "interventions:\n  - kind: fair_exposure\n    group: 3\n", 6, "no item is of the group 3", "there are: 0",
    ),
    "an oracle without its trait": (
        "ranking: peeks\n", 4, "looks into minds", "Write sees_minds = True in the class Peeks",
    ),
}  # fmt: skip


@pytest.fixture
def plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with a ranking that lies; forgotten after the test."""
    monkeypatch.setattr(component, "_folders", [])
    (tmp_path / "plugin" / "ranking").mkdir(parents=True)
    (tmp_path / "plugin" / "ranking" / "peeks.py").write_text(PEEKS)
    yield tmp_path / "plugin"
    sys.modules.pop("cocoonsim_plugin_0_ranking_peeks", None)
    component.find.cache_clear()


@pytest.mark.parametrize("what", MISFITS)
def test_it_is_refused_with_file_line_and_fix(what: str, tmp_path: Path, plugin: Path) -> None:
    text, line, wrong, right = MISFITS[what]
    file = tmp_path / "misfit.yaml"
    file.write_text(WORLD + text)
    out = tmp_path / "results"
    said = CliRunner().invoke(app, ["run", str(file), "--out", str(out), "--plugin", str(plugin)])
    assert said.exit_code == 2
    assert f"{file.as_posix()}:{line}: " in said.output
    assert wrong in said.output
    assert right in said.output
    assert not out.exists() or not any(out.rglob("*.parquet")), "nothing was played"
