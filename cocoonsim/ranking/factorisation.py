"""Show people what others with similar clicks clicked, by way of a few hidden factors.

Clicks are explained by a short vector for each user and each item. A click says "liked", the more clicks the surer; no
click says "not liked", but with little confidence. The vectors are fitted in turns, users and items, each turn a ridge
regression with an exact answer. Users and items without clicks have vectors of zeros: all ties, broken at random.

How: the confidence of a pair with c clicks is 1 + confidence x c, and `learn` minimises the confidence-weighted squared
error plus `regularisation` times the squared length of all vectors. The score is the product of user and item vector
over the length of the user's, which does not change the user's order: the cosine, exactly on the grid, times the item's
length, which tells popular items from rare ones. The fit starts from a fixed random projection of who clicked what, not
from the run's dice, so what the platform learns depends on behaviour alone.

Also known as: implicit-feedback matrix factorisation, weighted ALS, iALS, WRMF, collaborative filtering by latent factors.
Source: Hu, Koren & Volinsky (2008), Collaborative filtering for implicit feedback datasets.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from cocoonsim.core.arrays import Vectors, gather
from cocoonsim.core.blocks import one_blas_thread
from cocoonsim.core.chance import ALWAYS, Dice
from cocoonsim.core.pruning import Prunable
from cocoonsim.core.setting import setting
from cocoonsim.core.view import View
from cocoonsim.core.world import PlatformView, World
from cocoonsim.ranking import Ranking

_ROWS = 4096  # users (or items) solved at once: bounds the memory, changes no number


@dataclass(frozen=True)
class Factors:
    """What the fit found: `users` float64 (n_users, rank), `items` float64 (n_items, rank)."""

    users: np.ndarray
    items: np.ndarray
    _grown: dict[int, Factors] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def directions(self) -> Vectors:
        """The item vectors on the grid."""
        return Vectors(self.items)

    @cached_property
    def lengths(self) -> np.ndarray:
        """float32 (n_items,): how long the item vectors are."""
        return np.sqrt((self.items * self.items).sum(axis=1)).astype(np.float32)

    def with_room(self, n_items: int) -> Factors:
        """These factors, with zeros for items published since they were learnt."""
        if n_items == len(self.items):
            return self
        grown = self._grown.get(n_items)
        if grown is None:
            more = np.zeros((n_items - len(self.items), self.items.shape[1]))
            grown = self._grown[n_items] = Factors(self.users, np.concatenate([self.items, more]))
        return grown


class Factorisation(Ranking):
    personalised = True
    needs = frozenset({"pairs"})

    rank: int = setting(16, low=1, high=512, unit="factors", help="Length of the hidden vectors")
    regularisation: float = setting(1.0, above=0.0, help="Pull of all vectors towards zero; large = cautious")
    confidence: float = setting(40.0, above=0.0, help="How much surer each click makes the platform")
    iterations: int = setting(5, low=1, high=100, help="How many times users and items are fitted in turn")

    def misfits(self, world: World, slate: int) -> list[tuple[str, str]]:
        if self.rank <= max(world.n_items, slate):  # a feed longer than the catalogue: more items are to come
            return []
        return [
            (
                "rank",
                f"rank = {self.rank} but the catalogue has {world.n_items} items. Use a rank below {world.n_items}",
            )
        ]

    def learn(self, platform: PlatformView, dice: Dice) -> Factors:
        clicks = platform.history.pairs("clicks").astype(np.float64)
        by_item = clicks.T.tocsr()
        with one_blas_thread():
            items = self._start(by_item)
            users = self._solve(clicks, items)
            for _ in range(self.iterations - 1):
                items = self._solve(by_item, users)
                users = self._solve(clicks, items)
            items = self._solve(by_item, users)
        return Factors(users, items)

    def score(self, view: View) -> np.ndarray:
        model: Factors = view.model.with_room(view.platform.n_items)
        profile = view.shared("factors", lambda: model.users[view.users])
        return view.affinity(profile, model.directions) * gather(model.lengths, view.items)

    def prunable(self, view: View) -> Prunable:
        model: Factors = view.model.with_room(view.platform.n_items)
        return Prunable(model.users[view.users], model.directions, model.lengths)

    def _start(self, by_item: Any) -> np.ndarray:
        """Item vectors to start from: a random vector for each user, averaged over those who clicked the item."""
        users = np.arange(by_item.shape[1])
        luck = Dice(0, ALWAYS).normal("factorisation", users, self.rank)
        total = np.asarray(by_item.sum(axis=1)).reshape(-1, 1)
        return (by_item @ luck) / np.where(total > 0, total, 1.0)

    def _solve(self, clicks: Any, others: np.ndarray) -> np.ndarray:
        """The best vectors of the rows of `clicks` (n, m), given the vectors `others` (m, rank) of its columns.

        For each row: (O'O + regularisation I + sum over its clicks of confidence c o o') x = sum of (1 + confidence c) o.
        """
        out = np.zeros((clicks.shape[0], self.rank))
        everybody = others.T @ others + self.regularisation * np.eye(self.rank)
        active = np.flatnonzero(np.diff(clicks.indptr))
        for low in range(0, active.size, _ROWS):
            rows = active[low : low + _ROWS]
            extra = clicks[rows] * self.confidence
            left = np.empty((rows.size, self.rank, self.rank))
            for factor in range(self.rank):
                left[:, factor] = extra @ (others * others[:, factor, None])
            left += everybody
            surer = extra.copy()
            surer.data += 1.0
            out[rows] = np.linalg.solve(left, (surer @ others)[:, :, None])[:, :, 0]
        return out
