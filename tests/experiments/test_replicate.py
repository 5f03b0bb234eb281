"""Replications from file to verdict, page and exit status; what is measured is what the loop shows."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from cocoonsim import Scenario, play
from cocoonsim.cli import app
from cocoonsim.core.errors import UserError
from cocoonsim.experiments.replicate import Replication, read, replicate, replications

TOY = """title: Two who agree
question: Do they?
steps: 12
slate: 1
stop_absorbed: "=influence.tolerance"
population: {kind: uniform, users: 30}
candidates: none
catalogue: {kind: topic_mix, items: 1, topics: 1}
ranking: shuffled
influence: {kind: pairwise, tolerance: 3.0}
expect:
  seeds: 4
  quick_seeds: 4
  variants:
    narrow: {influence.tolerance: 0.05}
  checks:
    - {claim: The mean stays, of: mean_opinion, at: change, exact: 0, tier: quick}
    - {claim: Tolerance brings people together, of: opinion_variance, order: [narrow, wide], tier: quick}
    - {claim: Spread of the narrow, of: opinion_spread.sd, in: narrow, mean: 0.577, se: 0.01, tolerance: 0.1}
  figures:
    - {of: opinion_variance, kind: time}
    - {of: opinion_spread.sd, at: last}
"""


def toy(folder: Path, more: str = "", name: str = "toy") -> Path:
    file = folder / f"{name}.yaml"
    text = TOY.replace(
        "    narrow: {influence.tolerance: 0.05}\n", "    narrow: {influence.tolerance: 0.05}\n    wide: {}\n"
    )
    file.write_text(text.replace("  figures:", more + "  figures:"), encoding="utf-8")
    return file


def test_what_is_judged_is_what_the_loop_shows(tmp_path):
    (found,) = replicate(read([str(toy(tmp_path))]), "full", jobs=1)
    scenario = Scenario.from_file(toy(tmp_path)).variants()["narrow"]
    by_hand = []
    for seed in range(1, 5):
        *_, last = play(scenario, seed)
        by_hand.append(last.world.users.opinion[:, 0].std())
    spread = found.verdicts[2]
    assert spread.value == pytest.approx(np.mean(by_hand), abs=1e-15)
    assert spread.runs == 4
    assert [verdict.passed for verdict in found.verdicts] == [True, True, True]
    (over_time, points) = found.pictures
    assert [row[0] for row in over_time.rows] == ["narrow", "wide"]
    assert over_time.rows[0][1] == tuple(range(12))
    assert points.rows[0][2] == (spread.value,)
    assert points.references == (("narrow", 0.577, 1.96 * 0.01),)


def test_the_quick_tier_plays_less(tmp_path):
    (found,) = replicate(read([str(toy(tmp_path))]), "quick", jobs=1)
    assert len(found.verdicts) == 2
    assert found.seeds == 4
    assert found.pictures == ()
    (found,) = replicate(read([str(toy(tmp_path))]), "quick", seeds=5, jobs=1)
    assert found.verdicts[0].runs == 5


def test_a_check_may_ask_for_its_own_number_of_seeds(tmp_path):
    more = "    - {claim: Many, of: steps, in: narrow, exact: 12, seeds: 6}\n"
    (found,) = replicate(read([str(toy(tmp_path, more))]), "full", jobs=1)
    assert [verdict.runs for verdict in found.verdicts] == [4, 4, 4, 6]
    (told,) = replicate(read([str(toy(tmp_path, more))]), "full", seeds=2, jobs=1)
    assert [verdict.runs for verdict in told.verdicts] == [2, 2, 2, 2]


def test_facts_of_a_run_and_runs_that_ended_so(tmp_path):
    more = (
        "    - {claim: They agree at last, of: stopped.absorbed, in: wide, exact: 1, share_of_seeds: 0.5}\n"
        "    - {claim: It is as long as it may be, of: steps, in: narrow, given: steps, exact: 12}\n"
        "    - {claim: Nobody parts, of: steps, in: narrow, given: segregated, exact: 12}\n"
    )
    (found,) = replicate(read([str(toy(tmp_path, more))], ["steps=60", "expect.variants.narrow.steps=12"]), jobs=1)
    agreed, length, parted = found.verdicts[3:]
    assert agreed.passed
    assert length.passed
    assert not parted.passed
    assert parted.detail == "no run of narrow stopped as segregated"


def run(*words: str):
    return CliRunner().invoke(app, ["replicate", *words, "--jobs", "1"])


def test_the_command_tells_passes_and_fails(tmp_path):
    good, out = toy(tmp_path), str(tmp_path / "out")
    done = run(str(good), "--out", out)
    assert done.exit_code == 0, done.output
    assert "2 checks of 1 models: 2 pass" in done.output
    failing = "    - {claim: It is longer, of: steps, exact: 13, tier: quick}\n"
    bad = run(str(toy(tmp_path, failing, "bad")), "--out", out)
    assert bad.exit_code == 1
    assert "FAIL" in bad.output
    known = failing.replace("tier", "'known difference': the clock starts at 0, tier")
    told = run(str(toy(tmp_path, known, "known")), "--out", out)
    assert told.exit_code == 0
    assert "1 known difference" in told.output
    assert "the clock starts at 0" in told.output
    page = (tmp_path / "out" / "replications.html").read_text(encoding="utf-8")
    assert "known difference" in page
    assert 'src="http' not in page


def test_numbers_as_json(tmp_path):
    done = run(str(toy(tmp_path)), "--json", "--tier", "full", "--out", str(tmp_path / "out"))
    (told,) = json.loads(done.stdout)
    assert told["name"] == "toy"
    assert [verdict["verdict"] for verdict in told["verdicts"]] == ["pass"] * 3
    written = json.loads((tmp_path / "out" / "replications.json").read_text(encoding="utf-8"))
    assert written["replications"][0]["verdicts"] == told["verdicts"]
    again = Replication.of_numbers(json.loads(done.stdout)[0])
    assert json.loads(json.dumps(again.numbers())) == told


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["deffaunt"], "there is no replication 'deffaunt'; did you mean 'deffuant'?"),
        (["deffuant", "--tier", "fast"], "--tier: there is no tier 'fast'; known: full, quick"),
        (
            ["deffuant", "--set", "influence.tolerence=1"],
            "pairwise has no setting 'tolerence'; did you mean 'tolerance'?",
        ),
        (["nowhere.yaml"], "there is no file 'nowhere.yaml'"),
    ],
)
def test_mistakes_end_with_two(words, message):
    done = run(*words)
    assert done.exit_code == 2
    assert message in done.output


def test_other_files_beside_the_page_stay(tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    (out / "notes.txt").write_text("mine")
    done = run(str(toy(tmp_path)), "--out", str(out))
    assert done.exit_code == 0, done.output
    assert sorted(path.name for path in out.iterdir()) == ["notes.txt", "replications.html", "replications.json"]
    assert (out / "notes.txt").read_text() == "mine"


def test_a_place_that_cannot_be_written_is_told_before_anything_is_played(tmp_path, monkeypatch):
    monkeypatch.setattr("cocoonsim.experiments.replicate.replicate", lambda *_: pytest.fail("it was played"))
    (tmp_path / "file").touch()
    done = run(str(toy(tmp_path)), "--out", str(tmp_path / "file"))
    assert done.exit_code == 2
    assert "cannot write to" in done.output


def test_a_scenario_without_expectations_is_refused(tmp_path):
    (tmp_path / "plain.yaml").write_text("steps: 2\n", encoding="utf-8")
    with pytest.raises(UserError, match=r"plain\.yaml: there is nothing to check: it has no section `expect:`"):
        read([str(tmp_path / "plain.yaml")])


def test_a_variant_that_cannot_run_is_refused_before_anything_runs(tmp_path):
    file = toy(tmp_path, "    - {claim: x, of: tie_disagreement, in: narrow, above: 0}\n")
    with pytest.raises(UserError, match="tie_disagreement needs people who follow people"):
        replicate(read([str(file)]), "full", jobs=1)


def test_those_that_come_along_are_found_by_name():
    assert {"degroot_friedkin", "deffuant", "algorithmic_bias", "baumann"} <= set(replications())
    assert [scenario.name for scenario in read(["deffuant"])] == ["deffuant"]
