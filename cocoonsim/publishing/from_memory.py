"""People post something they remember.

At the start of a step each person posts `rate` times on average: a copy of an item that they hold in memory, each as
likely. Who remembers nothing posts nothing. A copy keeps its originator and everything else about the content.

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
from cocoonsim.core.world import World
from cocoonsim.publishing import Maker
from cocoonsim.publishing._posts import Posting, copies, nth_of


class FromMemory(Posting):
    def misfits(self, world: World, slate: int) -> list[tuple[str, str]]:
        if "memory" not in world.users:
            return [("rate", "people have no memory to post from. Choose influence: memory")]
        return []

    def publish(self, world: World, make: Maker, dice: Dice, history: History) -> World:
        if "memory" not in world.users:
            return world
        users = np.arange(world.n_users)
        size = (world.users.memory >= 0).sum(axis=1)
        authors = self.authors(users[size > 0], dice)
        if not authors.size:
            return world
        nth = nth_of(authors)
        luck = dice.uniform("from memory", users, int(nth.max()) + 1)[authors, nth]
        slot = np.minimum((luck * size[authors]).astype(np.int64), size[authors] - 1)
        posts = copies(world.items, world.users.memory[authors, slot])
        return self.post(world, posts.with_(author=authors.astype(np.int32)), 0)
