"""How people change."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from cocoonsim.core.blocks import Blocks
from cocoonsim.core.chance import Dice
from cocoonsim.core.component import Component
from cocoonsim.core.world import World


class Influence(Component):
    """A rule by which what people see and click changes them.

    Most rules write `move`: new rows for a block of users, read off the world as it was. A rule in which one event
    changes several people (an encounter of two) overrides `update` instead.
    """

    drifts = False
    """People may change without having seen anything."""
    keeps_consensus = True
    """Equal opinions stay equal."""

    def move(
        self, world: World, users: np.ndarray, feed: np.ndarray, clicks: np.ndarray, dice: Dice
    ) -> dict[str, np.ndarray]:
        """New rows of the user columns that change: `{"interests": (n, topics)}`. A row depends on its own user only."""
        raise NotImplementedError(f"{type(self).__name__} moves nobody")

    def update(
        self, world: World, users: np.ndarray, feed: np.ndarray, clicks: np.ndarray, dice: Dice, blocks: Blocks
    ) -> World:
        """The world after these users (n,) saw `feed` (n, slate) and clicked `clicks` (n, slate)."""
        parts = blocks.map(lambda part: self.move(world, users[part], feed[part], clicks[part], dice), len(users))
        changed = {name: np.concatenate([part[name] for part in parts]) for name in (parts[0] if parts else {})}
        if not changed:
            return world
        if len(users) == world.n_users:  # ascending and all of them: the rows are the columns
            return world.with_users(**changed)
        return replace(world, users=world.users.with_rows(users, **changed))

    def advance(
        self, world: World, users: np.ndarray, feed: np.ndarray, clicks: np.ndarray, dice: Dice, blocks: Blocks,
        dt: float = 1.0, integrator: str = "euler",
    ) -> World:  # fmt: skip
        """The world after a step that is `dt` long. The engine calls this."""
        return self.update(world, users, feed, clicks, dice, blocks)


BASE = Influence
