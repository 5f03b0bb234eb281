"""Rules of publishing that lie, as in tests/test_lying_components.py, and must be caught at it."""

from dataclasses import replace

import numpy as np
import pytest

from cocoonsim.core.chance import Dice
from cocoonsim.core.history import History
from cocoonsim.core.world import Columns, World
from cocoonsim.publishing import Maker, Publishing
from cocoonsim.testing import BrokenPromise, promises_of


class PrependsNews(Publishing):
    makes_items = True

    def publish(self, world: World, make: Maker, dice: Dice, history: History) -> World:
        new = make(3)
        return replace(world, items=new.with_(created=np.full(3, world.step, np.int32)).append(world.items))


class SpeaksForSomebody(Publishing):
    makes_items = True

    def publish(self, world: World, make: Maker, dice: Dice, history: History) -> World:
        return world.publish(make(2).with_(created=np.full(2, world.step, np.int32), author=np.zeros(2, np.int32)))


class SpeaksForOthers(Publishing):
    gives = frozenset({"authors"})

    def after_reading(
        self, world: World, users: np.ndarray, feed: np.ndarray, clicks: np.ndarray, dice: Dice, history: History
    ) -> World:
        rows = np.zeros(len(users), np.int64)
        copies = {name: column[rows] for name, column in world.items.items()}
        now = {"created": np.full(len(users), world.step, np.int32), "turn": np.full(len(users), 5, np.int32)}
        return world.publish(Columns(**copies | now | {"author": ((users + 1) % world.n_users).astype(np.int32)}))


@pytest.mark.parametrize(
    ("liar", "promise"),
    [
        (PrependsNews, "ids_never_change"),
        (SpeaksForSomebody, "authors_are_announced"),
        (SpeaksForOthers, "only_readers_post_after_reading"),
    ],
)
def test_the_lie_is_found(liar, promise):
    with pytest.raises(BrokenPromise, match=f"^{liar.__name__}: "):
        promises_of("publishing")[promise](liar())
