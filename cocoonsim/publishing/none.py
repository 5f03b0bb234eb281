"""Nothing new appears: the catalogue of the first step is all there ever is.

Also known as: fixed catalogue, static item set.
Source: own; the usual assumption of offline recommender evaluation.
"""

from __future__ import annotations

from cocoonsim.core.chance import Dice
from cocoonsim.core.history import History
from cocoonsim.core.world import World
from cocoonsim.publishing import Maker, Publishing


class NoPublishing(Publishing):
    def publish(self, world: World, make: Maker, dice: Dice, history: History) -> World:
        return world
