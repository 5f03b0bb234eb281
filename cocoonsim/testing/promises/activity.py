"""What a schedule promises."""

from __future__ import annotations

import numpy as np

from cocoonsim.activity import Activity
from cocoonsim.core.chance import Dice
from cocoonsim.testing.broken import calls, own_dice_only, require, same, untouched
from cocoonsim.testing.worlds import TinyWorld, tiny_worlds

STEPS = range(6)


def promise_batches_hold_users(schedule: Activity) -> None:
    """Batches hold ids of users, int64, ascending, so nobody twice in one batch."""
    for tiny in tiny_worlds():
        for step in STEPS:
            for batch in _batches(schedule, tiny, step):
                require(batch.dtype == np.int64, schedule, f"a batch holds {batch.dtype}, not int64 ids")
                require(batch.ndim == 1, schedule, f"a batch has shape {batch.shape}")
                inside = ((batch >= 0) & (batch < tiny.world.n_users)).all()
                require(inside, schedule, f"a batch names users who are not there on {tiny.name}")
                require((np.diff(batch) > 0).all(), schedule, f"a batch does not ascend on {tiny.name}")


def promise_somebody_comes(schedule: Activity) -> None:
    """Within six steps somebody is online."""
    for tiny in tiny_worlds():
        online = sum(batch.size for step in STEPS for batch in _batches(schedule, tiny, step))
        require(online, schedule, f"nobody is ever online on {tiny.name}")


def promise_in_turns_is_true(schedule: Activity) -> None:
    """Without `in_turns = True` a step has one batch at most, as dice would fall alike for the next."""
    for tiny in tiny_worlds():
        for step in STEPS:
            batches = len(_batches(schedule, tiny, step))
            require(
                schedule.in_turns or batches <= 1,
                schedule,
                f"says in_turns = False, but has {batches} batches in a step on {tiny.name}",
            )


def promise_repeatable(schedule: Activity) -> None:
    """The same step has the same batches; the world is left as it is, and no global random numbers are used."""
    for tiny in tiny_worlds():
        with own_dice_only(schedule), untouched(schedule, tiny.world):
            one, other = _batches(schedule, tiny, 3), _batches(schedule, tiny, 3)
        alike = len(one) == len(other) and all(same(left, right) for left, right in zip(one, other, strict=True))
        require(alike, schedule, f"two calls give different batches on {tiny.name}")


def _batches(schedule: Activity, tiny: TinyWorld, step: int) -> list[np.ndarray]:
    dice = Dice(tiny.dice.seed, step)

    def batches() -> list[np.ndarray]:
        return list(schedule.batches(tiny.world, dice))  # a generator fails only when it is asked

    return list(calls(schedule, f"on {tiny.name}", batches))
