"""Estimates against the arrays that a run really has, and refusals before anything is built."""

from __future__ import annotations

import platform
import time
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest

from cocoonsim import Scenario, play, sizes
from cocoonsim.assemble import assemble
from cocoonsim.core.component import build
from cocoonsim.core.errors import UserError
from cocoonsim.core.world import item_vectors
from cocoonsim.recorder import simulate
from cocoonsim.sizes import check_disk, check_memory, estimate, free_memory, in_words
from cocoonsim.staging import Staging

GIB = 2**30


def scenario(**changes: Any) -> Scenario:
    return Scenario.from_dict({"population": {"kind": "uniform", "users": 5000}, "steps": 3} | changes)


def size_of(one: Scenario) -> sizes.Sizes:
    return estimate(one, assemble(one))


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"memory": 20, "slate": 4, "catalogue": {"kind": "topic_mix", "items": 3000, "topics": 7}},
        {"population": {"kind": "two_camps", "users": 4000, "dimensions": 3}, "network": {"kind": "blocks", "degree": 6}},
        {"population": {"kind": "clustered", "users": 3000}, "network": "small_world", "influence": "reinforcement"},
        {"network": {"kind": "scale_free", "ties": 4}, "catalogue": "partisan_news"},
        {"publishing": {"kind": "releases", "items": 500}, "ranking": "popularity", "memory": 5},
        {"candidates": "unseen", "population": {"kind": "uniform", "users": 500}},
    ],
)  # fmt: skip
def test_the_estimate_is_near_to_what_the_arrays_take(changes: dict[str, Any]) -> None:
    one = scenario(**changes)
    *_, last = play(one, seed=1)
    seen = last.after.users
    parts = {
        "the people": sum(column.nbytes for column in seen.values()),
        "what influence keeps of them": 0,  # none of these rules keeps anything
        "the step before": seen.interests.nbytes + seen.opinion.nbytes,
        "their last items": last.history.recent.nbytes + last.history.recent_clicked.nbytes,
        "their feeds": last.feed.nbytes + last.clicks.nbytes,
        "who follows whom": last.after.follows.targets.nbytes + last.after.follows.starts.nbytes,
        "counts of what they saw": 2 * last.history.shown_topics.nbytes + 2 * last.history.shown.nbytes,
        "the catalogue": sum(column.nbytes for column in last.after.items.values())
        + 2 * item_vectors(last.after.items).rows.nbytes
        + 2 * last.history.item_shown.nbytes,
        "pairs of user and item": sum(matrix.data.nbytes + matrix.indices.nbytes for matrix in last.history._pairs.values()),
    }  # fmt: skip
    told = size_of(one).memory
    assert told.keys() == parts.keys()
    for name, real in parts.items():
        assert told[name] == pytest.approx(real, rel=0.35, abs=3000), name
    assert sum(told.values()) == pytest.approx(sum(parts.values()), rel=0.15)


def test_users_that_only_the_data_know_count_as_nothing() -> None:
    one = scenario()
    unknown = build("population", {"kind": "from_data", "path": "somewhere"})
    parts = replace(assemble(one), population=cast("Any", unknown))
    assert estimate(one, parts).users == 0
    check_memory(one, parts)


@pytest.mark.parametrize("users", [2_000_000_000, 200_000_000_000])
def test_a_world_that_cannot_fit_is_refused_at_once(users: int) -> None:
    one = scenario().with_sets([f"population.users={users}"])
    begun = time.process_time()
    with pytest.raises(UserError) as told:
        next(play(one))
    assert time.process_time() - begun < 1
    assert told.value.where == "--set population.users"
    assert "users are more than can be told apart" in told.value.message or "TiB of memory" in told.value.message


def test_the_refusal_names_what_takes_the_room_and_what_would_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sizes, "free_memory", lambda: 4 * GIB)
    one = scenario(population={"kind": "uniform", "users": 100_000_000})
    with pytest.raises(UserError) as told:
        check_memory(one, assemble(one))
    # a user: 80 + 8 interests and opinion, twice; 29; 160 + 16 counts; 500 last items; 50 feed; 8 follows = 939 bytes
    assert (
        "this needs about 87.5 GiB of memory (their last items 46.6 GiB, " in told.value.message
    )  # 939e8 / 2^30 = 87.45, and the items
    assert "4 GiB are free. Use fewer users (about 4,000,000 fit)" in told.value.message  # 4 x 2^30 / 939 = 4.6 million
    smaller = one.with_sets(["population.users=4_000_000"])
    check_memory(smaller, assemble(smaller))


def test_a_catalogue_that_cannot_fit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sizes, "free_memory", lambda: GIB)
    one = scenario(catalogue={"kind": "topic_mix", "items": 100_000_000})
    with pytest.raises(
        UserError, match=r"the catalogue 27\.9 GiB.*Use fewer items or topics"
    ) as told:  # 300 bytes each
        check_memory(one, assemble(one))
    assert told.value.where.endswith("catalogue.items")


