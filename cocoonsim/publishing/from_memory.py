"""People post something they remember.

On each occasion a person posts `rate` times on average: a copy of an item that they hold in memory, each as likely. With
`when: start` everybody has an occasion at the start of a step; with `when: reading` people post right after they have read,
and those who come later can be shown it. Who remembers nothing posts nothing. A copy keeps its originator and everything
else about the content.

How: memories are the column `memory`, of `influence: memory`. With a `lifespan` of 1 a post is there for this step only.
With `catalogue` and `finds` it gives the two ways in which something new comes to a mind: by oneself, and from friends.

Also known as: social posting, word of mouth, argument exchange.
Why it matters here: what is passed on has passed the sender's own filter, so friends hear what friends believe.
Source: Geschke, Lorenz & Holtz (2019), The triple-filter bubble (each person posts one random bit to all friends).
"""

from __future__ import annotations

import numpy as np

from cocoonsim.core.chance import Dice
from cocoonsim.core.history import History
from cocoonsim.core.setting import setting
from cocoonsim.core.world import World
from cocoonsim.publishing import Maker
from cocoonsim.publishing._posts import Posting, copies, nth_of


class FromMemory(Posting):
    when: str = setting("start", choices=("start", "reading"), help="At the start of a step, or after reading")

    def misfits(self, world: World, slate: int) -> list[tuple[str, str]]:
        if "memory" not in world.users:
            return [("rate", "people have no memory to post from. Choose influence: memory")]
        return []

    def publish(self, world: World, make: Maker, dice: Dice, history: History) -> World:
        return self._from(world, np.arange(world.n_users), dice, 0) if self.when == "start" else world

    def after_reading(
        self, world: World, users: np.ndarray, feed: np.ndarray, clicks: np.ndarray, dice: Dice, history: History
    ) -> World:
        return self._from(world, users, dice, dice.event + 1) if self.when == "reading" else world

    def _from(self, world: World, users: np.ndarray, dice: Dice, turn: int) -> World:
        """The world with what these users post."""
        if "memory" not in world.users:
            return world
        memory = world.users.memory[users]
        size = (memory >= 0).sum(axis=1)
        authors = self.authors(users[size > 0], dice)
        if not authors.size:
            return world
        nth, row = nth_of(authors), np.searchsorted(users, authors)
        luck = dice.uniform("from memory", users, int(nth.max()) + 1)[row, nth]
        slot = np.minimum((luck * size[row]).astype(np.int64), size[row] - 1)
        return self.post(world, copies(world.items, memory[row, slot], authors), turn)
