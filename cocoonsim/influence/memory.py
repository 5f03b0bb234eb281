"""People are what they remember: an opinion is the mean of the things one holds in mind.

A person remembers up to `capacity` items (column `memory`). Every clicked item that is not held yet is taken in, in the
order of the feed; when the memory is full a random one is dropped first. The opinion is then the mean stance of what is
held; who holds nothing keeps their opinion.

Also known as: bit memory, argument pool, triple-filter bubble memory, persuasive arguments.
Why it matters here: opinions move only through concrete content, so what is shown, integrated and forgotten are three
filters.
Source: Geschke, Lorenz & Holtz (2019), The triple-filter bubble; Mäs & Flache (2013), Differentiation without distancing.
"""

from __future__ import annotations

import numpy as np

from cocoonsim.core.chance import Dice
from cocoonsim.core.setting import setting
from cocoonsim.core.world import World
from cocoonsim.influence import Influence


class Memory(Influence):
    state = ("memory",)

    capacity: int = setting(20, low=1, high=10_000, unit="items", help="How many items a person remembers")

    def begin(self, world: World, dice: Dice) -> World:
        return world.with_users(memory=np.full((world.n_users, self.capacity), -1, np.int32))

    def misfits(self, world: World, slate: int) -> list[tuple[str, str]]:
        if world.items.stance.shape[1] != world.users.opinion.shape[1]:
            return [
                ("capacity", "opinions and stances have different numbers of dimensions: give the population the same")
            ]
        return []

    def move(
        self, world: World, users: np.ndarray, feed: np.ndarray, clicks: np.ndarray, dice: Dice
    ) -> dict[str, np.ndarray]:
        held = world.users.memory[users].copy()
        size = (held >= 0).sum(axis=1)
        luck = dice.uniform("memory", users, feed.shape[1])
        row = np.arange(len(users))
        changed = np.zeros(len(users), bool)
        for place in range(feed.shape[1]):
            item = feed[:, place]
            new = clicks[:, place] & ~(held == item[:, None]).any(axis=1)
            where = np.where(size < self.capacity, size, (luck[:, place] * self.capacity).astype(np.int64))
            where = np.minimum(where, self.capacity - 1)
            held[row[new], where[new]] = item[new]  # a full memory: the newcomer takes the place of one drawn at random
            size += new & (size < self.capacity)
            changed |= new
        opinion = world.users.opinion[users]
        total = np.zeros(opinion.shape)
        for slot in range(self.capacity):  # slot by slot: the same order of adding for any block of users
            item = held[:, slot]
            total += np.where((item >= 0)[:, None], world.items.stance[np.maximum(item, 0)] - opinion, 0.0)
        mean = opinion + total / np.maximum(size, 1)[:, None]
        return {"memory": held, "opinion": np.where(changed[:, None], mean, opinion)}
