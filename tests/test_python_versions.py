"""Python 3.11, 3.12 and 3.13, with the NumPy and the Mesa that each gets, compute the same numbers to the last bit."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
NUMBERS = """
import sys
from cocoonsim import Scenario, simulate
for name in ("information_cocoon", "echo_chamber"):
    scenario = Scenario.from_file(f"{sys.argv[1]}/scenarios/{name}.yaml", sets=["population.users=300", "steps=6"])
    print(simulate(scenario, seeds=[1]).digest)
"""
MODEL = """
import mesa
from cocoonsim.mesa_model import CocoonModel

if __name__ == "__main__":
    model = CocoonModel("lesson:3", users=100, steps=5, agents=True, rng=7)
    while model.running:
        model.step()
    assert len(model.agents) == 100
    parameters = {"users": 40, "steps": 3, "metrics": "gini_simpson"}
    newer = tuple(map(int, mesa.__version__.split(".")[:2])) >= (3, 5)
    if newer:
        assert len(mesa.batch_run(CocoonModel, parameters, rng=[1, 2], max_steps=50, display_progress=False)) == 2
    frame = model.datacollector.get_model_vars_dataframe()
    print("newer" if newer else "older", model.results().digest, len(frame))
"""


def said(python: str, program: str, here: Path) -> str:
    file = here / "program.py"
    file.write_text(program, encoding="utf-8")
    done = subprocess.run([python, str(file), str(ROOT)], capture_output=True, text=True, check=False, cwd=here)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.slow
@pytest.mark.parametrize("version", ["3.11", "3.12", "3.13"])
def test_the_same_numbers_on_every_python(version: str, tmp_path: Path, interpreter: Callable[[str], str]) -> None:
    """Mesa 3.5 needs Python 3.12, and has another way of giving seeds to a batch."""
    subprocess.run([interpreter(version), "-m", "venv", tmp_path / "venv"], check=True)
    python = str(tmp_path / "venv" / "bin" / "python")
    subprocess.run([python, "-m", "pip", "install", "--quiet", "--no-compile", str(ROOT)], check=True)
    assert said(python, NUMBERS, tmp_path) == said(sys.executable, NUMBERS, tmp_path)
    mesa, *model = said(python, MODEL, tmp_path).split()
    assert mesa == ("older" if version == "3.11" else "newer")
    assert model == said(sys.executable, MODEL, tmp_path).split()[1:]
