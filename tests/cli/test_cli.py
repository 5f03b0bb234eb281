"""The command line: what it prints, where, and with which exit status."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from typer.testing import CliRunner

from cocoonsim import __version__, recorder
from cocoonsim.cli import app
from cocoonsim.core.component import STAGES, find, settings_of
from cocoonsim.scenario import Scenario, schema

SCENARIO = """\
title: A very small world
steps: 3
population: {kind: uniform, users: 20}
catalogue: {kind: topic_mix, items: 40}
compare:
  against: random
  arms:
    content:
    random: {ranking: shuffled}
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with one good scenario."""
    monkeypatch.chdir(tmp_path)
    Path("tiny.yaml").write_text(SCENARIO)
    return tmp_path


def call(*words: str, status: int = 0) -> tuple[str, str]:
    """Standard output and standard error of a command that ends with `status`."""
    done = CliRunner().invoke(app, list(words))
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == status, done.output
    return done.stdout, done.stderr


def test_version() -> None:
    assert call("--version")[0] == f"cocoonsim {__version__}\n"


@pytest.mark.parametrize("command", ["run", "compare", "list", "explain", "expand", "check", "report", "schema"])
def test_every_command_teaches_by_example(command: str) -> None:
    said, _ = call(command, "--help")
    assert f"cocoonsim {command}" in said.partition("Usage: ")[2]  # an example below the line of usage


def test_list_names_everything_once() -> None:
    said, _ = call("list")
    lines = [line.split() for line in said.splitlines() if line.startswith("  ")]
    for stage in STAGES:
        assert f"\n{stage}: " in f"\n{said}"
        for name in find(stage):
            assert [name] in [words[:1] for words in lines]


def test_list_of_a_stage_and_by_any_name() -> None:
    rankings = json.loads(call("list", "ranking", "--json")[0])
    assert [about["name"] for about in rankings] == list(find("ranking"))
    by_alias = json.loads(call("list", "Luce choice", "--json")[0])
    assert [(about["stage"], about["name"]) for about in by_alias] == [("choice", "logit")]
    assert by_alias[0]["settings"][0]["name"] == "sensitivity"
    assert "content" in call("list", "content-based")[0]
    said, told = call("list", "contnt", status=2)
    assert (said, told) == ("", "nothing is called 'contnt'; did you mean 'content'?\n")


def test_explain_tells_settings_source_and_a_snippet_that_works() -> None:
    said, _ = call("explain", "logit")
    for info in settings_of(find("choice")["logit"]):
        assert info.name in said
        assert info.about.help in said
    assert "McFadden (1974)" in said
    snippet = said.partition("In a scenario:\n\n")[2]
    assert Scenario.from_dict(YAML(typ="safe").load(io.StringIO(snippet))) == Scenario.from_dict({})
    assert call("explain", "choice.logit")[0] == said
    assert call("explain", "multinomial-logit")[0] == said


def test_explain_tells_all_of_one_name_and_what_is_unknown() -> None:
    said, _ = call("explain", "none")
    for stage in ("network", "publishing", "influence", "rewiring"):
        assert f"{stage}: none\n" in said
    assert "network" not in call("explain", "influence.none")[0].splitlines()[0]
    assert call("explain", "lgit", status=2)[1] == "no component is called 'lgit'; did you mean 'logit'?\n"
    assert (
        call("explain", "ranking", status=2)[1]
        == "'ranking' is a stage; see its components with: cocoonsim list ranking\n"
    )


@pytest.mark.parametrize("stage", STAGES)
def test_everything_can_be_explained(stage: str) -> None:
    for name in find(stage):
        assert call("explain", f"{stage}.{name}")[0].startswith(f"{stage}: {name}\n")


def test_expand_prints_a_scenario_that_says_everything(here: Path) -> None:
    said, _ = call("expand", "tiny.yaml", "--set", "slate=4", "--set", "ranking=shuffled")
    Path("expanded.yaml").write_text(said)
    expanded, original = (
        Scenario.from_file("expanded.yaml"),
        Scenario.from_file("tiny.yaml", ["slate=4", "ranking=shuffled"]),
    )
    assert expanded == original
    assert "sensitivity: 5.0" in said


def test_check_says_what_will_happen(here: Path) -> None:
    said, _ = call("check", "tiny.yaml")
    assert said.splitlines()[:2] == [
        "ok",
        "A very small world: 20 users, 40 items on 20 topics, nobody follows anybody.",
    ]
    assert "Arms: content, random; compared with random." in said


@pytest.mark.parametrize(
    ("override", "message"),
    [
        ("slate=41", "--set slate: a slate of 41 does not fit a catalogue of 40 items. Use a slate of at most 40\n"),
        ("rankin=content", "--set rankin: a scenario has no key 'rankin'; did you mean 'ranking'?\n"),
        ("population.users=0", "--set population.users: must be at least 1, got 0\n"),
    ],
)
@pytest.mark.parametrize("command", ["check", "run"])
def test_mistakes_are_told_in_one_line_with_status_2(here: Path, command: str, override: str, message: str) -> None:
    said, told = call(command, "tiny.yaml", "--set", override, status=2)
    assert said == ""
    assert told.endswith(message)
    assert "Traceback" not in told
    assert not Path("results").exists()


def test_a_file_that_is_not_there(here: Path) -> None:
    Path("scenarios").mkdir()
    Path("scenarios/information_cocoon.yaml").write_text(SCENARIO)
    for command in ("run", "check", "expand", "compare"):
        _, told = call(command, "informaton_cocoon", status=2)
        assert told == "there is no file 'informaton_cocoon'; did you mean 'scenarios/information_cocoon.yaml'?\n"
    assert "no run.json" in call("report", "nowhere", status=2)[1]
    told = call("check", "tiny.yaml", "--plugin", "no/such/folder", status=2)[1]
    assert told.startswith("--plugin no/such/folder: neither a folder nor a module")


def test_wrong_options_end_with_status_2(here: Path) -> None:
    for words in (["run"], ["run", "tiny.yaml", "--seeds", "0"], ["run", "tiny.yaml", "--sed", "3"], ["rn"]):
        _, told = call(*words, status=2)
        assert "Traceback" not in told


def test_schema_is_printed_or_written(here: Path) -> None:
    assert json.loads(call("schema")[0]) == schema()
    assert call("schema", "--out", "made.json")[0] == "schema: made.json\n"
    assert json.loads(Path("made.json").read_text()) == schema()
    assert "cannot write" in call("schema", "--out", "no/folder/made.json", status=2)[1]


def test_interruption_ends_with_130(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*args: Any, **options: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(recorder, "simulate", interrupted)
    _, told = call("run", "tiny.yaml", "--quiet", status=130)
    assert told == "interrupted: nothing was written\n"
    assert not Path("results").exists()


def test_run_writes_results_and_report(here: Path) -> None:
    said, _ = call(
        "run", "tiny.yaml", "--seeds", "2", "--seed", "5", "--steps", "2", "--events", "all", "--threads", "1"
    )
    lines = said.splitlines()
    folder, page = (Path(line.partition(": ")[2].strip()) for line in lines[-2:])
    assert folder.parent == Path("results/tiny")
    about = json.loads((folder / "run.json").read_text())
    assert (about["seeds"], about["steps_done"]) == ([5, 6], 2)
    assert about["scenario_sha256"] == Scenario.from_file("tiny.yaml", ["steps=2", "record.events=all"]).sha256
    assert list((folder / "events").glob("*.parquet"))
    assert page == folder / "report.html"
    assert page.stat().st_size > 1000
    assert lines[0].split()[:3] == ["metric", "of", "first"]
    page.unlink()
    assert call("report", str(folder))[0] == f"report:  {page}\n"
    assert page.exists()


def test_quiet_prints_the_places_only(here: Path) -> None:
    said, told = call("run", "tiny.yaml", "--quiet", "--out", "elsewhere")
    assert [line.partition(":")[0] for line in said.splitlines()] == ["results", "report"]
    assert "elsewhere" in said
    assert told == ""


def test_compare_writes_differences_and_a_page(here: Path) -> None:
    pytest.importorskip("cocoonsim.comparison_page")
    said, _ = call("compare", "tiny.yaml", "--seeds", "2", "--jobs", "1", "--steps", "2")
    folder, page = (Path(line.partition(": ")[2].strip()) for line in said.splitlines()[-2:])
    assert json.loads((folder / "comparison.json").read_text())["seeds"] == [1, 2]
    assert page.exists()
    assert "95 % interval" in said


@pytest.mark.parametrize(
    ("command", "manifest"), [(("run",), "run.json"), (("compare", "--seeds", "2"), "comparison.json")]
)
def test_a_folder_that_is_not_ours_any_more_is_not_replaced(
    here: Path, command: tuple[str, ...], manifest: str
) -> None:
    words = (*command, "tiny.yaml", "--steps", "1", "--quiet")
    call(*words)
    (written,) = Path("results").rglob(manifest)
    written.rename(written.parent / "notes.txt")
    left = sorted(written.parent.iterdir())
    assert "holds other files, which would be lost" in call(*words, status=2)[1]
    assert sorted(written.parent.iterdir()) == left


def test_compare_without_arms(here: Path) -> None:
    pytest.importorskip("cocoonsim.comparison_page")
    _, told = call("compare", "tiny.yaml", "--set", "compare=null", "--quiet", status=2)
    assert "there is nothing to compare" in told


def test_help_is_quick_and_a_closed_pipe_is_no_mistake() -> None:
    heavy = "polars", "scipy", "pandas", "plotly", "mesa", "networkx", "pydantic", "ruamel"
    code = f"import sys, cocoonsim.cli; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
    pipe = subprocess.run(
        f'"{sys.executable}" -m cocoonsim list --json | head -c 10',
        shell=True,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "Traceback" not in pipe.stderr
