"""From a scenario to the parts of a step and the first world. Whatever does not fit together is refused here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import CodeType, FunctionType
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from cocoonsim.core.chance import Chance, Dice
from cocoonsim.core.component import STAGES, Component, build, find
from cocoonsim.core.errors import UserError
from cocoonsim.core.history import History
from cocoonsim.core.world import Columns, World

if TYPE_CHECKING:
    from cocoonsim.activity import Activity
    from cocoonsim.candidates import Candidates
    from cocoonsim.catalogue import Catalogue
    from cocoonsim.choice import Choice
    from cocoonsim.feed import Feed
    from cocoonsim.influence import Influence
    from cocoonsim.interventions import Intervention
    from cocoonsim.metrics import Metric
    from cocoonsim.network import Network
    from cocoonsim.population import Population
    from cocoonsim.publishing import Publishing
    from cocoonsim.ranking import Ranking
    from cocoonsim.rewiring import Rewiring
    from cocoonsim.scenario import Scenario


@dataclass(frozen=True)
class Parts:
    """One component per stage, and the few numbers a step needs."""

    population: Population
    catalogue: Catalogue
    network: Network
    publishing: Publishing
    activity: Activity
    candidates: Candidates
    ranking: Ranking
    feed: Feed
    choice: Choice
    influence: Influence
    rewiring: Rewiring
    interventions: tuple[Intervention, ...]
    metrics: tuple[Metric, ...]
    control: Ranking
    slate: int
    memory: int
    control_steps: int
    liking: str

    def all(self) -> list[tuple[str, Component]]:
        """(place in the scenario, component) for every part."""
        single = [(stage, getattr(self, stage)) for stage in STAGES if stage not in ("interventions", "metrics")]
        many = [
            (f"{stage}.{i}", part)
            for stage in ("interventions", "metrics")
            for i, part in enumerate(getattr(self, stage))
        ]
        whole = [*single, ("control", self.control), *many]
        return [found for where, part in whole for found in ((where, part), *_inside(where, part))]

    @property
    def time(self) -> tuple[float, str]:
        """How long a step is, and how rates of change are followed through it."""
        return self.activity.dt, self.activity.integrator

    def ranking_at(self, step: int) -> Ranking:
        """The policy in force: the control policy while the control period lasts."""
        return self.control if step < self.control_steps else self.ranking

    @property
    def needs(self) -> frozenset[str]:
        """What any of the parts needs."""
        return frozenset[str]().union(*(part.needs for _, part in self.all()))

    def first_world(self, chance: Chance) -> World:
        """Users, catalogue, and who follows whom."""
        items = self.catalogue.build(chance)
        n_topics = items.topics.shape[1]
        users = self.population.people(n_topics, chance)
        follows = self.network.build(users, chance)
        world = World(0, users, items, follows, self.catalogue.topic_names(n_topics), self.liking)
        return self.influence.ready(world, chance.always)

    def empty_history(self, world: World) -> History:
        """A history in which nothing has happened yet."""
        size = (world.n_users, world.n_topics, world.n_items, self.memory)
        return History(*size, pairs="pairs" in self.needs, times="times" in self.needs)

    def maker(self, dice: Dice) -> Callable[[int], Columns]:
        """`make(n)`: new items from the catalogue, drawn for this step."""
        chance = Chance(dice.seed)
        return lambda n: self.catalogue.make(n, chance.generator("catalogue", dice.step))


def _inside(where: str, part: Component) -> list[tuple[str, Component]]:
    """The components among a component's settings."""
    return [(f"{where}.{at}", inner) for at, inner in part.inside()]


def assemble(scenario: Scenario) -> Parts:
    """Build every part. Raises UserError with file and line for settings that contradict each other."""
    stages = [stage for stage in STAGES if stage not in ("interventions", "metrics")]
    single: dict[str, Any] = {stage: build(stage, scenario.spec(stage)) for stage in stages}
    parts = Parts(
        **single,
        interventions=cast("Any", tuple(build("interventions", spec) for spec in scenario.specs("interventions"))),
        metrics=cast("Any", tuple(build("metrics", spec) for spec in scenario.specs("metrics"))),
        control=cast("Any", build("ranking", scenario.spec("control"))),
        slate=scenario.slate,
        memory=scenario.memory,
        control_steps=scenario.control_steps,
        liking=scenario.liking,
    )
    for where, part in parts.all():
        for name, message in part.problems():
            raise UserError(message, where=scenario.place(f"{where}.{name}"))
        if part.stage == "ranking" and not getattr(part, "sees_minds", False) and _looks_into_minds(type(part)):
            raise UserError(
                f"{part.name} looks into minds (view.minds), but does not say so. "
                f"Write sees_minds = True in the class {type(part).__name__}, or let it do with what the platform knows",
                where=scenario.place(where),
            )
    if parts.activity.name == "continuous" and not parts.influence.has_slope:
        raise UserError(
            f"{parts.influence.name} says how far people go in a step, not how fast they change, so time cannot flow. "
            "Use activity: everyone, or an influence with a rate, such as radicalisation or degroot",
            where=scenario.place("activity"),
        )
    if parts.publishing.makes_items and not parts.catalogue.endless:
        raise UserError(
            f"{parts.publishing.name} publishes new items, but the catalogue {parts.catalogue.name} has only its own. "
            "Use publishing: none",
            where=scenario.place("publishing"),
        )
    if _publishes(parts) and parts.influence.no_new_items:
        raise UserError(
            f"{parts.publishing.name} adds items, but {parts.influence.name} {parts.influence.no_new_items}. "
            "Use publishing: none",
            where=scenario.place("publishing"),
        )
    return parts


