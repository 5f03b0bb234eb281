"""How people change."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from cocoonsim.core.blocks import Blocks
from cocoonsim.core.chance import Dice
from cocoonsim.core.component import Component
from cocoonsim.core.world import World


class Influence(Component):
    """A rule by which what people see and click changes them.

    Most rules write `move`: new rows for a block of users, read off the world as it was. A rule that has a rate of change
    writes `slope` instead and works in discrete and in continuous time. One in which an event changes several people (an
    encounter of two) overrides `update`.
    """

    drifts = False
    """People may change without having seen anything."""
    keeps_consensus = True
    """Equal opinions stay equal."""
    no_new_items: ClassVar[str] = ""
    """Why items may not appear as the run goes on, where they may not."""
    state: ClassVar[tuple[str, ...]] = ()
    """User columns of its own that `begin` makes."""

    def bytes_per_user(self, n_items: int, n_topics: int) -> int:
        """How large the columns of the rule's own (`state`) are for each user, for the estimate of a run's size."""
        return 0

    def begin(self, world: World, dice: Dice) -> World:
        """The first world with the columns of the rule's own; asked for once, and where they are missing."""
        return world

    def move(
        self, world: World, users: np.ndarray, feed: np.ndarray, clicks: np.ndarray, dice: Dice
    ) -> dict[str, np.ndarray]:
        """New rows of the user columns that change: `{"interests": (n, topics)}`. A row depends on its own user only.

        Where there is a `slope`, this is one step of length 1 along it.
        """
        return self._along(world, users, feed, clicks, dice, self.contacts(world, users, dice), 1.0, "euler")

    def contacts(self, world: World, users: np.ndarray, dice: Dice) -> Any:
        """What `slope` is given and what stays as it is while a step lasts, such as who meets whom."""
        return None

    def slope(
        self, world: World, users: np.ndarray, feed: np.ndarray, clicks: np.ndarray, dice: Dice, contacts: Any
    ) -> dict[str, np.ndarray]:
        """How fast columns change, per unit of time: float64, a row for each of `users`."""
        raise NotImplementedError(f"{type(self).__name__} moves nobody")

    def update(
        self, world: World, users: np.ndarray, feed: np.ndarray, clicks: np.ndarray, dice: Dice, blocks: Blocks
    ) -> World:
        """The world after these users (n,) saw `feed` (n, slate) and clicked `clicks` (n, slate)."""
        world = self.ready(world, dice)
        if not len(users):
            return world
        blocks = blocks.wider()
        changed = blocks.columns(lambda part: self.move(world, users[part], feed[part], clicks[part], dice), len(users))
        return _with_rows(world, users, changed)

    def ready(self, world: World, dice: Dice) -> World:
        """The world with the rule's own columns."""
        return world if all(name in world.users for name in self.state) else self.begin(world, dice)

    @property
    def has_slope(self) -> bool:
        """Whether it says how fast people change, and so works in continuous time."""
        return type(self).slope is not Influence.slope

    def advance(
        self, world: World, users: np.ndarray, feed: np.ndarray, clicks: np.ndarray, dice: Dice, blocks: Blocks,
        dt: float = 1.0, integrator: str = "euler",
    ) -> World:  # fmt: skip
        """The world after a step that is `dt` long. The engine calls this."""
        if not self.has_slope or (dt == 1.0 and integrator == "euler"):
            return self.update(world, users, feed, clicks, dice, blocks)
        # in one piece: on the way, people are moved by others who have moved
        met = self.contacts(world, users, dice)
        return _with_rows(world, users, self._along(world, users, feed, clicks, dice, met, dt, integrator))

    def _along(
        self, world: World, users: np.ndarray, feed: np.ndarray, clicks: np.ndarray, dice: Dice, contacts: Any,
        dt: float, integrator: str,
    ) -> dict[str, np.ndarray]:  # fmt: skip
        """Rows after `dt` along the slope."""
        start: dict[str, np.ndarray] = {}

        def rate(after: float, along: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
            rows = {name: start[name] + after * along[name] for name in along}
            return self.slope(_with_rows(world, users, rows), users, feed, clicks, dice, contacts)

        one = rate(0.0, {})
        start.update({name: world.users[name][users].astype(np.float64) for name in one})
        total = one
        if integrator == "rk4":
            two = rate(dt / 2, one)
            three = rate(dt / 2, two)
            four = rate(dt, three)
            total = {name: (one[name] + 2.0 * two[name] + 2.0 * three[name] + four[name]) / 6.0 for name in one}
        return {name: (start[name] + dt * total[name]).astype(world.users[name].dtype) for name in total}


def _with_rows(world: World, users: np.ndarray, changed: dict[str, np.ndarray]) -> World:
    if not changed:
        return world
    if len(users) == world.n_users:  # ascending and all of them: the rows are the columns
        return world.with_users(**changed)
    return world.with_user_rows(users, **changed)


def heavy_ties(world: World) -> list[tuple[str, str]]:
    """What to say of ties whose weights leave a user less than nothing of the own opinion; of the rule as a whole."""
    if world.follows.weights is None:
        return []
    total = world.follows.weight_of(np.arange(world.n_users))
    most = int(total.argmax())
    if total[most] <= 1.0 + 1e-9:
        return []
    return [
        (
            "",
            f"the weights of user {most}'s ties add up to {total[most]:g}; at most 1, what is missing is the own weight",
        )
    ]


BASE = Influence
