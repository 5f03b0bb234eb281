"""The loop. A step, in the order in which things happen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from cocoonsim.assemble import assemble, first_world
from cocoonsim.core.blocks import Blocks, one_blas_thread
from cocoonsim.core.chance import Chance
from cocoonsim.core.moment import Moment, State
from cocoonsim.core.world import PlatformView, World
from cocoonsim.serve import serve
from cocoonsim.sizes import check_memory

if TYPE_CHECKING:
    from cocoonsim.assemble import Parts
    from cocoonsim.choice import Choice
    from cocoonsim.core.chance import Dice
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

    with one_blas_thread():
        for step in range(first, scenario.steps):
            if news:
                history.add(*news, world.items.topics)  # the audience looked first; now the platform learns
            news = None
            dice = chance.at(step)
            world = replace(world, step=step)
            world = parts.publishing.publish(world, parts.maker(dice), dice)
            for intervention in parts.interventions:
                world = intervention.change_world(world, dice)
            history.grow(world.n_items)
            before, ranking = world, parts.ranking_at(step)
            platform = PlatformView.of(world, history)
            if learns_at(step, scenario):
                model = ranking.learn(platform, dice)  # how often a platform learns is a scientific variable

            known = history
            seen: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
            for users in parts.activity.batches(world, dice):  # everyone at once, or some at a time
                if seen:  # a later batch meets a platform that knows the earlier; the audience compares with before
                    known = history.copy() if len(seen) == 1 else known
                    history.add(*seen[-1], world.items.topics)
                    platform = replace(platform, follows=world.follows)
                feed = serve(parts, ranking, model, world, platform, users, dice, blocks)
                clicks = _clicks(parts.choice, world, users, feed, dice, blocks)
                seen.append((users, feed, clicks))
                world = parts.influence.update(world, users, feed, clicks, dice, blocks)
                world = parts.rewiring.update(world, users, feed, clicks, dice)

            users, feed, clicks = _together(seen, parts.slate)
            stopped = _why_stop(scenario, before, world)
            news = seen[-1] if seen else None
            yield Moment(
                step, before, world, known, users, feed, clicks, platform.live, dice, stopped, blocks,
                State(step + 1, world, history, news, model),
            )  # fmt: skip
            if stopped:
                return
            del before, known, seen, users, feed, clicks  # a million users' step is not kept while the next one is made


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
    if not len(users):
        return np.zeros(feed.shape, bool)
    return blocks.rows(lambda part: choice.choose(world, users[part], feed[part], dice), len(users))


def _together(
    seen: list[tuple[np.ndarray, np.ndarray, np.ndarray]], slate: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """All batches of a step as one: users, feeds, clicks."""
    if not seen:
        return np.empty(0, np.int64), np.empty((0, slate), np.int32), np.empty((0, slate), bool)
    if len(seen) == 1:
        return seen[0]
    users, feed, clicks = (np.concatenate(column) for column in zip(*seen, strict=True))
    return users, feed, clicks


def _why_stop(scenario: Scenario, before: World, after: World) -> str:
    """Why the run ends after this step: `frozen`, `steps`, or not at all (empty)."""
    if scenario.freeze_below > 0:
        moved = max(
            float(np.abs(after.users[name] - before.users[name]).max(initial=0.0)) for name in ("opinion", "interests")
        )
        if moved < scenario.freeze_below:
            return "frozen"
    return "steps" if after.step == scenario.steps - 1 else ""
