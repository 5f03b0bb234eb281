"""`run --checkpoint-every` and `run --resume`: what they say and what they refuse."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cocoonsim import recorder
from cocoonsim.cli import app

SCENARIO = """\
steps: 6
population: {kind: uniform, users: 20}
catalogue: {kind: topic_mix, items: 40}
metrics: [engagement]
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


def interrupt(monkeypatch: pytest.MonkeyPatch, *words: str, at: int = 5) -> str:
    """Press Ctrl-C in the middle of a run; what it says."""
    play = recorder.play

    def broken(*given: Any) -> Any:
        for moment in play(*given):
            if moment.step == at:
                raise KeyboardInterrupt
            yield moment

    with monkeypatch.context() as patch:
        patch.setattr(recorder, "play", broken)
        return call(*words, "--quiet", status=130)[1]


def test_an_interrupted_run_says_how_to_go_on_and_does(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = interrupt(monkeypatch, "run", "tiny.yaml", "--checkpoint-every", "2")
    (unfinished,) = Path("results/tiny").iterdir()
    folder = unfinished.with_suffix("")
    assert told == f"interrupted. Go on with: cocoonsim run --resume {folder}\n"
    said, _ = call("run", "--resume", str(folder))
    assert f"results: {folder}" in said
    assert (folder / "report.html").is_file()
    assert not unfinished.exists()
    call("run", "tiny.yaml", "--out", "other", "--quiet")
    for name in ("run.json", "metrics.parquet", "report.html"):
        assert (folder / name).read_bytes() == (Path("other/tiny") / folder.name / name).read_bytes()
    _, told = call("run", "--resume", str(folder), status=2)
    assert told == f"the run in {folder} is finished: there is nothing to resume. See its report.html\n"


def test_a_run_interrupted_before_its_first_checkpoint_leaves_nothing(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert interrupt(monkeypatch, "run", "tiny.yaml", "--checkpoint-every", "9") == "interrupted: nothing was written\n"
    assert [path.name for path in here.iterdir()] == ["tiny.yaml"]


def test_a_resumed_run_may_be_interrupted_again_and_save_more_often(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    interrupt(monkeypatch, "run", "tiny.yaml", "--checkpoint-every", "2", at=2)
    (unfinished,) = Path("results/tiny").iterdir()
    interrupt(monkeypatch, "run", "--resume", str(unfinished), "--checkpoint-every", "1", at=5)
    names = sorted(path.name for path in (unfinished / "checkpoints").glob("*.npz"))
    assert names == ["seed-1-step-000000004.npz", "seed-1-step-000000005.npz"]
    call("run", "--resume", str(unfinished), "--quiet")


def test_the_same_run_is_not_begun_over_one_that_waits(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    interrupt(monkeypatch, "run", "tiny.yaml", "--checkpoint-every", "2")
    _, told = call("run", "tiny.yaml", "--checkpoint-every", "2", status=2)
    assert "holds a run that was not finished. Go on with: cocoonsim run --resume results/tiny/" in told
    call("run", "tiny.yaml", "--quiet")  # without checkpoints it keeps out of its way


def flip_a_bit(path: Path) -> None:
    whole = bytearray(path.read_bytes())
    whole[len(whole) // 2] ^= 1
    path.write_bytes(whole)


def test_damaged_checkpoints_are_told(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    interrupt(monkeypatch, "run", "tiny.yaml", "--checkpoint-every", "2")
    (unfinished,) = Path("results/tiny").iterdir()
    older, newer = sorted((unfinished / "checkpoints").glob("*.npz"))
    flip_a_bit(newer)
    keep = older.read_bytes()
    flip_a_bit(older)
    _, told = call("run", "--resume", str(unfinished), "--quiet", status=2)
    assert "no checkpoint of seed 1 can be used" in told
    older.write_bytes(keep)
    _, told = call("run", "--resume", str(unfinished), "--quiet")
    assert told == f"{newer} is damaged: its contents are not those of {newer.name}.sha256. An earlier one was used\n"


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        (["run"], "name a scenario file to play, or the folder of a run to go on with: --resume RUN_DIR\n"),
        (["run", "tiny.yaml", "--resume", "x"], "--resume goes on with a run as it was begun: leave out SCENARIO\n"),
        (
            ["run", "--resume", "x", "--seed", "1", "--set", "steps=3", "--out", "y"],
            "--resume goes on with a run as it was begun: leave out --out, --seed, --set\n",
        ),
        (["run", "--resume", "nowhere"], lambda told: "there is no unfinished run nowhere.unfinished" in told),
        (["run", "--resume", "."], lambda told: "there is no unfinished run" in told),
        (["run", "--resume", "/"], lambda told: "there is no unfinished run" in told),
        (["run", "tiny.yaml", "--checkpoint-every", "0"], lambda told: "--checkpoint-every" in told),
        (
            ["run", "tiny.yaml", "--set", "population.users=2000000000"],
            lambda told: told.startswith("--set population.users: this needs about 1.71 TiB of memory"),
        ),
        (
            ["run", "tiny.yaml", "--set", "population.users=20000000000"],
            "--set population.users: 20,000,000,000 users are more than can be told apart: at most 2,147,483,647\n",
        ),
    ],
)
def test_mistakes_are_told_with_status_2(words: list[str], answer: str | Callable[[str], bool], here: Path) -> None:
    _, told = call(*words, status=2)
    told = told.lstrip("\n")  # what is left of the progress bar
    assert told == answer if isinstance(answer, str) else answer(told), told
    assert [path.name for path in here.iterdir()] == ["tiny.yaml"]
