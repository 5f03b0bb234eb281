"""Each person is an agent object of your own, and decides by any rule written in Python.

For every user who is online one object of the class `agent` is made: a Mesa `Agent` that carries the user's columns as
attributes (`interests`, `opinion`, `tolerance`, ...), `user` (the id) and `now` (the step). Its method `decide(items)` is
given the items in the feed as a list of dictionaries (`id`, `place` and the item's columns) and returns the places it
clicks. This is slow, a hundred microseconds and more per person and step; in return any rule fits.

How: agents are made anew in each step, so that nothing depends on which users are asked together: what is to be remembered
belongs into user columns. Luck comes from `self.model.random` and `self.model.rng`, which are keyed by seed, step and user.
Without a class, everybody decides like the built-in example: click the item whose topics are closest.

Also known as: agent-based decision, custom agents, Mesa agents.
Source: own; the agents of ter Hoeven et al. (2025), Mesa 3: agent-based modeling with Python in 2025.
"""

from __future__ import annotations

import importlib
from typing import Any

import numpy as np

from cocoonsim.choice import Choice
from cocoonsim.core.chance import Dice
from cocoonsim.core.component import plugin_class
from cocoonsim.core.errors import UserError
from cocoonsim.core.setting import setting
from cocoonsim.core.world import World


class Agents(Choice):
    agent: str = setting(
        "", help="Your class, as package.file:MyAgent, allowed with --plugin; empty: a built-in example"
    )

    def problems(self) -> list[tuple[str, str]]:
        try:
            self._kind()
        except UserError as error:
            return [("agent", error.message)]
        return []

    def _kind(self) -> type[Any]:
        if not self.agent:
            return _example()
        kind = plugin_class(self.agent)
        if not callable(getattr(kind, "decide", None)):
            raise UserError(f"{self.agent} has no method decide(items)")
        return kind

    def choose(self, world: World, users: np.ndarray, feed: np.ndarray, dice: Dice) -> np.ndarray:
        mesa = importlib.import_module("mesa")
        kind = self._kind()
        seeds = dice.bits("agents", users)[:, 0]
        clicks = np.zeros(feed.shape, bool)
        for row, user in enumerate(users.tolist()):
            model = mesa.Model(rng=int(seeds[row] >> np.uint64(1)))
            person = kind(model)
            person.user, person.now = user, world.step
            for name, column in world.users.items():
                setattr(person, name, column[user])
            shown = [
                {"id": item, "place": place, **{name: column[item] for name, column in world.items.items()}}
                for place, item in enumerate(feed[row].tolist())
                if item >= 0
            ]
            allowed = {item["place"] for item in shown}
            for place in person.decide(shown):
                if place not in allowed:
                    raise ValueError(
                        f"{kind.__name__} clicked place {place!r}, which is empty; places: {sorted(allowed)}"
                    )
                clicks[row, place] = True
        return clicks


def _example() -> type[Any]:
    mesa = importlib.import_module("mesa")

    class Curious(mesa.Agent):  # type: ignore[misc, name-defined]
        """Clicks the item whose topics are closest to its interests."""

        def decide(self, items: list[dict[str, Any]]) -> list[int]:
            return [max(items, key=lambda item: float(self.interests @ item["topics"]))["place"]] if items else []

    return Curious
