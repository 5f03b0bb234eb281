"""A new ranking policy is one file: it is listed, explained, in the schema, kept to its promises, and it plays.

Nothing else is edited: the file is written into a plug-in folder and the command line is told of the folder.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

POLICY = '''"""Show everyone what was clicked most, a little less strongly.

Also known as: damped popularity, soft bestseller.
Source: own; written for this test.
"""

import numpy as np

from cocoonsim.core.setting import setting
from cocoonsim.ranking import Ranking


class Steady(Ranking):
    exponent: float = setting(0.5, low=0.0, high=2.0, help="How strongly clicks count; 0 ignores them")

    def score(self, view):
        return (view.item("clicks") + 1) ** np.float32(self.exponent)
'''
SCENARIO = """
steps: 2
population: {kind: uniform, users: 20}
catalogue: {kind: topic_mix, items: 40}
ranking: {kind: steady, exponent: 0.7}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "mine" / "ranking").mkdir(parents=True)
    (tmp_path / "mine" / "ranking" / "steady.py").write_text(POLICY)
    (tmp_path / "mine.yaml").write_text(SCENARIO)
    return tmp_path


def cocoonsim(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """The command line in a process of its own, so that no plug-in outlives this test."""
    command = [sys.executable, "-m", "cocoonsim", *words]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_it_is_listed_and_found_by_its_other_name(folder: Path) -> None:
    listed = cocoonsim(folder, "list", "ranking", "--json", "--plugin", "mine")
    assert "steady" in [row["name"] for row in json.loads(listed.stdout)], listed.stderr
    assert "steady" in cocoonsim(folder, "list", "bestseller", "--plugin", "mine").stdout


def test_it_is_explained_with_its_settings(folder: Path) -> None:
    explained = cocoonsim(folder, "explain", "steady", "--plugin", "mine").stdout
    assert "a little less strongly" in explained
    assert "How strongly clicks count" in explained


def test_it_is_in_the_schema_with_its_range(folder: Path) -> None:
    text = cocoonsim(folder, "schema", "--plugin", "mine").stdout
    assert '"steady"' in text
    assert "How strongly clicks count" in text


def test_it_keeps_the_promises_of_its_stage(folder: Path) -> None:
    program = (
        "from cocoonsim import check; from cocoonsim.core.component import allow_plugin, lookup\n"
        "allow_plugin('mine'); print(len(check(lookup('ranking', 'steady'))))"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) >= 8


def test_it_plays_and_its_range_is_checked(folder: Path) -> None:
    done = cocoonsim(folder, "run", "mine.yaml", "--plugin", "mine", "--quiet")
    assert done.returncode == 0, done.stderr
    wrong = cocoonsim(folder, "run", "mine.yaml", "--plugin", "mine", "--set", "ranking.exponent=3")
    assert wrong.returncode == 2
    assert "ranking.exponent" in wrong.stderr


def test_without_permission_it_is_not_known(folder: Path) -> None:
    done = cocoonsim(folder, "run", "mine.yaml")
    assert done.returncode == 2
    assert "mine.yaml:5" in done.stderr
    assert not (folder / "results").exists()
