"""Learn hidden factors so that what people clicked ranks above what they did not.

Users and items have vectors of `rank` numbers and items a bias; the score is their product plus the bias. Learning draws pairs
of an item that a user clicked and one that the user did not, and moves the vectors along the gradient of the log-chance
sigmoid(score of the clicked - score of the other) that they come in the right order, with a pull towards 0.

How: in each of `epochs` rounds every click is paired with one unclicked item, in `batches` batches; gradients of a batch are
added up before the vectors move. All draws are keyed by the run's seed and step. Each round starts from small random vectors.

Also known as: BPR, BPR-MF, pairwise learning to rank, implicit-feedback ranking.
Why it matters here: the pairwise counterpart of `factorisation`: it cares about order alone, and so favours the popular more.
Source: Rendle, Freudenthaler, Gantner & Schmidt-Thieme (2009), BPR: Bayesian personalized ranking from implicit feedback.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cocoonsim.core.arrays import gather
from cocoonsim.core.chance import Dice
from cocoonsim.core.setting import setting
from cocoonsim.core.view import View
from cocoonsim.core.world import PlatformView
from cocoonsim.ranking import Ranking


@dataclass(frozen=True)
class PairwiseFactors:
    """`users` float64 (n_users, rank), `items` float64 (n_items, rank), `bias` float64 (n_items,)."""

    users: np.ndarray
    items: np.ndarray
    bias: np.ndarray


class Bpr(Ranking):
    personalised = True
    random = True
    needs = frozenset({"pairs"})

    rank: int = setting(16, low=1, high=512, unit="factors", help="Length of the hidden vectors")
    learning_rate: float = setting(0.05, above=0.0, help="How far vectors move along the gradient")
    regularisation: float = setting(0.01, low=0.0, help="Pull of all vectors towards 0")
    epochs: int = setting(20, low=1, high=10_000, help="How many times every click is used")
    batches: int = setting(10, low=1, high=10_000, help="In how many batches an epoch is cut")

    def learn(self, platform: PlatformView, dice: Dice) -> PairwiseFactors:
        clicks = platform.history.pairs("clicks")
        n_users, n_items = clicks.shape
        user = np.repeat(np.arange(n_users), np.diff(clicks.indptr))
        liked = clicks.indices.astype(np.int64)
        known = np.sort(user * n_items + liked)
        users = 0.1 * dice.normal("bpr users", np.arange(n_users), self.rank)
        items = 0.1 * dice.normal("bpr items", np.arange(n_items), self.rank)
        bias = np.zeros(n_items)
        event = np.arange(len(user))
        for epoch in range(self.epochs if len(user) else 0):
            other = dice.below(f"bpr other {epoch}", event, 1, n_items)[:, 0]
            place = np.searchsorted(known, user * n_items + other)
            fair = known[np.minimum(place, len(known) - 1)] != user * n_items + other  # not clicked by this user
            order = np.argsort(dice.bits(f"bpr order {epoch}", event)[:, 0], kind="stable")
            for batch in np.array_split(order[fair[order]], self.batches):
                self._move(users, items, bias, user[batch], liked[batch], other[batch])
        return PairwiseFactors(users, items, bias)

    def _move(
        self,
        users: np.ndarray,
        items: np.ndarray,
        bias: np.ndarray,
        user: np.ndarray,
        liked: np.ndarray,
        other: np.ndarray,
    ) -> None:
        """One step along the gradient of a batch of triples, in place."""
        p, q, r = users[user], items[liked], items[other]
        margin = (p * (q - r)).sum(axis=1) + bias[liked] - bias[other]
        weight = (1.0 / (1.0 + np.exp(np.minimum(margin, 700.0))))[:, None]
        rate, pull = self.learning_rate, self.regularisation
        np.add.at(users, user, rate * (weight * (q - r) - pull * p))
        np.add.at(items, liked, rate * (weight * p - pull * q))
        np.add.at(items, other, rate * (-weight * p - pull * r))
        np.add.at(bias, liked, rate * (weight[:, 0] - pull * bias[liked]))
        np.add.at(bias, other, rate * (-weight[:, 0] - pull * bias[other]))

    def score(self, view: View) -> np.ndarray:
        model: PairwiseFactors = view.model
        known = np.where(view.items < len(model.bias), view.items, np.int32(-1))  # what is newer has no vector yet
        vectors, mine = gather(model.items, known), model.users[view.users]
        total = np.broadcast_to(gather(model.bias, known), view.shape).copy()
        for factor in range(mine.shape[1]):  # one order of adding, whatever the block
            total += mine[:, factor, None] * vectors[..., factor]
        return total.astype(np.float32)
