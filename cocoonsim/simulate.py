"""The loop. A step, in the order in which things happen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cocoonsim.assemble import assemble, first_world
from cocoonsim.core.arrays import all_empty
from cocoonsim.core.blocks import Blocks, keep_freed_memory, one_blas_thread
from cocoonsim.core.chance import Chance
from cocoonsim.core.moment import Moment, State
from cocoonsim.core.stopping import absorbed, frozen, segregated
from cocoonsim.core.world import PlatformView, World
from cocoonsim.serve import serve
from cocoonsim.sizes import check_memory

if TYPE_CHECKING:
    from cocoonsim.assemble import Parts
    from cocoonsim.choice import Choice
    from cocoonsim.core.chance import Dice
    from cocoonsim.core.history import History
    from cocoonsim.scenario import Scenario


def play(
    scenario: Scenario, seed: int | None = None, blocks: Blocks | None = None, start: State | None = None
) -> Iterator[Moment]:
    """Play one scenario once and hand over one `Moment` per step.

    `seed` overrides the scenario's own. `blocks` says how the work is cut and on how many threads; it changes no number.
    `start` goes on from an earlier moment's `state` (of the same scenario and seed), whose history it takes over.
    The caller may stop asking at any time. Raises UserError for a scenario whose parts do not fit together, or that is
    too large for the memory.

    >>> from cocoonsim import Scenario, play
    >>> tiny = Scenario.from_dict({"steps": 3, "population": {"kind": "uniform", "users": 20}})
    >>> [moment.step for moment in play(tiny, seed=1)]
    [0, 1, 2]
    """
    parts = assemble(scenario)
    chance = Chance(scenario.seed if seed is None else seed)
    state = start or first_state(parts, scenario, chance)
    first, world, history, news, model = state.step, state.world, state.history, state.unlearnt, state.model
    del state
    blocks = blocks or Blocks()
    keep_freed_memory()

    with one_blas_thread():
        for step in range(first, scenario.steps):
            if news:
                history.add(
                    *news, world.items.topics, step - 1, blocks
                )  # the audience looked first; now the platform learns
            news = None
            dice = chance.at(step)
            world = world.at(step)
            world = parts.publishing.publish(world, parts.maker(dice), dice, history)
            lender = world
            for intervention in parts.interventions:
                world = intervention.change_world(world, dice)
            history.grow(world.n_items)
            before, ranking = world, parts.ranking_at(step)
            platform = _platform(parts, world, history, dice)
            if learns_at(step, scenario):  # how often a platform learns is a scientific variable
                model = ranking.learn_on(platform, dice, model if ranking is parts.ranking_at(step - 1) else None)

            known = history
            seen: list[Visit] = []
            for event, users in enumerate(parts.activity.batches(world, dice)):  # everyone at once, or some at a time
                if seen:  # a later batch meets a platform that knows the earlier; the audience compares with before
                    known = history.copy() if len(seen) == 1 else known
                    history.add(*seen[-1].noted, world.items.topics, step, blocks)
                    platform = _platform(parts, world, history, dice, platform)
                    dice = chance.at(step, event) if parts.activity.in_turns else dice
                feed = serve(parts, ranking, model, world, platform, users, dice, blocks)
                clicks = _clicks(parts.choice, world, users, feed, dice, blocks)
                seen.append(Visit(users, feed, clicks, _noted(parts, world, users, feed, clicks, dice)))
                world = parts.influence.advance(world, users, feed, clicks, dice, blocks, *parts.time)
                world = parts.rewiring.advance(world, users, feed, clicks, dice, platform)
                world = parts.publishing.after_reading(world, users, feed, clicks, dice, history)

            before = before.with_content(world.items)  # with what was posted since
            known.grow(world.n_items)
            users, feed, clicks = _together(seen, parts.slate)
            for intervention in parts.interventions:
                world = intervention.give_back(world, lender)
            stopped = _why_stop(scenario, before, world)
            news = seen[-1].noted if seen else None
            yield Moment(
                step, before, world, known, users, feed, clicks, platform, chance.at(step), stopped, blocks,
                State(step + 1, world, history, news, model),
            )  # fmt: skip
            if stopped:
                return
            del (
                before,
                lender,
                known,
                seen,
                users,
                feed,
                clicks,
            )  # a million users' step is not kept while the next is made


class Visit(NamedTuple):
    """What came of a batch of users who were online."""

    users: np.ndarray
    feed: np.ndarray
    clicks: np.ndarray
    recorded: np.ndarray
    """bool (n, slate): the clicks as the platform notes them down."""

    @property
    def noted(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """What goes into the history."""
        return self.users, self.feed, self.recorded


def first_state(parts: Parts, scenario: Scenario, chance: Chance) -> State:
    """How things stand before the first step. Raises UserError for what does not fit together, or into the memory."""
    check_memory(scenario, parts)
    world = first_world(parts, scenario, chance)
    return State(0, world, parts.empty_history(world))


def learns_at(step: int, scenario: Scenario) -> bool:
    """Whether the platform learns anew in this step, and forgets the model it had."""
    return step % scenario.retrain_every == 0 or step == scenario.control_steps


def _clicks(
    choice: Choice, world: World, users: np.ndarray, feed: np.ndarray, dice: Dice, blocks: Blocks
) -> np.ndarray:
    """bool (n, slate): what the users click, block by block."""
    if all_empty(feed):
        return np.zeros(feed.shape, bool)
    return blocks.wider().rows(lambda part: choice.respond(world, users[part], feed[part], dice), len(users))


def _noted(
    parts: Parts, world: World, users: np.ndarray, feed: np.ndarray, clicks: np.ndarray, dice: Dice
) -> np.ndarray:
    """bool (n, slate): the clicks as the platform notes them down, which may be told to know less."""
    for intervention in parts.interventions:
        clicks = intervention.change_record(world, users, feed, clicks, dice)
    return clicks


def _platform(
    parts: Parts, world: World, history: History, dice: Dice, known: PlatformView | None = None
) -> PlatformView:
    """What the platform may use; `known` is what it was earlier in the same step."""
    filters = [intervention for intervention in parts.interventions if intervention.filters]
    if known is not None and not filters and known.items is world.items:
        return known if known.follows is world.follows else replace(known, follows=world.follows)
    platform = PlatformView.of(world, history)
    for intervention in filters:
        platform = intervention.change_platform(platform, dice)
    return platform


def _together(seen: list[Visit], slate: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """All batches of a step as one: users, feeds, clicks."""
    if not seen:
        return np.empty(0, np.int64), np.empty((0, slate), np.int32), np.empty((0, slate), bool)
    if len(seen) == 1:
        return seen[0][:3]
    users, feed, clicks = (np.concatenate(column) for column in list(zip(*seen, strict=True))[:3])
    return users, feed, clicks


def _why_stop(scenario: Scenario, before: World, after: World) -> str:
    """Why the run ends after this step: `frozen`, `absorbed`, `segregated`, `steps`, or not at all (empty)."""
    opinion = after.users.opinion[:, 0]
    if scenario.freeze_below > 0 and frozen(before, after, scenario.freeze_below):
        return "frozen"
    if scenario.stop_absorbed > 0 and absorbed(opinion, scenario.stop_absorbed):
        return "absorbed"
    if scenario.stop_segregated > 0 and segregated(after.follows, opinion, scenario.stop_segregated):
        return "segregated"
    return "steps" if after.step == scenario.steps - 1 else ""