def _looks_into_minds(cls: type) -> bool:
    """Whether a ranking's own methods ask a view for minds, in functions inside them as well."""

    def names(code: CodeType) -> set[str]:
        inner = [part for part in code.co_consts if isinstance(part, CodeType)]
        return set(code.co_names).union(*(names(part) for part in inner))

    own = [member for base in cls.__mro__ if base.__module__ != "cocoonsim.ranking" for member in vars(base).values()]
    codes = [member.__code__ for member in own if isinstance(member, FunctionType)]
    return any({"minds", "_world"} & names(code) for code in codes)


def first_world(parts: Parts, scenario: Scenario, chance: Chance) -> World:
    """The first world, checked against every part. Raises UserError with file and line."""
    try:
        world = parts.first_world(chance)
    except UserError as error:  # a component knows its stage, the scenario knows the line
        stage = error.where.partition(".")[0]
        if stage not in STAGES:
            raise
        raise UserError(error.message, scenario.place(stage)) from None
    users = world.users
    if not np.allclose(users.interests.sum(axis=1), 1.0, atol=1e-4) or users.interests.shape[1] != world.n_topics:
        raise UserError(
            f"users need interests over the catalogue's {world.n_topics} topics that sum to 1; "
            f"got {users.interests.shape[1]} topics",
            where=scenario.place("population"),
        )
    if world.follows.n_users != world.n_users:
        raise UserError(
            f"the network has {world.follows.n_users} nodes but the population has {world.n_users} users",
            where=scenario.place("network"),
        )
    if parts.slate > world.n_items and not _publishes(parts):
        better = (
            f"Use a slate of at most {world.n_items}"
            if world.n_items
            else "Choose a publishing, so that there are some"
        )
        raise UserError(
            f"a slate of {parts.slate} does not fit a catalogue of {world.n_items} items. {better}",
            where=scenario.place("slate"),
        )
    given = [("" if where.startswith("publishing") else f"{where}.", part.gives) for where, part in parts.all()]
    for where, part in parts.all():
        met = frozenset[str]().union(*(gives for outer, gives in given if where.startswith(outer)))
        for need in sorted(part.needs - met):
            if missing := lacks(world, need):
                raise UserError(f"{part.name} needs {missing}", where=scenario.place(where))
        for name, message in part.misfits(world, parts.slate):
            raise UserError(message, where=scenario.place(f"{where}.{name}"))
    return world


def _publishes(parts: Parts) -> bool:
    """Whether items appear later."""
    return parts.publishing.makes_items or any(
        "authors" in part.gives for where, part in parts.all() if where.startswith("publishing")
    )


def lacks(world: World, need: str) -> str:
    """What the world lacks of a need, in words that say what to do; empty when nothing is lacking."""
    if need == "network" and world.follows.n_arcs == 0:
        return "people who follow people, but nobody follows anybody. Choose a network other than none"
    if need == "authors" and not (world.items.author >= 0).any():
        return "items with authors, but no item has one. Choose a catalogue or publishing with authors"
    table, _, column = need.partition(".")
    if table in ("items", "users") and column:
        columns = world.items if table == "items" else world.users
        kind = "catalogue" if table == "items" else "population"
        if column not in columns:
            return f"the column {column!r} of {table}. Choose a {kind} that gives it"
        values = columns[column]
        if values.size and (values == values[:1]).all():
            return f"{table} that differ in {column!r}, but all are equal. Choose a {kind} that gives it"
    return ""


def fitting_metrics(world: World) -> list[str]:
    """The names of all metrics that make sense in this world: what is measured when a scenario names none."""
    kinds: Mapping[str, Any] = find("metrics")
    return [name for name, cls in kinds.items() if cls.usual and not any(lacks(world, need) for need in cls.needs)]
