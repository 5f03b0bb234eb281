"""What a run leaves behind: tidy tables, the scenario that made them, and hashes. Written whole or not at all."""

from __future__ import annotations

import contextlib
import hashlib
import importlib.metadata
import json
import os
import platform
import shlex
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from cocoonsim.core.component import find
from cocoonsim.core.errors import UserError
from cocoonsim.durable import file_digest

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from cocoonsim.scenario import Scenario

FORMAT = 1
"""The version of the layout of a run's folder."""
TABLES = ("metrics", "users", "opinions", "sample_feeds", "sample_network")
_PACKAGES = ("cocoonsim", "numpy", "scipy", "polars", "networkx", "pydantic")


@dataclass
class Results:
    """The numbers of one scenario, for one or more seeds.

    `metrics`: seed, step, metric, stage, group, stat, value, null_name, null_value, excess (a row per number);
    `users`: the people at the end; `opinions`: histograms of opinion by step; `sample_feeds`: a few people's feeds;
    `sample_network`: ties to draw; `manifest`: what `run.json` holds.
    """

    metrics: pl.DataFrame
    users: pl.DataFrame
    opinions: pl.DataFrame
    sample_feeds: pl.DataFrame
    sample_network: pl.DataFrame
    manifest: dict[str, Any]
    event_files: list[Path] = field(default_factory=list)

    @property
    def events(self) -> pl.LazyFrame | None:
        """Every recorded exposure (seed, step, user, items, clicked), or None when none were recorded."""
        return pl.scan_parquet(self.event_files) if self.event_files else None

    @cached_property
    def digest(self) -> str:
        """SHA-256 over the bits of every number in `metrics`: equal digests mean equal results."""
        return frame_digest(self.metrics)

    def summary(self) -> pl.DataFrame:
        """A row per metric, stage and null model: first and last step, means over seeds.

        Columns: metric, stage, null_name, first, last, null_last, excess_last, undefined, unit.
        """
        keys = ["metric", "stage", "null_name"]
        main = self.metrics.filter(pl.col("group") == "all", pl.col("stat").is_in(["mean", "value"]))
        steps = main["step"]

        def at(step: Any, **named: str) -> pl.DataFrame:
            chosen = main.filter(pl.col("step") == step)
            means = [pl.col(column).fill_nan(None).mean().alias(name) for name, column in named.items()]
            return chosen.group_by(keys, maintain_order=True).agg(means)

        undefined = (
            self.metrics.filter(pl.col("group") == "all", pl.col("stat") == "n_nan", pl.col("step") == steps.max())
            .group_by(keys)
            .agg(pl.col("value").mean().alias("undefined"))
        )
        first = at(steps.min(), first="value")
        last = at(steps.max(), last="value", null_last="null_value", excess_last="excess")
        known = find("metrics")
        units = {name: known[name].unit for name in main["metric"].unique() if name in known}  # type: ignore[attr-defined]
        return (
            first.join(last, on=keys, how="left", maintain_order="left")
            .join(undefined, on=keys, how="left", maintain_order="left")
            .with_columns(pl.col("metric").replace_strict(units, default="").alias("unit"))
        )

    def figure(self, name: str) -> go.Figure:
        """One of the figures of the report by name. Raises UserError for an unknown name."""
        from cocoonsim.figures import figure

        return figure(name, self)

    def save(self, folder: Path | str) -> Path:
        """Write everything to `folder`, replacing an earlier run there; never leaves half of it behind.

        Raises UserError where it cannot be written, or the folder holds anything but a run.
        """
        folder = Path(folder)
        with whole_folder(folder, "run.json") as staging:
            self.write_into(staging)
        for path in self.event_files:
            if path.parent != folder / "events":
                path.unlink(missing_ok=True)
                with contextlib.suppress(OSError):
                    path.parent.rmdir()
        self.event_files = sorted((folder / "events").glob("*.parquet"))
        return folder

    def write_into(self, folder: Path) -> None:
        """Write everything to a folder that nobody reads yet; events that lie there already stay. Raises OSError."""
        for name in TABLES:
            getattr(self, name).write_parquet(folder / f"{name}.parquet", compression="zstd")
        for path in self.event_files:
            if path.parent != folder / "events":
                (folder / "events").mkdir(exist_ok=True)
                shutil.copy2(path, folder / "events" / path.name)
        self.manifest["outputs"] = {
            path.relative_to(folder).as_posix(): file_digest(path) for path in sorted(folder.rglob("*.parquet"))
        }
        self.manifest["metrics_digest"] = self.digest
        write_json(folder / "run.json", self.manifest)

    @classmethod
    def load(cls, folder: Path | str) -> Results:
        """Read what `save` wrote. Raises UserError when the folder holds no run, or a file was changed since."""
        folder = Path(folder)
        found = read_manifest(folder, "run.json")
        for name, digest in found["outputs"].items():
            if not (folder / name).is_file() or file_digest(folder / name) != digest:
                raise UserError(f"{folder / name} is missing or was changed since the run was written. Run it again")
        tables = {name: pl.read_parquet(folder / f"{name}.parquet") for name in TABLES}
        return cls(**tables, manifest=found, event_files=sorted((folder / "events").glob("*.parquet")))


