"""Runs that can be taken one step at a time: the model of the comparisons in various shapes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cocoonsim import Scenario, play
from cocoonsim.core.blocks import Blocks
from cocoonsim.core.moment import Moment
from cocoonsim.notebook import Notebook

TOPICS = 16
POOL = {"kind": "cohort_pool", "size": 500, "cohort": 2048}
SAMPLED = {"kind": "sampled", "size": 200}
MMR = {"kind": "maximal_marginal", "shortlist": 50}


def model(users: int, items: int, **parts: Any) -> Scenario:
    """A ranking by past clicks, a feed of ten, logit choice, tastes that follow the clicks; `parts` change it."""
    return Scenario.from_dict(
        {
            "name": "benchmark", "steps": 1000, "slate": 10, "memory": 10,
            "population": {"kind": "uniform", "users": users},
            "catalogue": {"kind": "topic_mix", "items": items, "topics": TOPICS},
            "ranking": "content", "choice": "logit", "influence": "reinforcement",
        } | parts
    )  # fmt: skip


class Run:
    """A run that waits for `step()`; with `watched`, everything that fits the world is measured and noted."""

    def __init__(self, scenario: Scenario, threads: int = 1, watched: bool = False, seed: int = 1) -> None:
        self.blocks = Blocks(threads=threads)
        self.scenario, self.seed = scenario, seed
        self.users = int(scenario.spec("population")["users"])
        self.book = Notebook(scenario, seed) if watched else None
        self.moments: Iterator[Moment] = play(scenario, seed, self.blocks)

    def step(self) -> Moment:
        """The next step."""
        moment = next(self.moments)
        if self.book:
            self.book.watch(moment)
        return moment

    def close(self) -> None:
        """End its threads."""
        self.moments.close()  # type: ignore[attr-defined]
        self.blocks.close()
