"""The documentation is whole: its links lead somewhere, its tutorials run, and it builds without a warning."""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

import cocoonsim
from cocoonsim.lessons import lessons

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = sorted(path for path in DOCS.rglob("*.md") if "_build" not in path.parts)
TUTORIALS = sorted((DOCS / "tutorials").glob("[!i]*.md"))


def test_every_lesson_has_a_page() -> None:
    names = {path.stem for path in (DOCS / "lessons").glob("[0-9]*.md")}
    assert names == {one.name for one in lessons()}


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(DOCS)))
def test_links_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    anchors = set(re.findall(r'<a id="([^"]+)">', text))
    headings = re.findall(r"^#+ +(.+?) *$", text, flags=re.MULTILINE)
    anchors |= {re.sub(r"[^\w\- ]", "", one.lower()).strip().replace(" ", "-") for one in headings}
    prose = re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)
    for target in re.findall(r"\]\(([^)\s]+)\)", prose):
        file, _, anchor = target.partition("#")
        if re.match(r"[a-z]+:", target):
            continue
        assert not file or (page.parent / file).is_file(), f"{page}: {target}"
        assert file or anchor in anchors, f"{page}: {target}"


def test_the_model_description_has_the_elements_of_odd() -> None:
    """Grimm et al. (2020): seven elements in their order, eleven design concepts that are each spoken of."""
    text = (DOCS / "odd.md").read_text(encoding="utf-8")
    assert [line[6:] for line in re.findall(r"^## \d\. .*$", text, flags=re.MULTILINE)] == [
        "Purpose and patterns", "Entities, state variables and scales", "Process overview and scheduling",
        "Design concepts", "Initialisation", "Input data", "Submodels",
    ]  # fmt: skip
    for concept in (
        "Basic principles", "Emergence", "Adaptation", "objectives", "Learning", "Prediction", "Sensing", "Interaction",
        "Stochasticity", "Collectives", "Observation",
    ):  # fmt: skip
        assert concept in text, concept


def test_the_model_description_tells_the_example_as_it_is() -> None:
    from cocoonsim import Scenario

    told = Scenario.from_file(ROOT / "scenarios" / "information_cocoon.yaml").expand()
    text = " ".join((DOCS / "odd.md").read_text(encoding="utf-8").split())
    population, network, choice = told["population"], told["network"], told["choice"]
    for claim in (
        f"{population['users']:,} people in {population['clusters']} clusters",
        f"(concentration {population['concentration']:g}, cohesion {population['cohesion']:g})",
        f"{told['catalogue']['items']} items on {told['catalogue']['topics']} topics",
        f"({told['publishing']['items']} of them, each living {told['publishing']['lifespan']} steps)",
        f"{network['degree']:g} ties per person, {100 * network['mixing']:.0f} % of them to other",
        f"exp({told['feed']['inverse_temperature']:g} × score)",
        f"{choice['sensitivity']:g} × utility − {choice['attention_decay']:g} × ln *r*, not clicking has {choice['outside']:g}",
        f"interests move by {100 * told['influence']['rate']:.0f} %",
    ):
        assert claim in text, claim
    for stage in ("ranking", "feed", "choice", "influence", "rewiring"):
        assert f"{stage} `{told[stage]['kind']}`" in text, stage


def test_codemeta_and_citation_name_this_version() -> None:
    known = json.loads((ROOT / "codemeta.json").read_text(encoding="utf-8"))
    assert (known["name"], known["version"]) == ("cocoonsim", cocoonsim.__version__)
    assert f"version: {cocoonsim.__version__}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("tutorial", TUTORIALS, ids=lambda path: path.stem)
def test_a_tutorial_runs(tutorial: Path, tmp_path: Path) -> None:
    """Its cells, one after the other, in a Python of its own: their assertions are what the text claims."""
    text = tutorial.read_text(encoding="utf-8")
    cells = re.findall(r"^```\{code-cell\} python\n(.*?)^```$", text, flags=re.DOTALL | re.MULTILINE)
    assert len(cells) >= 3
    assert any("assert " in cell for cell in cells)
    program = tmp_path / "cells.py"
    program.write_text("\n".join(cells), encoding="utf-8")
    done = subprocess.run([sys.executable, program], capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr


@pytest.mark.slow
def test_the_documentation_builds_without_a_warning(tmp_path: Path) -> None:
    missing = [name for name in ("sphinx", "myst_nb", "pydata_sphinx_theme") if importlib.util.find_spec(name) is None]
    if missing:
        pytest.skip(f"the extra docs is not installed: {', '.join(missing)}")
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", str(DOCS), str(tmp_path / "html")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    for name in ("index", "odd", "components", "reference", "lessons/01_what_is_a_cocoon", "tutorials/your_own_policy"):
        assert (tmp_path / "html" / f"{name}.html").is_file(), name
    played = (tmp_path / "html" / "tutorials" / "replicate_a_paper.html").read_text(encoding="utf-8")
    assert "pass - The less tolerant, the more camps" in played
