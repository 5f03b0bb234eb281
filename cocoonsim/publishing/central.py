"""A newsroom publishes, for all the same: a few chosen items now and then, which soon make room for the next.

Every `every` steps it writes `drafts` pieces from the scenario's catalogue for each of its `items`, and publishes the one
that is best by `pick`: a random one, the best in quality, the most arousing, or the most moderate (stance nearest to 0).
They can be shown for `lifespan` steps and have no author among the users.

How: everybody sees them where they alone are candidates (`candidates: recent`), or have places of their own (a `mixture` of
candidates with `recent`); several rules of publishing go together with `combined`.

Also known as: mass media, broadcast, front page, editorial curation, central information.
Why it matters here: what everybody has seen is common ground; it is the control for what a personal feed does.
Source: Geschke, Lorenz & Holtz (2019), The triple-filter bubble (one bit of information for all in each step).
"""

from __future__ import annotations

import numpy as np

from cocoonsim.core.chance import Dice
from cocoonsim.core.history import History
from cocoonsim.core.setting import setting
from cocoonsim.core.world import Columns, World
from cocoonsim.publishing import Maker, Publishing


class Central(Publishing):
    makes_items = True

    items: int = setting(1, low=1, unit="items", help="How many items an edition has")
    every: int = setting(1, low=1, unit="steps", help="An edition appears in every so many steps")
    lifespan: int = setting(1, low=1, unit="steps", help="How long an edition can be shown")
    drafts: int = setting(1, low=1, high=10_000, unit="items", help="How many pieces each item is chosen from")
    pick: str = setting("random", choices=("random", "quality", "arousal", "moderate"), help="Which piece is chosen")

    def publish(self, world: World, make: Maker, dice: Dice, history: History) -> World:
        if world.step % self.every:
            return world
        drafts = make(self.items * self.drafts)
        worth = self._worth(drafts).reshape(self.items, self.drafts)
        chosen = drafts.rows(worth.argmax(axis=1) + np.arange(self.items) * self.drafts)
        now = {"created": world.step, "lifespan": self.lifespan, "author": -1, "originator": -1}
        return world.publish(
            chosen.with_(**{name: np.full(self.items, value, np.int32) for name, value in now.items()})
        )

    def _worth(self, drafts: Columns) -> np.ndarray:
        """float64 (n,): how much the newsroom likes each draft; the first of equals is taken, so all alike is at random."""
        if self.pick == "quality":
            return drafts.quality.astype(np.float64)
        if self.pick == "arousal":
            return drafts.arousal.astype(np.float64)
        return -np.sqrt((drafts.stance**2).sum(axis=1)) if self.pick == "moderate" else np.zeros(drafts.size)
