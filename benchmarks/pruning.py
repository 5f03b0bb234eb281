"""A full catalogue with most of it skipped, against the scan of all of it: `python -m benchmarks.pruning [USERS]`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

import numpy as np

from benchmarks.runs import TOPICS, model
from benchmarks.timing import SIZES, Section, Size, in_turns
from cocoonsim.assemble import assemble, first_world
from cocoonsim.core.blocks import Blocks, one_blas_thread
from cocoonsim.core.chance import Chance
from cocoonsim.core.pruning import Tiles
from cocoonsim.core.world import PlatformView

serving: Any = import_module("cocoonsim.serve")

ITEMS = 100_000
# from how many users on items are skipped, and how many items for each that is looked for
SKIP, NEVER = (1, 1), (sys.maxsize, 1)
SCANNED = 2_048  # users for whom the whole catalogue is scanned: what that takes does not depend on how many they are
CASES: dict[str, tuple[float, float, float, str]] = {
    "items 0.1, people 0.3": (0.1, 0.3, 0.0, "oracle"),
    "items 0.3, people 0.3": (0.3, 0.3, 0.0, "oracle"),
    "items 0.3, people 1": (0.3, 1.0, 0.0, "oracle"),
    "items 1, people 1": (1.0, 1.0, 0.0, "oracle"),
    "items 0.1, people 0.3, qualities 0.5 to 1": (0.1, 0.3, 0.5, "oracle"),
    "nobody has clicked yet": (0.1, 0.3, 0.0, "content"),
}
"""name: Dirichlet numbers of items and people, spread of qualities, ranking."""


def full_catalogue(size: Size) -> Section:
    """Time and share of items scored; stops if a feed differs."""
    section = Section(
        "pruning", f"All of {size.items(ITEMS):,} items, and skipping those that cannot be among the best",
        f"µs of processor time per user to fill feeds of ten, one thread, {TOPICS} topics; the feeds are compared bit for "
        "bit. Dirichlet numbers: small = one topic, large = all.",
    )  # fmt: skip
    for name, (narrow, tastes, spread, ranking) in CASES.items():
        section.add(**_case(name, narrow, tastes, spread, ranking, size))
    return section


def _case(name: str, narrow: float, tastes: float, spread: float, ranking: str, size: Size) -> dict[str, Any]:
    n = size.users(100_000)
    catalogue = {
        "kind": "topic_mix", "items": size.items(ITEMS), "topics": TOPICS,
        "concentration": narrow, "quality_spread": spread,
    }  # fmt: skip
    people = {"kind": "uniform", "users": n, "concentration": tastes}
    scenario = model(n, 10, catalogue=catalogue, population=people, ranking=ranking)
    parts, chance = assemble(scenario), Chance(1)
    world = first_world(parts, scenario, chance)
    platform = PlatformView.of(world, parts.empty_history(world))
    everybody, blocks = np.arange(n), Blocks(threads=1)
    some = everybody[:: max(1, n // SCANNED)]

    def serve(users: np.ndarray) -> np.ndarray:
        feeds: np.ndarray = serving.serve(parts, parts.ranking, None, world, platform, users, chance.at(0), blocks)
        return feeds

    def pruned() -> np.ndarray:
        with skipping_from(*SKIP):
            return serve(everybody)

    def scanned() -> np.ndarray:
        with skipping_from(*NEVER):
            return serve(some)

    with one_blas_thread():
        times = in_turns({"pruned": pruned, "scanned": scanned}, max(1, size.rounds - 2), warm=0)
        with _counted() as scored:
            feeds = pruned()
        if (feeds[some] != scanned()).any():
            raise AssertionError(f"{name}: pruning changed a feed")
    each, whole = 1e6 * times["pruned"].cpu / n, 1e6 * times["scanned"].cpu / len(some)
    share = 100 * sum(scored) / (n * world.n_items)
    return {"case": name, "users": n, "all_items": whole, "pruned": each, "ratio": whole / each, "scored_%": share}


@contextmanager
def skipping_from(users: int, items: int) -> Iterator[None]:
    """Skip items that cannot be among the best from so many users on, and so many items for each one looked for."""
    before, serving._PRUNE_FROM = serving._PRUNE_FROM, (users, items)
    try:
        yield
    finally:
        serving._PRUNE_FROM = before


@contextmanager
def _counted() -> Iterator[list[int]]:
    """How many scores are worked out, call by call; those of the first look count as well."""
    counts: list[int] = []
    plain = Tiles.scores

    def scores(self: Tiles, units: np.ndarray, tile: int) -> np.ndarray:
        out = plain(self, units, tile)
        counts.append(out.size)
        return out

    Tiles.scores = scores  # type: ignore[method-assign]
    try:
        yield counts
    finally:
        Tiles.scores = plain  # type: ignore[method-assign]


if __name__ == "__main__":
    share = int(sys.argv[1]) / 100_000 if len(sys.argv) > 1 else 1.0
    print(full_catalogue(Size("full", share, SIZES["full"].rounds, 1)).markdown())