def test_nothing_is_refused_where_the_system_does_not_tell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sizes, "free_memory", lambda: None)
    one = scenario(population={"kind": "uniform", "users": 2_000_000_000})
    check_memory(one, assemble(one))


def test_an_event_log_that_cannot_fit_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = scenario(steps=1000).with_sets(["record.events=all"])
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"free": 2**20}))
    with pytest.raises(
        UserError, match=r"the event log about .* MiB would be written to .*, where 1 MiB are free. Use --ev"
    ):
        check_disk(one, assemble(one), tmp_path / "not" / "yet" / "there")
    with pytest.raises(UserError, match=r"checkpoints about .*no --checkpoint-every"):
        check_disk(scenario(), assemble(scenario()), tmp_path, checkpoints=True)
    check_disk(scenario(), assemble(scenario()), tmp_path)  # neither: nothing of size is written
    with pytest.raises(UserError, match="the event log"), Staging.begin(tmp_path / "out" / "run", one, [1]) as staging:
        simulate(one, [1], staging=staging)
    assert list(tmp_path.iterdir()) == []


def test_the_estimate_of_events_is_near_to_the_files(tmp_path: Path) -> None:
    one = scenario().with_sets(["record.events=all", "metrics=[engagement]"])
    folder = simulate(one).save(tmp_path / "run")
    real = sum(path.stat().st_size for path in (folder / "events").iterdir())
    assert size_of(one).events == pytest.approx(real, rel=0.4)
    half = one.with_sets(["record.events=sample 0.5", "activity=share"])
    assert size_of(half).events == pytest.approx(size_of(one).events / 4, rel=0.01)


def test_checkpoints_are_about_as_large_as_said(tmp_path: Path) -> None:
    one = scenario(metrics=["engagement"])
    staging = Staging.begin(tmp_path / "run", one, [1], 1)

    def stop(done: int, total: int) -> None:
        if done == total:
            raise InterruptedError

    with pytest.raises(InterruptedError), staging:
        simulate(one, [1], progress=stop, staging=staging)
    real = max(path.stat().st_size for path in staging.checkpoints.glob("*step*.npz"))
    assert size_of(one).checkpoint == pytest.approx(real, rel=0.2)


def test_limits_of_a_container_are_kept(tmp_path: Path) -> None:
    group = tmp_path / "groups" / "box" / "job"
    group.mkdir(parents=True)
    about_us = tmp_path / "cgroup"
    about_us.write_text("0::/box/job\n")
    look = lambda: sizes._within_limits(tmp_path / "groups", about_us)  # noqa: E731
    assert look() == []
    for folder, most in ((group, "max"), (group.parent, "1000000")):
        (folder / "memory.max").write_text(most + "\n")
        (folder / "memory.current").write_text("700000\n")
        (folder / "memory.stat").write_text("anon 500000\ninactive_file 200000\n")
    assert look() == [500_000]  # the parent's limit, less what is used and cannot be dropped
    older = tmp_path / "groups" / "memory" / "crate"
    older.mkdir(parents=True)
    about_us.write_text("5:memory:/crate\n4:cpu:/crate\n")
    for name, text in (("limit_in_bytes", "5000"), ("usage_in_bytes", "6000"), ("stat", "total_inactive_file 0\n")):
        (older / f"memory.{name}").write_text(text)
    assert look() == [0]
    assert sizes._within_limits(tmp_path, tmp_path / "no such file") == []


def test_this_machine_has_some_memory() -> None:
    free = free_memory()
    assert free is None or 2**20 < free < 2**60
    assert [in_words(n) for n in (0, 1000, 1023, 1024, 1000 * 2**20)] == [
        "0 bytes",
        "1000 bytes",
        "1023 bytes",
        "1 KiB",
        "1000 MiB",
    ]


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc can be asked")
def test_what_is_free_is_given_back() -> None:
    """Arrays small enough for the C library to keep: freed, they still count as the process's own until given back."""

    def resident() -> int:
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))  # KiB

    arrays = [np.ones(12_000) for _ in range(1_000)]  # 96 MB in pieces of 96 kB
    last = np.ones(12_000)  # above them all: the heap cannot just shrink
    del arrays
    before = resident()
    sizes.give_back()
    assert resident() < before - 50_000
    assert last.all()


@pytest.mark.parametrize("influence", ["memory", "fatigue", "belief_update", "reinforcement"])
def test_what_a_rule_of_influence_keeps_is_in_the_estimate(influence: str) -> None:
    spec = {
        "steps": 1, "population": {"kind": "uniform", "users": 30}, "influence": influence, "slate": 3,
        "catalogue": {"kind": "topic_mix", "items": 40, "topics": 5}, "publishing": "none",
    }  # fmt: skip
    world = next(play(Scenario.from_dict(spec))).world
    rule = assemble(Scenario.from_dict(spec)).influence
    kept = estimate(Scenario.from_dict(spec), assemble(Scenario.from_dict(spec))).memory["what influence keeps of them"]
    assert kept == sum(world.users[name].nbytes for name in rule.state)
