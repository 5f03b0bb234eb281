"""Who the users are: their interests, opinions and groups at the start."""

from __future__ import annotations

from cocoonsim.core.chance import Chance
from cocoonsim.core.component import Component
from cocoonsim.core.world import Columns


class Population(Component):
    """A way to make the users of a world."""

    def build(self, n_topics: int, chance: Chance) -> Columns:
        """The users, as `cocoonsim.core.world.people(interests, ...)`: columns with a row for each user.

        `interests` is (n_users, n_topics), non-negative with rows that sum to 1. Draw from
        `chance.generator("population")` (whole columns) or `chance.always` (by user).
        """
        raise NotImplementedError(f"{type(self).__name__} does not build")


BASE = Population
