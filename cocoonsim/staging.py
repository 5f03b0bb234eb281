"""Where a run lives until it is finished: a folder beside the final one, with what it takes to go on after a crash.

<folder>.unfinished/start.npz                       which scenario, seeds and versions
<folder>.unfinished/checkpoints/seed-1-step-...     the last two of the seed that is being played
<folder>.unfinished/checkpoints/seed-1-finished     what a finished seed has left
<folder>.unfinished/run/                            what becomes <folder> at the end, with the event log so far
"""

from __future__ import annotations

import contextlib
import dataclasses
import os
import shlex
import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Self

from cocoonsim import state_file
from cocoonsim.core.errors import UserError
from cocoonsim.durable import sync_folder, sync_tree
from cocoonsim.results import check_replaceable, versions
from cocoonsim.scenario import Scenario
from cocoonsim.state_file import DamagedError

if TYPE_CHECKING:
    from types import TracebackType

FORMAT = 3
"""The version of what is written into a checkpoint; one of another version is refused."""
KEPT = 2
"""Checkpoints that are kept: should the last be damaged, there is one before."""
SUFFIX = ".unfinished"


class Staging:
    """The folder of an unfinished run. As a context, it ends in a whole folder of results, or as it was, or to resume.

    `every` = 0: no checkpoints, and nothing is left behind by a run that fails. `notes` tells what had to be passed over.
    """

    def __init__(self, folder: Path, scenario: Scenario, seeds: Sequence[int], every: int) -> None:
        self.folder, self.scenario, self.seeds, self.every = folder, scenario, [int(seed) for seed in seeds], every
        hidden = folder.with_name(f".{folder.name}.{os.getpid()}.part")
        self.path = folder.with_name(folder.name + SUFFIX) if every else hidden
        self.run, self.checkpoints = self.path / "run", self.path / "checkpoints"
        self.notes: list[str] = []
        self._lock: BinaryIO | None = None
        self._made = [place for place in folder.parents if not place.exists()]

    # ------------------------------------------------------------------------------------------------ begin and end
    @classmethod
    def begin(cls, folder: Path, scenario: Scenario, seeds: Sequence[int], every: int = 0) -> Self:
        """Make the folder of a new run. Raises UserError where that is impossible, or a run waits to be resumed."""
        check_replaceable(folder, "run.json")
        self = cls(folder, scenario, seeds, every)
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            self._take()
            if self.kept and self.run.is_dir():  # without it, all was done but to clear up
                self._release()
                raise UserError(
                    f"{self.path} holds a run that was not finished. Go on with: {self.how_to_resume}, "
                    "or delete it to start again"
                )
            for place in (self.run, self.checkpoints):
                shutil.rmtree(place, ignore_errors=True)
                place.mkdir()
            if every:
                state_file.save(self.path / "start.npz", {}, self._about() | {"checkpoint_every": every})
        except OSError as error:
            raise _cannot_write(folder, error) from None
        return self

    @classmethod
    def reopen(cls, folder: Path, every: int | None = None) -> Self:
        """The folder of a run that was not finished; `every` other than before may be wished. Raises UserError."""
        folder = folder if folder.name else folder.resolve()
        folder = folder.parent / (folder.name.removesuffix(SUFFIX) or "run")
        unfinished = folder.with_name(folder.name + SUFFIX)
        if (folder / "run.json").is_file() and not (unfinished / "run").is_dir():
            shutil.rmtree(unfinished, ignore_errors=True)  # killed after all was done
            raise UserError(f"the run in {folder} is finished: there is nothing to resume. See its report.html")
        start = unfinished / "start.npz"
        if not state_file.hash_of(start).is_file() and not any(unfinished.glob("checkpoints/*.sha256")):
            raise UserError(
                f"there is no unfinished run {unfinished}. Runs that can be resumed are begun with --checkpoint-every"
            )
        try:
            about, _ = state_file.load(start)
        except DamagedError as error:
            raise UserError(f"{error}. Delete {unfinished} and start again") from None
        _check_format(about, start)
        scenario = Scenario.from_dict(about["scenario"])
        scenario = dataclasses.replace(scenario, file=about["file"], sets=tuple(about["sets"]))
        self = cls(folder, scenario, about["seeds"], every or about["checkpoint_every"])
        self._check_ours(about, start)
        try:
            self._take()
            for place in (self.run, self.checkpoints):
                place.mkdir(exist_ok=True)
        except OSError as error:
            raise _cannot_write(folder, error) from None
        return self

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        kept = self.kept
        if not kept:
            shutil.rmtree(self.path, ignore_errors=True)
            with contextlib.suppress(OSError):  # those of `out/<scenario>` that were not there, and are empty again
                for place in self._made:
                    place.rmdir()
        self._release()
        if kept and isinstance(error, UserError):
            raise UserError(
                f"{error.message}. What was done so far is kept: {self.how_to_resume}", error.where
            ) from None

    @property
    def how_to_resume(self) -> str:
        """The command that goes on with this run."""
        return shlex.join(["cocoonsim", "run", "--resume", str(self.folder)])

    @property
    def kept(self) -> bool:
        """Whether there is anything to resume from."""
        return self.every > 0 and any(self.checkpoints.glob("*.sha256"))

    def finish(self, write: Callable[[Path], None]) -> Path:
        """Let `write` fill the folder of results, and give it its name: a reader sees it whole or not at all."""
        try:
            write(self.run)
            sync_tree(self.run)
            old = self.path / "old"
            shutil.rmtree(old, ignore_errors=True)
            if self.folder.exists():
                self.folder.rename(old)
            self.run.rename(self.folder)
            sync_folder(self.folder.parent)
        except OSError as error:
            raise _cannot_write(self.folder, error) from None
        shutil.rmtree(self.path, ignore_errors=True)
        return self.folder

    def _take(self) -> None:
        """One process at a time, by a lock that the system takes back when the process dies; its litter is removed."""
        try:
            import fcntl
        except ImportError:  # Windows
            pass
        else:
            self._lock = (self.path / "lock").open("wb")
            try:
                fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                self._release()
                raise UserError(f"{self.path} is being written by another process") from None
        for part in self.path.rglob(".*.part"):
            part.unlink()

    def _release(self) -> None:
        if self._lock is not None:
            self._lock.close()

    # ------------------------------------------------------------------------------------------------ checkpoints
    def save(self, seed: int, step: int, content: Mapping[str, Any]) -> None:
        """Keep how things stand before `step` of a seed. Raises UserError and, for values it cannot write, UnwritableError."""
        self._put(f"seed-{seed}-step-{step:09d}.npz", content, {"seed": seed, "step": step})
        for old in self._steps(seed)[:-KEPT]:
            state_file.remove(old)

    def save_finished(self, seed: int, content: Mapping[str, Any]) -> None:
        """Keep what a seed has left, instead of its checkpoints."""
        self._put(f"seed-{seed}-finished.npz", content, {"seed": seed})
        for old in self._steps(seed):
            state_file.remove(old)

    def finished(self, seed: int) -> dict[str, Any] | None:
        """What `save_finished` was given, if it was."""
        path = self.checkpoints / f"seed-{seed}-finished.npz"
        return self._newest([path] if state_file.hash_of(path).exists() else [], seed, {})

    def latest(self, seed: int, classes: Mapping[str, Any]) -> dict[str, Any] | None:
        """The newest checkpoint of a seed that is whole; None when there is none at all. Raises UserError."""
        return self._newest(self._steps(seed), seed, classes)

    def _steps(self, seed: int) -> list[Path]:
        """The checkpoints of a seed, oldest first; one without a hash was never finished."""
        hashes = sorted(self.checkpoints.glob(f"seed-{seed}-step-*.npz.sha256"))
        return [path.with_name(path.name.removesuffix(".sha256")) for path in hashes]

    def _newest(self, paths: list[Path], seed: int, classes: Mapping[str, Any]) -> dict[str, Any] | None:
        for path in reversed(paths):
            try:
                about, content = state_file.load(path, classes)
            except DamagedError as error:
                self.notes.append(str(error))
                continue
            _check_format(about, path)
            self._check_ours(about, path)
            if about["seed"] != seed:
                raise UserError(f"{path} is a checkpoint of seed {about['seed']}, not {seed}")
            return content
        if paths:
            raise UserError(f"no checkpoint of seed {seed} can be used: {'; '.join(self.notes)}. Start the run again")
        return None

    def _put(self, name: str, content: Mapping[str, Any], about: dict[str, Any]) -> None:
        try:
            state_file.save(self.checkpoints / name, content, self._about() | about)
        except OSError as error:
            raise UserError(f"cannot write a checkpoint to {self.checkpoints}: {error.strerror or error}") from None

    def _about(self) -> dict[str, Any]:
        scenario = self.scenario
        return {
            "format": FORMAT, "scenario": scenario.expand(), "scenario_sha256": scenario.sha256, "file": scenario.file,
            "sets": list(scenario.sets), "seeds": self.seeds, "versions": versions(),
        }  # fmt: skip

    def _check_ours(self, about: Mapping[str, Any], path: Path) -> None:
        """Raises UserError for a checkpoint of another scenario, or one made with other versions."""
        if about["scenario_sha256"] != self.scenario.sha256 or about["seeds"] != self.seeds:
            raise UserError(f"{path} belongs to another scenario, or to other seeds")
        for name, version in versions().items():
            if (before := about["versions"].get(name, "not installed")) != version:
                raise UserError(
                    f"{path} was written with {name} {before}, and here is {version}: the numbers could differ. "
                    f"Install {name} {before}, or start the run again"
                )


def _check_format(about: Mapping[str, Any], path: Path) -> None:
    if about.get("format") != FORMAT:
        raise UserError(f"{path} has format {about.get('format')}; this version of cocoonsim reads format {FORMAT}")


def _cannot_write(folder: Path, error: OSError) -> UserError:
    return UserError(f"cannot write results to {folder}: {error.strerror or error}. Choose another place with --out")
