"""Every benchmark runs, at a size at which its times mean nothing. Times themselves are never tested."""

from __future__ import annotations

import json
import math
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
ALONE = (
    "machine", "candidates", "bare", "agents", "scaling", "stages", "metrics", "components", "pruning", "visits",
    "replications",
)  # fmt: skip
WITH_OTHER_PROCESSES = ("memory", "networks", "threads", "algebra", "classroom")


def run(folder: Path, *sections: str) -> dict[str, list[dict[str, Any]]]:
    """The rows of some sections, after a look at the page."""
    command = [sys.executable, "-W", "error", "-m", "benchmarks", "--tiny", "--out", str(folder), "--only", *sections]
    surroundings = {**os.environ, "PYTHONPATH": str(ROOT)}
    answer = subprocess.run(command, cwd=ROOT, env=surroundings, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr[-2000:]
    written = json.loads((folder / "latest.json").read_text())["sections"]
    assert set(written) == set(sections)
    page = (folder / "latest.md").read_text()
    for section in written.values():
        assert f"## {section['title']}" in page
        assert section["rows"], section["title"]
        for row in section["rows"]:
            numbers = [value for value in row.values() if isinstance(value, float)]
            assert numbers, row
            assert all(math.isfinite(value) for value in numbers), row
    return {name: section["rows"] for name, section in written.items()}


def test_every_benchmark_in_one_process_runs(tmp_path: Path) -> None:
    rows = run(tmp_path, *ALONE)
    kinds = {row["kind"] for row in rows["components"]}
    assert {"content", "factorisation", "social", "top", "maximal_marginal", "unseen", "followed"} <= kinds
    assert {row["metric"] for row in rows["metrics"]} >= {"gini_simpson", "neighbour_correlation", "all"}
    assert all({"top-k", "choice", "history", "recording"} <= set(row) for row in rows["stages"])
    assert {row["verdict"] for row in rows["agents"]} <= {"met", "missed"}


@pytest.mark.slow
@pytest.mark.parametrize("section", WITH_OTHER_PROCESSES)
def test_every_benchmark_with_processes_of_its_own_runs(tmp_path: Path, section: str) -> None:
    if section == "classroom":
        pytest.importorskip("playwright", reason="playwright is not installed")
        if not any(map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))):
            pytest.skip("no Chromium on this machine")
    rows = run(tmp_path, section)[section]
    if section == "networks":
        assert {row["network"] for row in rows} == {"blocks", "small_world", "scale_free", "erdos_renyi", "from_file"}
        assert all(row["arcs"] > 2_000 for row in rows)


def test_no_benchmark_is_left_out() -> None:
    answer = subprocess.run(
        [sys.executable, "-m", "benchmarks", "--help"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    words = " ".join(answer.stdout.split())
    listed = words.partition("some of ")[2].partition(" --out")[0]
    assert sorted(listed.split(", ")) == sorted((*ALONE, *WITH_OTHER_PROCESSES))
