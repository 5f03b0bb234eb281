"""A run that is interrupted and resumed ends with the same bytes as one that was left alone.

The expected bytes are always those of the uninterrupted run, which knows nothing of checkpoints.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cocoonsim import Scenario, events, play, state_file
from cocoonsim.activity.everyone import Everyone
from cocoonsim.assemble import assemble
from cocoonsim.core.errors import UserError
from cocoonsim.core.moment import State
from cocoonsim.recorder import model_classes, simulate, state_as_plain, state_from
from cocoonsim.simulate import learns_at
from cocoonsim.staging import Staging

PEOPLE = {"kind": "uniform", "users": 120}
MODELS: dict[str, dict[str, Any]] = {
    "content": {},
    "popularity of fresh items": {"ranking": "popularity", "publishing": "releases", "candidates": "recent"},
    "friends in a small world": {"ranking": "social", "network": "small_world", "influence": "reinforcement"},
    "factors learnt now and then": {
        "ranking": "factorisation", "candidates": "unseen", "feed": "softmax", "retrain_every": 5, "control_steps": 2,
        "publishing": "releases", "catalogue": {"kind": "topic_mix", "items": 300},
    },
    "factors, never learnt again": {"ranking": "factorisation", "retrain_every": 100, "control_steps": 3},
    "engagement in camps": {
        "population": {"kind": "two_camps", "users": 120}, "catalogue": "partisan_news", "network": "blocks",
        "ranking": "engagement", "influence": "bounded_confidence", "rewiring": "unfollow_discordant",
    },
    "some users, a short memory": {
        "candidates": {"kind": "sampled", "size": 40}, "activity": "share", "feed": "epsilon_greedy", "memory": 3,
        "choice": "bernoulli", "retrain_every": 2,
    },
    "interventions": {
        "interventions": [{"kind": "diversity_quota", "share": 0.5}, {"kind": "chronological_hours", "every": 3}],
    },
    "shuffled": {"ranking": "shuffled", "candidates": "followed", "network": "erdos_renyi", "catalogue": "partisan_news"},
    "one by one, who post and hold on to what they read": {
        "activity": {"kind": "one_at_a_time", "events": 40}, "influence": "memory", "ranking": "newest",
        "network": "erdos_renyi", "candidates": "followed", "publishing": {"kind": "reposts", "window": 60},
        "choice": {"kind": "confidence_gate", "tolerance": 0.9}, "rewiring": {"kind": "unfollow_discordant", "chance": 0.5},
    },
    "in turns, with beliefs, and estimates that carry on": {
        "activity": "permutation", "influence": "belief_update", "choice": "risk_averse", "ranking": "adaptive_estimate",
        "steps": 4, "control_steps": 2, "population": {"kind": "clustered", "users": 30},
        "catalogue": {"kind": "topic_mix", "items": 60},
    },
    "weighted ties": {
        "network": {"kind": "listed", "ties": [[n, (7 * n + 1) % 120, 0.05 + n % 5 / 20] for n in range(120)], "mutual": True},
        "influence": "degroot", "activity": "individual", "ranking": "social",
    },
}  # fmt: skip


def scenario(**changes: Any) -> Scenario:
    return Scenario.from_dict({"name": "run", "steps": 9, "slate": 4, "population": PEOPLE} | changes)


class StopError(Exception):
    """Something that goes wrong in the middle of a run."""


def play_until(total: int, staging: Staging) -> None:
    """Play in a staging folder and break off after so many steps (of all seeds)."""

    def stop(done: int, _: int) -> None:
        if done == total:
            raise StopError

    with pytest.raises(StopError), staging:
        simulate(staging.scenario, staging.seeds, progress=stop, staging=staging)


def finish(staging: Staging) -> Path:
    with staging:
        results = simulate(staging.scenario, staging.seeds, staging=staging)
        return staging.finish(results.write_into)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def short_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """Event files of 100 rows: some are complete at a checkpoint, and some rows wait."""
    monkeypatch.setattr(events, "EVENTS_PER_FILE", 100)


def a_moment(moment: Any) -> tuple[bytes, ...]:
    follows = moment.after.follows
    columns = [moment.users, moment.feed, moment.clicks, follows.targets, moment.history.shown_topics]
    columns += [] if follows.weights is None else [follows.weights]
    columns += [column for _, column in sorted(moment.after.users.items())]
    return tuple(np.ascontiguousarray(column).tobytes() for column in columns)


# ---------------------------------------------------------------------------------------------------- the loop
@pytest.mark.parametrize("name", MODELS)
def test_a_run_goes_on_from_any_step_as_if_nothing_had_happened(name: str, tmp_path: Path) -> None:
    one = scenario(**MODELS[name])
    alone, saved = [], []
    for moment in play(one, seed=5):
        alone.append(a_moment(moment))
        if moment.stopped:
            break
        anew = learns_at(moment.state.step, one) and not assemble(one).ranking_at(moment.step).carries
        model = None if anew else moment.state.model
        saved.append(tmp_path / f"{moment.step}.npz")
        state_file.save(saved[-1], state_as_plain(moment.state, model), {})
    classes = model_classes(assemble(one))
    for path in saved[1::2]:
        start = state_from(state_file.load(path, classes)[1])
        rest = [a_moment(moment) for moment in play(one, seed=5, start=start)]
        assert rest == alone[start.step :]


def test_a_run_goes_on_when_people_come_in_several_batches(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def batches(self: Everyone, world: Any, dice: Any) -> Iterator[np.ndarray]:
        yield from np.array_split(np.arange(world.n_users), 3)

    monkeypatch.setattr(Everyone, "batches", batches)
    one = scenario(steps=6)
    alone = [a_moment(moment) for moment in play(one)]
    path = tmp_path / "state.npz"
    for moment in play(one):
        if moment.step == 2:
            state_file.save(path, state_as_plain(moment.state, None), {})
            break
    assert [a_moment(moment) for moment in play(one, start=state_from(state_file.load(path)[1]))] == alone[3:]


# ---------------------------------------------------------------------------------------------------- whole runs
@pytest.mark.usefixtures("short_files")
@pytest.mark.parametrize("every", [1, 4])
@pytest.mark.parametrize("stop", [1, 5, 9])
def test_files_of_a_resumed_run_are_those_of_an_uninterrupted_one(stop: int, every: int, tmp_path: Path) -> None:
    one = scenario(
        steps=7, population={"kind": "uniform", "users": 40}, retrain_every=3, ranking="factorisation",
        record={"events": "sample 0.7", "every": 2}, metrics=["engagement", "opinion_variance"],
    )  # fmt: skip
    alone = finish(Staging.begin(tmp_path / "alone", one, [1, 2]))
    folder = tmp_path / "run"
    play_until(stop, Staging.begin(folder, one, [1, 2], every))
    assert not folder.exists()
    if stop > every:
        finish(Staging.reopen(folder))
    else:  # there was nothing to keep
        assert list(tmp_path.iterdir()) == [alone]
        finish(Staging.begin(folder, one, [1, 2], every))
    assert contents(folder) == contents(alone)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["alone", "run"]
    assert len(list((folder / "events").iterdir())) >= 4


def test_what_is_measured_by_default_is_what_made_sense_at_the_beginning(tmp_path: Path) -> None:
    one = scenario(**MODELS["engagement in camps"], steps=4)
    play_until(3, Staging.begin(tmp_path / "run", one, [1], 2))
    finish(Staging.reopen(tmp_path / "run"))
    alone = simulate(one, [1]).save(tmp_path / "alone")
    assert contents(tmp_path / "run") == contents(alone)


def test_a_model_that_cannot_be_written_puts_the_checkpoint_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cocoonsim.ranking.content import Content

    monkeypatch.setattr(
        Content, "learn", lambda self, platform, dice: lambda: platform.step
    )  # a function is no plain value
    one = scenario(retrain_every=4, metrics=["engagement"])
    play_until(7, Staging.begin(tmp_path / "run", one, [1], 3))
    names = sorted(path.name for path in (tmp_path / "run.unfinished" / "checkpoints").glob("*.npz"))
    assert names == ["seed-1-step-000000004.npz"]  # due at 3, written when the platform was about to learn anew
    finish(Staging.reopen(tmp_path / "run"))
    assert contents(tmp_path / "run") == contents(simulate(one, [1]).save(tmp_path / "alone"))


# ---------------------------------------------------------------------------------------------------- bad input
@pytest.fixture
def stopped(tmp_path: Path) -> Path:
    """The folder of a run that has two checkpoints, of steps 4 and 6."""
    folder = tmp_path / "run"
    play_until(7, Staging.begin(folder, scenario(metrics=["engagement"]), [1], 2))
    return folder


def checkpoints(folder: Path) -> list[Path]:
    return sorted((folder.with_name("run.unfinished") / "checkpoints").glob("*.npz"))


def flip_a_bit(path: Path) -> None:
    whole = bytearray(path.read_bytes())
    whole[len(whole) // 2] ^= 1
    path.write_bytes(whole)


def test_the_last_two_checkpoints_are_kept(stopped: Path) -> None:
    assert [path.name for path in checkpoints(stopped)] == ["seed-1-step-000000004.npz", "seed-1-step-000000006.npz"]


@pytest.mark.parametrize("harm", [flip_a_bit, Path.unlink, lambda path: path.write_bytes(path.read_bytes()[:1000])])
def test_a_damaged_checkpoint_is_passed_over(stopped: Path, harm: Any, tmp_path: Path) -> None:
    harm(checkpoints(stopped)[-1])
    staging = Staging.reopen(stopped)
    finish(staging)
    assert len(staging.notes) == 1
    assert "seed-1-step-000000006.npz" in staging.notes[0]
    alone = simulate(scenario(metrics=["engagement"]), [1]).save(tmp_path / "alone")
    assert contents(stopped) == contents(alone)


def test_two_damaged_checkpoints_are_a_clear_error(stopped: Path) -> None:
    for path in checkpoints(stopped):
        flip_a_bit(path)
    with pytest.raises(UserError, match=r"no checkpoint of seed 1 can be used: .*is damaged.*Start the run again"):
        finish(Staging.reopen(stopped))


def test_a_checkpoint_that_was_not_finished_does_not_count(stopped: Path) -> None:
    state_file.hash_of(checkpoints(stopped)[-1]).unlink()
    (stopped.with_name("run.unfinished") / "checkpoints" / ".seed-1-step-000000008.npz.77.part").write_bytes(b"half")
    staging = Staging.reopen(stopped)
    finish(staging)
    assert staging.notes == []


def test_a_checkpoint_of_another_scenario_is_refused(stopped: Path, tmp_path: Path) -> None:
    other = tmp_path / "other" / "run"
    play_until(7, Staging.begin(other, scenario(metrics=["engagement"], memory=7), [1], 2))
    shutil.copytree(checkpoints(other)[0].parent, checkpoints(stopped)[0].parent, dirs_exist_ok=True)
    with pytest.raises(UserError, match="belongs to another scenario"):
        finish(Staging.reopen(stopped))


def rewrite(path: Path, **changes: Any) -> None:
    about, content = state_file.load(path)
    state_file.save(path, content, about | changes)


def test_a_checkpoint_of_another_format_is_refused(stopped: Path) -> None:
    rewrite(checkpoints(stopped)[-1], format=99)
    with pytest.raises(UserError, match=r"has format 99; this version of cocoonsim reads format 3"):
        finish(Staging.reopen(stopped))


def test_a_run_begun_with_other_versions_is_refused(stopped: Path) -> None:
    start = stopped.with_name("run.unfinished") / "start.npz"
    about, _ = state_file.load(start)
    rewrite(start, versions=about["versions"] | {"numpy": "1.0"})
    with pytest.raises(UserError, match=r"was written with numpy 1\.0, and here is .* the numbers could differ"):
        Staging.reopen(stopped)


def test_a_file_that_is_no_checkpoint_is_refused(stopped: Path) -> None:
    path = checkpoints(stopped)[-1]
    with path.open("wb") as file:
        np.savez(file, something=np.arange(3))
    state_file.hash_of(path).write_text(f"{state_file.file_digest(path)}  {path.name}\n")
    with pytest.raises(UserError, match="was not written by this version of cocoonsim"):
        finish(Staging.reopen(stopped))


def test_an_event_file_that_was_changed_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "EVENTS_PER_FILE", 100)
    play_until(7, Staging.begin(tmp_path / "run", scenario(record={"events": "all"}), [1], 2))
    flip_a_bit(tmp_path / "run.unfinished" / "run" / "events" / "seed-1-0000.parquet")
    with pytest.raises(UserError, match=r"seed-1-0000\.parquet is missing or was changed"):
        finish(Staging.reopen(tmp_path / "run"))


def test_a_second_process_is_kept_out(stopped: Path) -> None:
    pytest.importorskip("fcntl", reason="no locks of this kind on Windows")
    with Staging.reopen(stopped), pytest.raises(UserError, match="is being written by another process"):
        Staging.reopen(stopped)


def test_a_run_that_waits_is_not_overwritten(stopped: Path) -> None:
    with pytest.raises(
        UserError, match=r"holds a run that was not finished. Go on with: cocoonsim run --resume .*run, or"
    ):
        Staging.begin(stopped, scenario(metrics=["engagement"]), [1], 2)
    Staging.reopen(stopped).__exit__(None, None, None)  # and the lock was given back


def test_there_is_nothing_to_resume(stopped: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"there is no unfinished run .*--checkpoint-every"):
        Staging.reopen(tmp_path / "nowhere")
    finish(Staging.reopen(stopped.with_name("run.unfinished")))  # either name will do
    with pytest.raises(UserError, match=r"is finished: there is nothing to resume"):
        Staging.reopen(stopped)


def test_a_run_killed_while_it_was_being_begun_was_not(stopped: Path) -> None:
    start = stopped.with_name("run.unfinished") / "start.npz"
    state_file.hash_of(start).unlink()
    with pytest.raises(UserError, match=r"start\.npz cannot be read: .* start again"):  # but there are checkpoints
        Staging.reopen(stopped)
    shutil.rmtree(start.parent / "checkpoints")
    with pytest.raises(UserError, match="there is no unfinished run"):
        Staging.reopen(stopped)
    finish(Staging.begin(stopped, scenario(metrics=["engagement"]), [1], 2))


def test_a_run_killed_while_it_was_being_named_is_seen_as_finished(stopped: Path) -> None:
    keep = stopped.with_name("kept")
    shutil.copytree(stopped.with_name("run.unfinished"), keep)
    finish(Staging.reopen(stopped))
    shutil.rmtree(keep / "run")
    keep.rename(stopped.with_name("run.unfinished"))  # all was done but the last removal
    shutil.copytree(stopped.with_name("run.unfinished"), keep)
    with pytest.raises(UserError, match="is finished"):
        Staging.reopen(stopped)
    assert not stopped.with_name("run.unfinished").exists()
    keep.rename(stopped.with_name("run.unfinished"))
    finish(Staging.begin(stopped, scenario(metrics=["engagement"]), [1], 2))  # and it is not in the way of a new one


def test_a_state_is_all_that_is_carried_from_step_to_step() -> None:
    moment = next(play(scenario()))
    assert isinstance(moment.state, State)
    assert set(state_as_plain(moment.state, None)["history"]) == set(vars(moment.history))