def manifest(scenario: Scenario, endings: Mapping[int, Mapping[str, Any]], facts: Mapping[str, Any]) -> dict[str, Any]:
    """What `run.json` says: which scenario, which seeds, which versions, why each ended (see `Notebook.ending`)."""
    seeds = [int(seed) for seed in endings]
    last = endings[seeds[-1]]
    return {
        "format": FORMAT,
        "name": scenario.name,
        "title": scenario.title,
        "question": scenario.question,
        "source": scenario.source,
        "scenario": scenario.expand() | {"metrics": last["metrics"]},
        "scenario_sha256": scenario.sha256,
        "seeds": seeds,
        "stopped": {str(seed): ending["stopped"] for seed, ending in endings.items()},
        "steps_done": last["steps_done"],
        "n_users": last["n_users"],
        "n_items": last["n_items"],
        "topic_names": last["topic_names"],
        "data_facts": {stage: dict(found) for stage, found in facts.items()},
        "versions": versions(),
        "platform": f"{platform.system()} {platform.machine()}",
        "command": command("run", scenario, seeds),
    }


def versions() -> dict[str, str]:
    """Python and the packages on which numbers may depend."""
    return {"python": platform.python_version(), **{name: _version(name) for name in _PACKAGES}}


def command(verb: str, scenario: Scenario, seeds: Sequence[int]) -> str:
    """The command line that plays this scenario again with these seeds."""
    words = ["cocoonsim", verb, scenario.file or scenario.name]
    words += [word for override in scenario.sets for word in ("--set", override)]
    words += ["--seed", str(seeds[0])] + (["--seeds", str(len(seeds))] if len(seeds) > 1 else [])
    return shlex.join(words)


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "not installed"


def run_folder(out: Path | str, scenario: Scenario, seeds: Sequence[int]) -> Path:
    """Where a run's results go: `out/<scenario>/<hash of the scenario>-seed-<seeds>`. The same run, the same place."""
    span = f"{seeds[0]}" if len(seeds) == 1 else f"{seeds[0]}-to-{seeds[-1]}"
    return Path(out) / scenario.name / f"{scenario.sha256[:10]}-seed-{span}"


def check_replaceable(folder: Path, manifest: str) -> None:
    """Raise UserError for a place where something else lies than what `manifest` says is ours: it would be lost."""
    if folder.is_dir():
        if (folder / manifest).is_file() or not any(folder.iterdir()):
            return
        raise UserError(
            f"{folder} holds other files, which would be lost (no {manifest}). Choose another place with --out"
        )
    if folder.exists():
        raise UserError(f"{folder} is a file, not a folder. Choose another place with --out")


@contextlib.contextmanager
def whole_folder(folder: Path, manifest: str) -> Iterator[Path]:
    """A staging folder that becomes `folder` at the end, or vanishes when anything goes wrong on the way.

    What lay there before is replaced if it was ours: if it holds a file of the name `manifest`.
    """
    check_replaceable(folder, manifest)
    staging = folder.parent / f".{folder.name}.{os.getpid()}.part"
    try:
        shutil.rmtree(staging, ignore_errors=True)
        staging.mkdir(parents=True)
        yield staging
        old = folder.parent / f".{folder.name}.{os.getpid()}.old"
        if folder.exists():
            folder.rename(old)
        staging.rename(folder)
        shutil.rmtree(old, ignore_errors=True)
    except OSError as error:
        raise UserError(
            f"cannot write results to {folder}: {error.strerror or error}. Choose another place with --out"
        ) from None
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def make_folder(folder: Path) -> None:
    """Make a folder to write into, unless it is there. Raises UserError when it cannot be made."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(
            f"cannot write to {folder}: {error.strerror or error}. Choose another place with --out"
        ) from None


def write_whole(path: Path, text: str) -> Path:
    """Write a text file whole or not at all."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.write_text(text, encoding="utf-8")
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise UserError(f"cannot write {path}: {error.strerror or error}") from None
    return path


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """Write JSON for people to read."""
    write_whole(path, json.dumps(content, indent=2, ensure_ascii=False) + "\n")


def read_manifest(folder: Path, name: str) -> dict[str, Any]:
    """Read `run.json` or `comparison.json`. Raises UserError when it is not there or not ours."""
    try:
        found = json.loads((folder / name).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UserError(f"{folder} holds no {name}: name the folder that a run has written") from None
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise UserError(f"{folder / name} cannot be read: {error}") from None
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise UserError(f"{folder / name} is of another version of cocoonsim (format {FORMAT} is expected)")
    return found


def frame_digest(frame: pl.DataFrame) -> str:
    """SHA-256 of a table's contents, bit by bit, whatever file they lie in."""
    digest = hashlib.sha256()
    for name in frame.columns:
        column = frame[name]
        digest.update(name.encode())
        if column.dtype == pl.String:
            digest.update("\0".join(column.fill_null("").to_list()).encode())
        else:
            digest.update(column.to_numpy().tobytes())
    return digest.hexdigest()
