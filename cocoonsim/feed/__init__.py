"""How scores become a feed."""

from __future__ import annotations

import numpy as np

from cocoonsim.core.component import Component
from cocoonsim.core.view import View


class Feed(Component):
    """A rule that fills feeds, known elsewhere as a selector or re-ranker."""

    def depth(self, slate: int) -> int:
        """How many of the best candidates the rule wants to choose from, for a feed of `slate` places."""
        return slate

    def shortlists(self, scores: np.ndarray, view: View) -> dict[str, np.ndarray]:
        """Scores (n, w) by which the best `depth` candidates are kept, by name; `best` is what `fill` gets.

        Called tile by tile: a number for a (user, item) pair must not depend on the other items. A rule that also wants,
        say, random candidates adds a list of its own and finds it in `view.lists` when it fills.
        """
        return {"best": scores}

    def draw(self, scores: np.ndarray, sizes: np.ndarray, view: View, places: int) -> np.ndarray | None:
        """int64 (n, places): the kind to draw an item of, place by place, -1 when all are used up; None: no such rule.

        Only for a lottery: there are `sizes` (kinds,) items of each kind, which all have the score (n, kinds) of their kind.
        It must be the same lottery as the one over single items that `shortlists` and `fill` make.
        """
        return None

    def fill(self, scores: np.ndarray, items: np.ndarray, view: View, slate: int) -> np.ndarray:
        """int32 (n, slate) item ids, padded with -1, from the `best` list: scores and ids (n, depth), best first."""
        raise NotImplementedError(f"{type(self).__name__} does not fill")


BASE = Feed
