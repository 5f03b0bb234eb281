"""Show what may well be liked, and count not knowing as a reason to try.

For each user a ridge regression predicts the click from the item's topics. The score is the prediction plus `exploration` times
its standard error: x'theta + exploration x sqrt(x' A^-1 x), with A = regularisation x I + the sum of x x' over the items shown,
and theta = A^-1 times the sum of x over the items clicked. What has been tried little gets its chance.

How: it learns from what each user was shown within the platform's memory. Topics are scaled to length 1.

Also known as: LinUCB, disjoint linear contextual bandit, optimism in the face of uncertainty.
Why it matters here: a platform that explores on principle; does that keep feeds open, and at what cost in clicks?
Source: Li, Chu, Langford & Schapire (2010), A contextual-bandit approach to personalized news article recommendation
(algorithm 1).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cocoonsim.core.arrays import gather
from cocoonsim.core.chance import Dice
from cocoonsim.core.setting import setting
from cocoonsim.core.view import View
from cocoonsim.core.world import Columns, PlatformView, item_vectors
from cocoonsim.ranking import Ranking

_ROWS = 512  # users at a time: bounds the memory, changes nothing


@dataclass(frozen=True)
class Regression:
    """`theta` float64 (n_users, n_topics); `root` float64 (n_users, n_topics, n_topics), root' root = A^-1."""

    theta: np.ndarray
    root: np.ndarray


class LinearBandit(Ranking):
    personalised = True

    exploration: float = setting(1.0, low=0.0, help="How many standard errors are added; 0 = no exploration")
    regularisation: float = setting(1.0, above=0.0, help="Weight of the prior, in items seen")

    def learn(self, platform: PlatformView, dice: Dice) -> Regression:
        history, vectors = platform.history, _vectors(platform.items)
        n, d = platform.n_users, vectors.shape[1]
        theta, root = np.zeros((n, d)), np.zeros((n, d, d))
        for low in range(0, n, _ROWS):
            part = slice(low, low + _ROWS)
            items, clicked = history.recent[part], history.recent_clicked[part]
            seen = gather(vectors, items)
            gram = np.zeros((len(items), d, d))
            for place in range(items.shape[1]):  # place by place: sums do not depend on who is in the block
                gram += seen[:, place, :, None] * seen[:, place, None, :]
            gram += self.regularisation * np.eye(d)
            liked = (seen * clicked[:, :, None]).sum(axis=1)
            theta[part] = np.linalg.solve(gram, liked[:, :, None])[:, :, 0]
            root[part] = np.linalg.inv(np.linalg.cholesky(gram))
        return Regression(theta, root)

    def score(self, view: View) -> np.ndarray:
        expected, error = self._parts(view)
        return (expected + self.exploration * error).astype(np.float32)

    def explain(self, view: View) -> dict[str, np.ndarray]:
        expected, error = self._parts(view)
        return {"expected click": expected, "bonus for not knowing": self.exploration * error}

    @staticmethod
    def _parts(view: View) -> tuple[np.ndarray, np.ndarray]:
        """float64 (n, w) each: the prediction, and its standard error; added in one order, whatever the block."""
        model: Regression = view.model
        theta, root = model.theta[view.users], model.root[view.users]
        x = gather(_vectors(view.platform.items), view.items)  # (w, d) or (n, w, d)
        d = theta.shape[1]
        expected = np.zeros(view.shape)
        for topic in range(d):
            expected += theta[:, topic, None] * x[..., topic]
        square = np.zeros(view.shape)
        for row in range(d):
            line = np.zeros(view.shape)
            for topic in range(row + 1):  # a triangle
                line += root[:, row, topic, None] * x[..., topic]
            square += line * line
        return expected, np.sqrt(square)


def _vectors(items: Columns) -> np.ndarray:
    vectors: np.ndarray = items.derived("vectors as float64", lambda: item_vectors(items).rows.astype(np.float64))
    return vectors
