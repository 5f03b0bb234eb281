"""Arms of a comparison on the same worlds and the same draws, and the paired differences between them.

Every arm is played with every seed. Population, catalogue, network and every event-keyed random number are the same in
all arms of a seed, so that a difference between arms is due to what they change. Differences are taken seed by seed.

Also known as: common random numbers, paired simulation experiment, counterfactual arms.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from cocoonsim.assemble import assemble, first_world
from cocoonsim.core.blocks import Blocks
from cocoonsim.core.chance import Chance
from cocoonsim.core.component import allow_plugin, allowed_plugins
from cocoonsim.core.errors import UserError, did_you_mean
from cocoonsim.durable import file_digest
from cocoonsim.experiments.executors import run_all
from cocoonsim.experiments.statistics import paired_difference
from cocoonsim.recorder import simulate
from cocoonsim.results import command, read_manifest, whole_folder, write_json
from cocoonsim.scenario import Scenario

LATE = 0.2
"""Differences are of the mean over this last part of the steps, not of one step's luck."""
_KEYS = ["metric", "stage", "stat", "null_name"]


@dataclass
class Comparison:
    """The outcome of a comparison.

    `metrics`: as `Results.metrics`, with a column `arm`; `differences`: arm, against, metric, stage, stat, null_name,
    quantity (`value` or `excess`), difference, low, high (95 % interval), standardised, n_seeds.
    """

    metrics: pl.DataFrame
    differences: pl.DataFrame
    manifest: dict[str, Any]

    def table(self) -> pl.DataFrame:
        """The differences in value, and in excess over the null where there is one."""
        return self.differences.filter(pl.col("difference").is_not_nan())

    def save(self, folder: Path | str) -> Path:
        """Write the tables and `comparison.json`, whole or not at all, in the place of an earlier comparison."""
        folder = Path(folder)
        with whole_folder(folder, "comparison.json") as staging:
            self.metrics.write_parquet(staging / "metrics.parquet", compression="zstd")
            self.differences.write_parquet(staging / "differences.parquet", compression="zstd")
            self.manifest["outputs"] = {path.name: file_digest(path) for path in sorted(staging.glob("*.parquet"))}
            write_json(staging / "comparison.json", self.manifest)
        return folder

    @classmethod
    def load(cls, folder: Path | str) -> Comparison:
        """Read what `save` wrote. Raises UserError when the folder holds no comparison."""
        folder = Path(folder)
        found = read_manifest(folder, "comparison.json")
        tables = {name: pl.read_parquet(folder / f"{name}.parquet") for name in ("metrics", "differences")}
        return cls(**tables, manifest=found)


@dataclass(frozen=True)
class _Run:
    """One arm with one seed, as it is handed to a process."""

    arm: str
    seed: int
    scenario: dict[str, Any]
    plugins: tuple[str, ...]
    threads: int


def _play(run: _Run) -> tuple[pl.DataFrame, dict[str, Any]]:
    for plugin in run.plugins:
        allow_plugin(plugin)
    results = simulate(Scenario.from_dict(run.scenario), seeds=[run.seed], blocks=Blocks(threads=run.threads))
    frame = results.metrics.select(pl.lit(run.arm).alias("arm"), pl.all())
    return frame, results.manifest


def compare(
    scenario: Scenario,
    seeds: int = 10,
    jobs: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Comparison:
    """Play the arms of a scenario's `compare:` section with `seeds` seeds each and take paired differences.

    The first seed is the scenario's own, the others follow it. `jobs` processes (default: one per core). Raises UserError
    for a scenario without arms.
    """
    arms = scenario.arms()
    if len(arms) < 2:
        raise UserError(
            "there is nothing to compare: add a section `compare:` with at least two `arms:`",
            where=scenario.place("compare"),
        )
    against = scenario.compare.against or next(iter(arms))
    if against not in arms:
        raise UserError(
            f"there is no arm {against!r}; {did_you_mean(against, arms)}", where=scenario.place("compare.against")
        )
    numbers = list(range(scenario.seed, scenario.seed + seeds))
    for arm in arms.values():
        first_world(assemble(arm), arm, Chance(numbers[0]))  # what cannot run is refused before anything runs
    ready = {name: arm.expand() for name, arm in arms.items()}
    threads = 1 if jobs != 1 else 0
    plugins = tuple(allowed_plugins())
    runs = [_Run(name, seed, spec, plugins, threads) for seed in numbers for name, spec in ready.items()]
    answers = run_all(_play, runs, jobs, progress)
    metrics = pl.concat([frame for frame, _ in answers])
    about = dict(answers[0][1])
    overrides = {name: dict(changes) for name, changes in scenario.compare.arms.items()}
    about |= {
        "name": scenario.name,
        "scenario": scenario.expand(),
        "scenario_sha256": scenario.sha256,
        "seeds": numbers,
        "arms": overrides,
        "against": against,
        "command": command("compare", scenario, numbers),
    }
    return Comparison(metrics, differences(metrics, list(arms), against), about)


def differences(metrics: pl.DataFrame, arms: list[str], against: str) -> pl.DataFrame:
    """Paired differences of every arm to `against`, for every metric: means over the last steps, paired by seed."""
    steps = int(metrics["step"].max()) + 1  # type: ignore[arg-type]
    late = (
        metrics.filter(
            pl.col("group") == "all",
            pl.col("stat").is_in(["mean", "value"]),
            pl.col("step") >= steps - max(1, round(LATE * steps)),
        )
        .group_by(["arm", "seed", *_KEYS], maintain_order=True)
        .agg(pl.col("value").fill_nan(None).mean(), pl.col("excess").fill_nan(None).mean())
    )
    rows = []
    for key, part in late.group_by(_KEYS, maintain_order=True):
        for quantity in ("value", "excess"):
            by_arm = {
                arm: part.filter(pl.col("arm") == arm)
                .sort("seed")[quantity]
                .cast(pl.Float64)
                .fill_null(np.nan)
                .to_numpy()
                for arm in arms
            }
            for arm in arms:
                if arm == against or len(by_arm[arm]) != len(by_arm[against]):
                    continue
                found = paired_difference(by_arm[arm], by_arm[against])
                rows.append(
                    {
                        "arm": arm,
                        "against": against,
                        **dict(zip(_KEYS, key, strict=True)),
                        "quantity": quantity,
                        **found,
                    }
                )
    return pl.DataFrame(rows)
