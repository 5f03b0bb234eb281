"""Whether what is made once (people, items, follows) hangs on the seed, and on the seed alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

import numpy as np

from cocoonsim.core.chance import Chance, Dice
from cocoonsim.core.component import Component
from cocoonsim.core.follows import Follows
from cocoonsim.core.world import Columns
from cocoonsim.testing.broken import calls, own_dice_only, require, same

T = TypeVar("T", Columns, Follows)
SEEDS = (1, 2, 3, 4)


class WatchedChance(Chance):
    """Chance that notes whether anything was drawn from it."""

    used = False

    def at(self, step: int, event: int = 0) -> Dice:
        self.used = True
        return super().at(step, event)

    @property
    def always(self) -> Dice:
        self.used = True
        return super().always

    def generator(self, *names: str | int) -> np.random.Generator:
        self.used = True
        return super().generator(*names)


def check_seeded(component: Component, build: Callable[[Chance], T], what: str) -> None:
    """Raise BrokenPromise unless one seed gives one result, and other seeds others if anything is drawn at all."""
    drawn, made = False, []
    for seed in SEEDS:
        chance = WatchedChance(seed)
        with own_dice_only(component):
            one = calls(component, f"with seed {seed}", build, chance)
            other = calls(component, f"with seed {seed}", build, Chance(seed))
        require(_alike(one, other), component, f"seed {seed} gives two different sets of {what}")
        drawn = drawn or chance.used
        made.append(one)
    alike = all(_alike(result, made[0]) for result in made)
    if drawn and not _full(made[0]):
        require(not alike, component, f"draws from chance, but seeds {SEEDS} give the same {what}")
    require(alike or drawn, component, f"gives other {what} without drawing from chance")


def _full(made: Columns | Follows) -> bool:
    """Nobody follows anybody or everybody follows everybody: no draw could have made another graph."""
    return isinstance(made, Follows) and made.n_arcs in (0, made.n_users * (made.n_users - 1))


def _alike(one: Columns | Follows, other: Columns | Follows) -> bool:
    left, right = _arrays(one), _arrays(other)
    return set(left) == set(right) and all(same(array, right[name]) for name, array in left.items())


def _arrays(made: Columns | Follows) -> Mapping[str, np.ndarray]:
    return {"starts": made.starts, "targets": made.targets} if isinstance(made, Follows) else made
