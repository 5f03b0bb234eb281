"""The event log: same files however they came about, little memory, and disks that are full."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from cocoonsim import Scenario, events, play
from cocoonsim.core.errors import UserError
from cocoonsim.events import EventLog
from cocoonsim.recorder import simulate
from cocoonsim.staging import Staging

SMALL = Scenario.from_dict({"name": "run", "steps": 10, "slate": 4, "population": {"kind": "uniform", "users": 90}})
LOGGED = SMALL.with_sets(["record.events=all", "metrics=[engagement]"])


def rows(path: Path) -> int:
    return pl.read_parquet(path).height


def test_files_hold_so_many_rows_and_not_one_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "EVENTS_PER_FILE", 200)
    log = EventLog(1, "all", tmp_path)
    for moment in play(SMALL):
        log.write(moment)
        assert log.rows < 200
    assert [rows(path) for path in log.close()] == [200, 200, 200, 200, 100]


def test_wide_feeds_make_short_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "BYTES_PER_FILE", 50 * (20 + 5 * 4))
    log = EventLog(1, "all", tmp_path)
    for moment in play(SMALL):
        log.write(moment)
        assert log.rows < 50
    assert [rows(path) for path in log.close()] == [50] * 18


def test_a_log_that_was_put_aside_leaves_the_same_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "EVENTS_PER_FILE", 200)
    whole, log = EventLog(1, "all", tmp_path / "whole"), EventLog(1, "all", tmp_path / "cut")
    for moment in play(SMALL):
        whole.write(moment)
        log.write(moment)
        state = log.state()
        if log.folder is not None and log.folder.exists():
            (log.folder / "seed-1-0077.parquet").write_bytes(b"from a later moment, before a crash")
        log = EventLog(1, "all", tmp_path / "cut")
        log.restore(state)
    one, other = whole.close(), log.close()
    assert [path.name for path in one] == [path.name for path in other]
    assert [path.read_bytes() for path in one] == [path.read_bytes() for path in other]
    assert len(list((tmp_path / "cut").iterdir())) == len(other)


def test_a_sample_is_of_users_not_of_rows(tmp_path: Path) -> None:
    log = EventLog(1, "sample 0.3", tmp_path)
    for moment in play(SMALL):
        log.write(moment)
    frame = pl.concat([pl.read_parquet(path) for path in log.close()])
    assert (frame.group_by("user").len()["len"] == 10).all()  # all steps of each
    assert 9 <= frame["user"].n_unique() <= 45  # 90 x 0.3 = 27, four standard errors (4.3) about it


def test_events_are_compressed_with_zstd(tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet", reason="pyarrow is not installed")
    log = EventLog(1, "all", tmp_path)
    for moment in play(SMALL):
        log.write(moment)
    group = parquet.ParquetFile(log.close()[0]).metadata.row_group(0)
    assert {group.column(number).compression for number in range(group.num_columns)} == {"ZSTD"}


# ---------------------------------------------------------------------------------------------------- full disks
def go(folder: Path) -> None:
    """Begin a run with checkpoints, or go on with it, to its end."""
    waits = folder.with_name(f"{folder.name}.unfinished").exists()
    with Staging.reopen(folder) if waits else Staging.begin(folder, LOGGED, [1], 2) as staging:
        results = simulate(LOGGED, [1], staging=staging)
        staging.finish(results.write_into)


@pytest.mark.parametrize("times", [18, 23, 28, 33])
def test_a_full_disk_stops_the_run_and_harms_nothing(
    times: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "EVENTS_PER_FILE", 200)
    sync, left = os.fsync, times

    def full(handle: int) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        sync(handle)

    folder = tmp_path / "run"
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(UserError) as told:
            go(folder)
    assert "No space left on device" in str(told.value)
    assert f"What was done so far is kept: cocoonsim run --resume {folder}" in str(told.value)
    written = list((tmp_path / "run.unfinished" / "run" / "events").iterdir())
    assert written
    assert all(rows(path) in (200, 100) for path in written)  # readable, and no half of one
    go(folder)  # when there is room again
    alone = simulate(LOGGED).save(tmp_path / "alone")
    assert (folder / "run.json").read_bytes() == (alone / "run.json").read_bytes()


def test_without_checkpoints_a_full_disk_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with (
        pytest.raises(UserError, match=r"cannot write the event log to .*: No space left on device. Make room, or use"),
        Staging.begin(tmp_path / "out" / "run", LOGGED, [1]) as staging,
    ):
        simulate(LOGGED, [1], staging=staging)
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 2 MiB, where this process may have one."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(place)]
    try:
        done = subprocess.run(mount, capture_output=True, text=True, check=False)
    except OSError:
        pytest.skip("no mount here")
    if done.returncode:
        pytest.skip("mounting a small disk is not allowed here")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_a_disk_that_is_really_full(tiny_disk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "EVENTS_PER_FILE", 200)
    monkeypatch.setattr("cocoonsim.recorder.check_disk", lambda *_: None)  # it would not have been begun
    folder, filler = tiny_disk / "run", tiny_disk / "of somebody else"
    told = []
    for room in range(40_000, 400_000, 40_000):  # there is a little more of it each time
        filler.unlink(missing_ok=True)
        filler.write_bytes(bytes(max(shutil.disk_usage(tiny_disk).free - room, 0)))
        try:
            go(folder)
        except UserError as error:
            told.append(str(error))
            for path in folder.with_name("run.unfinished").rglob("events/*.parquet"):
                assert rows(path) in (200, 100)
        else:
            break
    assert len(told) > 2
    assert all("No space left on device" in words for words in told)
    alone = simulate(LOGGED).save(tmp_path / "alone")
    assert (folder / "run.json").read_bytes() == (alone / "run.json").read_bytes()


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the superuser may write everywhere")
def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    tmp_path.chmod(0o555)
    with pytest.raises(UserError, match=r"cannot write results to .*: Permission denied. Choose another place"):
        Staging.begin(tmp_path / "run", LOGGED, [1])
    tmp_path.chmod(0o755)


def test_a_place_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UserError, match=r"cannot write results to .*Choose another place with --out"):
        Staging.begin(tmp_path / "file" / "run", LOGGED, [1])
