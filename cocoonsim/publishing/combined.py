"""Several rules of publishing at once: each of the `parts` publishes what it would, one after another.

What a later part publishes at the start of a step is newer, for whoever orders by age, than what an earlier one does.

Also known as: mixed content sources, professional and user-generated content.
Why it matters here: on most platforms the news, the neighbours and the bots compete for the same places.
Source: own.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from cocoonsim.core.chance import Dice
from cocoonsim.core.component import Component
from cocoonsim.core.history import History
from cocoonsim.core.setting import setting
from cocoonsim.core.world import World
from cocoonsim.publishing import Maker, Publishing


class Combined(Publishing):
    parts: tuple[Component, ...] = setting(
        ("releases", "user_posts"), part="publishing", help="The rules, in the order in which they publish"
    )

    @property
    def makes_items(self) -> bool:  # type: ignore[override]
        """Whether any part does."""
        return any(part.makes_items for part in self._rules())

    def problems(self) -> list[tuple[str, str]]:
        return [] if self.parts else [("parts", "name at least one rule of publishing, or use publishing: none")]

    def publish(self, world: World, make: Maker, dice: Dice, history: History) -> World:
        for number, rule in enumerate(self._rules()):
            n = world.n_items
            world = rule.publish(world, make, dice, history)
            if number and world.n_items > n:
                world.items.turn[n:] = number  # in place: nobody has seen these items yet
        return world

    def after_reading(
        self, world: World, users: np.ndarray, feed: np.ndarray, clicks: np.ndarray, dice: Dice, history: History
    ) -> World:
        for rule in self._rules():
            world = rule.after_reading(world, users, feed, clicks, dice, history)
        return world

    def _rules(self) -> tuple[Any, ...]:
        return self.parts
