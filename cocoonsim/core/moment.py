"""What the audience sees: one `Moment` per step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from cocoonsim.core.blocks import Blocks
from cocoonsim.core.chance import Dice
from cocoonsim.core.history import History
from cocoonsim.core.world import PlatformView, World


@dataclass(frozen=True)
class State:
    """What it takes to go on playing from a step: nothing else is carried over from one step to the next.

    `history` is the run's own and moves on in place; `unlearnt` are the last feeds (users, feed, clicks), which the
    platform will learn from when the step begins; `model` is what the policy learnt last, `None` before it has.
    """

    step: int
    world: World
    history: History
    unlearnt: tuple[np.ndarray, np.ndarray, np.ndarray] | None = None
    model: Any = None


@dataclass(frozen=True)
class Moment:
    """One step as it happened. Take what you need before asking for the next one: history moves on in place.

    `world` is how things stood when people looked at their feeds, `after` how they stood when the step was over;
    `history` is what the platform knew when it ranked (today's feeds are not in it yet).
    """

    step: int
    world: World
    after: World
    history: History
    users: np.ndarray
    """int64 (n,): who was online."""
    feed: np.ndarray
    """int32 (n, slate): what they were shown, best place first; -1 is an empty place."""
    clicks: np.ndarray
    """bool (n, slate)"""
    platform: PlatformView
    """What the platform could use when it ranked (the last time, where people came one after another)."""
    dice: Dice
    stopped: str = ""
    """Why the run ends here, on its last moment: `steps`, `frozen`, ...; else empty."""
    blocks: Blocks = field(default_factory=lambda: Blocks(threads=1), repr=False, compare=False)
    """How the audience may divide its own work."""
    state: State | None = field(default=None, repr=False, compare=False)
    """From where the next step goes on."""
    _shared: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @property
    def live(self) -> np.ndarray:
        """int32: ids of the items that existed this step."""
        return self.platform.live

    @property
    def seen(self) -> np.ndarray:
        """bool (n, slate): which places of the feeds are filled."""
        return self.feed >= 0

    def only(self, rows: slice | np.ndarray) -> Moment:
        """The same moment, looking at some of the users who were online."""
        return replace(self, users=self.users[rows], feed=self.feed[rows], clicks=self.clicks[rows])

    def shared(self, name: str, make: Callable[[], Any]) -> Any:
        """Something about the whole moment that several metrics need, computed once (not about single users)."""
        if name not in self._shared:
            self._shared[name] = make()
        return self._shared[name]
