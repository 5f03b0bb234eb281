"""Python 3.11, 3.12 and 3.13, with the NumPy that each gets, compute the same numbers to the last bit."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PROGRAM = """
import sys
from cocoonsim import Scenario, simulate
for name in ("information_cocoon", "echo_chamber"):
    scenario = Scenario.from_file(f"{sys.argv[1]}/scenarios/{name}.yaml", sets=["population.users=300", "steps=6"])
    print(simulate(scenario, seeds=[1]).digest)
"""


def digests(python: str) -> str:
    done = subprocess.run([python, "-c", PROGRAM, str(ROOT)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.slow
@pytest.mark.parametrize("version", ["3.11", "3.12", "3.13"])
def test_the_same_numbers_on_every_python(version: str, tmp_path: Path, interpreter: Callable[[str], str]) -> None:
    subprocess.run([interpreter(version), "-m", "venv", tmp_path / "venv"], check=True)
    python = str(tmp_path / "venv" / "bin" / "python")
    subprocess.run([python, "-m", "pip", "install", "--quiet", str(ROOT)], check=True)
    assert digests(python) == digests(sys.executable)
