"""A scenario as a Mesa model: for `mesa.batch_run`, `DataCollector`, SolaraViz, and classes that know Mesa.

The same loop and the same numbers as `simulate`; people live in columns, not in objects. Users as agents are views on the
columns: one at a time with `model.person(7)`, or all of them in `model.agents` with `agents=True` in a small world.

This is the only module that imports Mesa; it works with Mesa 3.3 to 3.5.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import mesa
import numpy as np

from cocoonsim.assemble import assemble, fitting_metrics
from cocoonsim.core.chance import Chance
from cocoonsim.core.errors import UserError
from cocoonsim.lessons import scenario_file
from cocoonsim.notebook import Notebook
from cocoonsim.recorder import data_facts
from cocoonsim.results import Results, manifest
from cocoonsim.scenario import Scenario
from cocoonsim.simulate import first_state, play

if TYPE_CHECKING:
    import polars as pl

    from cocoonsim.core.moment import Moment
    from cocoonsim.core.world import World

MOST_AGENTS = 20_000
"""An object for each user costs some 500 bytes and 0.2 microseconds a step; with more, that is all one would wait for."""


class Person:
    """One user of a model: a view on the columns, always as they are now."""

    model: CocoonModel
    user: int
    """Their number, the row in every column of users."""

    @property
    def interests(self) -> np.ndarray:
        """float32 (topics,): how much of each topic they like, summing to 1."""
        return self.model.world.users.interests[self.user]

    @property
    def opinion(self) -> float:
        """Their opinion (first dimension)."""
        return float(self.model.world.users.opinion[self.user, 0])

    @property
    def group(self) -> int:
        """The group they belong to."""
        return int(self.model.world.users.group[self.user])

    @property
    def follows(self) -> list[int]:
        """The numbers of the people they follow."""
        return [int(other) for other in self.model.world.follows.of(self.user)]

    @property
    def feed(self) -> list[int]:
        """The items they were shown in the last step, best place first; empty when they were not online."""
        return self._last("feed")

    @property
    def clicked(self) -> list[int]:
        """The items of that feed that they clicked."""
        return self._last("clicked")

    def _last(self, what: str) -> list[int]:
        moment = self.model.moment
        if moment is None or not (moment.users == self.user).any():
            return []
        row = np.flatnonzero(moment.users == self.user)[-1]
        feed = moment.feed[row]
        kept = moment.clicks[row] if what == "clicked" else feed >= 0
        return [int(item) for item in feed[kept]]


class PersonView(Person):
    """A user to look at, which is no agent of the model."""

    def __init__(self, model: CocoonModel, user: int) -> None:
        self.model, self.user = model, user


class PersonAgent(Person, mesa.Agent):  # type: ignore[misc]
    """A user as an agent of the model. Agents do not act: the model steps everybody at once, in columns."""

    def __init__(self, model: CocoonModel, user: int) -> None:
        super().__init__(model)
        self.user = user


class CocoonModel(mesa.Model):  # type: ignore[misc]
    """A scenario, step by step, as Mesa expects it.

    `scenario` is a file, `lesson:1` to `lesson:7`, a `Scenario`, or nothing (all defaults). Parameters that are not None
    change it; `sets` holds any others, as after `--set` (one such text, or several). `rng` is the seed: a whole number plays
    the same run, to the last bit, as `simulate(scenario, seeds=[rng])`; anything else that Mesa takes (None, a Generator)
    gives the seed `run_seed`. Raises UserError for a scenario that does not fit together.

    `datacollector` holds every metric of the scenario by its name: the mean over users of what they are shown (or, where a
    metric does not speak of that, of its first stage). `metrics` and `results()` hold everything.

    >>> model = CocoonModel(users=50, steps=3, metrics="gini_simpson", rng=1)
    >>> while model.running:
    ...     model.step()
    >>> len(model.datacollector.model_vars["gini_simpson"]), len(model.agents)
    (3, 0)
    >>> len(model.person(7).feed)
    10
    """

    def __init__(
        self,
        scenario: str | Scenario | None = None,
        users: int | None = None,
        steps: int | None = None,
        ranking: str | None = None,
        feed: str | None = None,
        choice: str | None = None,
        influence: str | None = None,
        rewiring: str | None = None,
        metrics: str | None = None,
        sets: str | Sequence[str] = (),
        agents: bool = False,
        rng: int | np.random.Generator | np.random.SeedSequence | None = None,
    ) -> None:
        super().__init__(rng=rng)
        whole = isinstance(rng, int | np.integer) and rng >= 0
        self.run_seed = int(rng) if whole else int(self.rng.integers(2**31))  # type: ignore[arg-type]
        named = {
            "population.users": users, "steps": steps, "ranking": ranking, "feed": feed, "choice": choice,
            "influence": influence, "rewiring": rewiring, "metrics": None if metrics is None else f"[{metrics}]",
        }  # fmt: skip
        changes = [f"{key}={value}" for key, value in named.items() if value is not None]
        changes += [sets] if isinstance(sets, str) else list(sets)
        self.cocoon_scenario = _scenario(scenario, changes)  # Mesa 3.5 has a `scenario` of its own
        parts = assemble(self.cocoon_scenario)
        state = first_state(parts, self.cocoon_scenario, Chance(self.run_seed))
        self.world: World = state.world
        """How things stand now."""
        self.moment: Moment | None = None
        """The last step as it happened; None before the first."""
        self._book = Notebook(self.cocoon_scenario, self.run_seed, parts)
        self._moments = play(self.cocoon_scenario, self.run_seed, start=state)
        names = [metric.name for metric in parts.metrics] or fitting_metrics(self.world)
        reporters = {name: partial(reading, metric=name) for name in names}
        self.datacollector = mesa.DataCollector(model_reporters=reporters)
        self.running = True
        if agents:
            if self.world.n_users > MOST_AGENTS:
                raise UserError(
                    f"agents=True makes an object for each of {self.world.n_users:,} users; it is for small worlds, of at "
                    f"most {MOST_AGENTS:,}. Use agents=False and model.person(number)"
                )
            for user in range(self.world.n_users):
                PersonAgent(self, user)

    def step(self) -> None:
        """Play one step and measure it; after the last, nothing happens any more."""
        if not self.running:
            return
        moment = next(self._moments)
        self.moment, self.world = moment, moment.after
        self._book.watch(moment)
        self.running = not moment.stopped
        self.datacollector.collect(self)

    def person(self, user: int) -> PersonView:
        """A user to look at. Raises UserError when there is none of that number."""
        if not 0 <= user < self.world.n_users:
            raise UserError(f"there is no user {user}; there are 0 to {self.world.n_users - 1}")
        return PersonView(self, user)

    @property
    def metrics(self) -> pl.DataFrame:
        """Everything measured so far, as in `Results.metrics`."""
        return self._book.table("metrics")

    def results(self) -> Results:
        """What `simulate` would have given, once the run has ended. Raises UserError before."""
        if self.running:
            raise UserError("the run has not ended; step the model until model.running is False")
        tables: dict[str, Any] = {name: self._book.table(name) for name in Notebook.TABLES}
        ending = {self.run_seed: self._book.ending()}
        return Results(**tables, manifest=manifest(self.cocoon_scenario, ending, data_facts(self.cocoon_scenario)))


def reading(model: CocoonModel, metric: str) -> float:
    """A metric in the last step, over everybody: of what was shown, or else of its first stage. NaN where undefined."""
    last = model.moment.step if model.moment else -1
    first = float("nan")
    for step, name, stage, group, stat, value, *_ in reversed(model._book.rows):
        if step < last:
            break
        if name == metric and group == "all" and stat in ("mean", "value"):
            if stage == "shown":
                return float(value)
            first = float(value)
    return first


def _scenario(given: str | Scenario | None, changes: list[str]) -> Scenario:
    if isinstance(given, Scenario):
        return given.with_sets(changes) if changes else given
    return Scenario.from_dict({}, changes) if given is None else Scenario.from_file(scenario_file(given), changes)
