"""Who follows whom at the start."""

from __future__ import annotations

from cocoonsim.core.chance import Chance
from cocoonsim.core.component import Component
from cocoonsim.core.follows import Follows
from cocoonsim.core.world import Columns


class Network(Component):
    """A generator of follow graphs."""

    def build(self, users: Columns, chance: Chance) -> Follows:
        """The follow graph over `users`: no self-follow, no double; draws from `chance.generator("network")`."""
        raise NotImplementedError(f"{type(self).__name__} does not build")

    def mean_degree(self, n_users: int) -> float | None:
        """How many people a user follows on average, by theory; None where only the data can say."""
        return None


BASE = Network
