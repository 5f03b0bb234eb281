"""What a run leaves behind: the tables' contract, the event log, and numbers checked by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from cocoonsim import Scenario, play, simulate
from cocoonsim.core.errors import UserError
from cocoonsim.results import Results, run_folder

SMALL: dict[str, Any] = {
    "name": "small",
    "steps": 4,
    "slate": 5,
    "population": {"kind": "uniform", "users": 60},
    "catalogue": {"kind": "topic_mix", "items": 80, "topics": 6},
}


def small(**changes: Any) -> Scenario:
    return Scenario.from_dict(SMALL | changes)


def test_the_metrics_table_has_the_promised_columns_and_types() -> None:
    results = simulate(small(), seeds=[1, 2])
    assert dict(results.metrics.schema) == {
        "seed": pl.Int64, "step": pl.Int64, "metric": pl.String, "stage": pl.String, "group": pl.String,
        "stat": pl.String, "value": pl.Float64, "null_name": pl.String, "null_value": pl.Float64, "excess": pl.Float64,
    }  # fmt: skip
    assert set(results.metrics["seed"]) == {1, 2}
    assert set(results.metrics["step"]) == {0, 1, 2, 3}


def test_engagement_in_the_table_is_the_share_of_places_clicked() -> None:
    scenario = small()
    by_hand = [
        moment.clicks.sum() / moment.seen.sum() for moment in play(scenario, seed=1)
    ]  # equal feeds: mean = share
    rows = simulate(scenario, seeds=[1]).metrics.filter(
        pl.col("metric") == "engagement", pl.col("stat") == "mean", pl.col("group") == "all"
    )
    assert rows["value"].to_list() == pytest.approx(by_hand)


def test_excess_is_value_minus_null_wherever_both_are_defined() -> None:
    rows = simulate(small()).metrics.filter(pl.col("stat") == "value")
    gap = (rows["value"] - rows["null_value"] - rows["excess"]).fill_nan(0).to_numpy()
    assert np.abs(gap).max() < 1e-12


def test_counts_at_the_end_are_those_of_the_feeds() -> None:
    scenario = small()
    clicks = sum(moment.clicks.sum(axis=1) for moment in play(scenario, seed=1))
    users = simulate(scenario, seeds=[1]).users
    assert users["clicks"].to_list() == list(clicks)
    assert set(users["shown"]) == {scenario.steps * scenario.slate}


def test_recording_every_third_step_keeps_the_last_one_too() -> None:
    results = simulate(small(record={"every": 3}, steps=6))
    assert sorted(results.metrics["step"].unique()) == [0, 3, 5]


@pytest.mark.parametrize(("which", "users"), [("all", 60), ("sample 0.5", None)])
def test_the_event_log_holds_every_exposure_of_its_users(which: str, users: int | None, tmp_path: Path) -> None:
    results = simulate(small(record={"events": which}), seeds=[1])
    folder = results.save(tmp_path / "run")
    events = Results.load(folder).events
    assert events is not None
    frame = events.collect()
    assert frame["user"].n_unique() == (users or frame["user"].n_unique())
    assert 15 <= frame["user"].n_unique() <= 60  # half of 60 users by hash: 30, and 15 is four standard errors below
    for moment in play(small(), seed=1):
        rows = frame.filter(pl.col("step") == moment.step)
        assert (rows["items"].to_numpy() == moment.feed[rows["user"].to_numpy()]).all()
        assert (rows["clicked"].to_numpy() == moment.clicks[rows["user"].to_numpy()]).all()


def test_no_events_are_kept_unless_asked_for() -> None:
    assert simulate(small()).events is None


def test_save_and_load_give_the_same_tables_and_the_manifest_tells_the_story(tmp_path: Path) -> None:
    scenario = small()
    results = simulate(scenario, seeds=[3])
    folder = results.save(run_folder(tmp_path, scenario, [3]))
    again = Results.load(folder)
    for name in ("metrics", "users", "opinions", "sample_feeds", "sample_network"):
        assert getattr(again, name).equals(getattr(results, name), null_equal=True), name
    assert again.manifest["scenario_sha256"] == scenario.sha256
    assert again.manifest["stopped"] == {"3": "steps"}
    assert again.digest == results.digest
    assert Scenario.from_dict(again.manifest["scenario"]).steps == 4  # the stored form can be run again


def test_the_same_run_gives_the_same_files(tmp_path: Path) -> None:
    first = simulate(small(), seeds=[1]).save(tmp_path / "a")
    second = simulate(small(), seeds=[1]).save(tmp_path / "b")
    assert (first / "run.json").read_bytes() == (second / "run.json").read_bytes()


def test_saving_again_replaces_the_run_and_leaves_nothing_else(tmp_path: Path) -> None:
    results = simulate(small(), seeds=[1])
    results.save(tmp_path / "run")
    results.save(tmp_path / "run")
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_a_save_that_fails_half_way_leaves_the_earlier_run_untouched(tmp_path: Path) -> None:
    results = simulate(small(), seeds=[1])
    results.save(tmp_path / "run")
    before = (tmp_path / "run" / "run.json").read_bytes()
    results.event_files = [tmp_path / "missing.parquet"]
    with pytest.raises(UserError, match="cannot write results"):
        results.save(tmp_path / "run")
    assert (tmp_path / "run" / "run.json").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_a_folder_that_cannot_be_made_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UserError, match=r"cannot write results to .*Choose another place with --out"):
        simulate(small()).save(tmp_path / "file" / "run")


def test_a_folder_with_other_files_is_not_replaced(tmp_path: Path) -> None:
    mine = tmp_path / "thesis" / "chapter.txt"
    mine.parent.mkdir()
    mine.write_text("five years of work")
    with pytest.raises(UserError, match=r"thesis holds other files, which would be lost \(no run\.json\)"):
        simulate(small()).save(mine.parent)
    with pytest.raises(UserError, match=r"chapter\.txt is a file, not a folder"):
        simulate(small()).save(mine)
    assert mine.read_text() == "five years of work"
    (tmp_path / "empty").mkdir()
    assert (simulate(small()).save(tmp_path / "empty") / "run.json").is_file()


def test_loading_what_is_no_run_says_so(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"holds no run\.json"):
        Results.load(tmp_path)


def test_loading_a_changed_file_says_so(tmp_path: Path) -> None:
    folder = simulate(small()).save(tmp_path / "run")
    (folder / "users.parquet").write_bytes(b"other")
    with pytest.raises(UserError, match=r"users\.parquet is missing or was changed"):
        Results.load(folder)


def test_a_frozen_world_stops_early_and_says_why() -> None:
    results = simulate(small(steps=9, freeze_below=1e-9, influence="none"), seeds=[1])
    assert results.manifest["stopped"] == {"1": "frozen"}
    assert results.manifest["steps_done"] == 1
