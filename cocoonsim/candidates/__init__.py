"""What may be shown to whom."""

from __future__ import annotations

from typing import Any

import numpy as np

from cocoonsim.core.chance import Dice
from cocoonsim.core.component import Component
from cocoonsim.core.world import PlatformView


class Candidates(Component):
    """A source of candidates, known elsewhere as candidate generation or retrieval."""

    distinct = False
    """No row of an offer holds an item twice (an offer that all share never does): quicker to rank."""

    shows_nothing = False
    """It never offers anything, so that nothing need be ranked."""

    gaps = False
    """What is hidden is ranked all the same, and leaves an empty place in the feed: a row may have gaps."""

    @property
    def cohort_size(self) -> int:
        """Users in cohorts of this many consecutive ids are asked for together and share an offer; 0: no cohorts."""
        return 0

    def offer(self, platform: PlatformView, users: np.ndarray, dice: Dice) -> np.ndarray:
        """int32 ids: (w,) ascending, the same for all `users`, or (n_users, w), a row each, padded with -1.

        A row may hold an id twice; it is shown once. Only ids in `platform.live` are allowed.
        """
        raise NotImplementedError(f"{type(self).__name__} offers nothing")

    def hidden(self, platform: PlatformView, users: np.ndarray) -> Any:
        """What must not be shown although it is offered: a sparse CSR array (n_users, n_items), or None."""
        return None


BASE = Candidates
