"""One of the two runs on the page: it asks `play` for moments and takes notes. No model lives here."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from cocoonsim.app.limits import MOST
from cocoonsim.app.record import Record
from cocoonsim.assemble import assemble, lacks
from cocoonsim.core.blocks import Blocks
from cocoonsim.core.chance import Chance
from cocoonsim.core.component import build, find
from cocoonsim.core.errors import UserError
from cocoonsim.core.moment import Moment, State
from cocoonsim.core.world import World
from cocoonsim.simulate import first_state, learns_at, play

if TYPE_CHECKING:
    from cocoonsim.scenario import Scenario

SCORED = (
    "effective_topics",
    "cross_cutting_share",
    "true_utility",
    "engagement",
    "harmful_share",
    "exposure_parity",
    "item_exposure_gini",
)
"""The metrics of the scoreboard and the pictures; those that make no sense in a world are left out."""
MOST_DRAWN = 300
"""So many people are drawn, and can be followed; more dots than this cannot be told apart, let alone clicked."""
_THE_WORLD = ("population", "catalogue", "network", "publishing", "activity", "influence")


class Panel:
    """A run of a scenario from its beginning, step by step."""

    def __init__(self, scenario: Scenario, title: str = "") -> None:
        """Raises UserError for a scenario that does not fit together."""
        self.scenario, self.title = scenario, title
        self.parts = assemble(scenario)
        start = first_state(self.parts, scenario, Chance(scenario.seed))
        self.start: World = start.world
        if self.start.n_users > MOST["population.users"]:  # only the data knew how many there are
            raise UserError(
                f"this scenario has {self.start.n_users:,} people, too many for a page that moves. Use: cocoonsim run"
            )
        self.drawn = drawn(start.world)
        self.record = Record(start.world.users.opinion[:, 0], self.drawn)
        self.metrics = [build("metrics", {"kind": name}) for name in fitting(start.world)]
        self.moment: Moment | None = None
        self._run: Iterator[Moment] = play(scenario, blocks=Blocks(threads=1), start=start)

    @property
    def step(self) -> int:
        """How many steps have been played."""
        return 0 if self.moment is None else self.moment.step + 1

    @property
    def ended(self) -> str:
        """Why there are no more steps; empty while there are."""
        return "" if self.moment is None else self.moment.stopped

    @property
    def world(self) -> World:
        """How things stand now."""
        return self.start if self.moment is None else self.moment.after

    def advance(self) -> bool:
        """Play one step and note it; False when the run has ended."""
        if self.ended:
            return False
        moment = next(self._run, None)
        if moment is None:
            return False
        self.moment = moment
        metrics: list[Any] = self.metrics
        self.record.note(moment.step, {metric.name: metric.measure(moment) for metric in metrics})
        self.record.note_people(
            moment.step, moment.after.users.opinion[:, 0], moment.after.users.interests, idea_of(moment)
        )
        return True

    def change(self, scenario: Scenario, title: str) -> None:
        """Go on from here under another policy, in the same world. Raises UserError where that cannot be."""
        if self.moment is None or self.moment.state is None:
            raise UserError("nothing has been played yet: start with this change instead")
        changed = [part for part in _THE_WORLD if scenario.spec(part) != self.scenario.spec(part)]
        if changed:
            raise UserError(
                f"{changed[0]} is part of the world and cannot change half-way: start again with this change"
            )
        state, parts = self.moment.state, assemble(scenario)
        first_state(parts, scenario, Chance(scenario.seed))  # whether everything fits this world
        missing = [need for need, kept in (("pairs", state.history.keeps_pairs), ("times", len(state.history.recent_step)))
                   if need in parts.needs and not kept]  # fmt: skip
        if missing or not learns_at(state.step, scenario):
            raise UserError(f"{parts.ranking.name} must have watched from the first step: start again with this change")
        self.close()
        self.scenario, self.parts, self.title = scenario, parts, title
        onward = State(state.step, state.world, state.history, state.unlearnt)
        self._run = play(scenario, blocks=Blocks(threads=1), start=onward)

    def close(self) -> None:
        """Let go of the run."""
        self._run.close()  # type: ignore[attr-defined]


def idea_of(moment: Moment) -> np.ndarray:
    """float32 (n, topics): the shares of topics among the clicks that the platform has on record, zero before the first."""
    clicked = moment.platform.user("clicked_topics")
    total = clicked.sum(axis=1, keepdims=True)
    return clicked / np.where(total > 0, total, 1)


def drawn(world: World) -> np.ndarray:
    """int64: the people who are drawn, the same in both panels, ids in order."""
    n = world.n_users
    if n <= MOST_DRAWN:
        return np.arange(n)
    lots = Chance(0).always.uniform("drawn in class", np.arange(n))[:, 0]
    return np.sort(np.argsort(lots, kind="stable")[:MOST_DRAWN])


def fitting(world: World) -> list[str]:
    """Those of the metrics shown here that make sense in this world."""
    known = find("metrics")
    return [name for name in SCORED if not any(lacks(world, need) for need in known[name].needs)]
