"""Show people what has the attributes that explain their clicks.

For each user the platform fits weights of the topics, none below 0, such that the sum of weight times topic share comes as
near as it can to 1 for every item that the user has clicked and to 0 for every other (least squares). An item scores by the
same sum. Unlike `content`, which takes the mean of what was clicked, it minds what was not: a topic of which much was offered
and little clicked weighs less. With no clicks yet all items tie.

How: `ridge` is added to the squares of each topic, so that topics nobody publishes do no harm. The weights are scaled to sum
to 1, which does not change a user's order. One fit for each user and time of learning: meant for up to some ten thousand users.

Also known as: NNLS content filtering, non-negative least squares profile, attribute-based regression.
Source: the content system of Chaney, Stewart & Engelhardt (2018), How algorithmic confounding in recommendation systems
increases homogeneity and decreases utility; Lawson & Hanson (1974), Solving least squares problems (the algorithm).
"""

from __future__ import annotations

import numpy as np

from cocoonsim.core.arrays import shares_on_grid
from cocoonsim.core.chance import Dice
from cocoonsim.core.setting import setting
from cocoonsim.core.view import View
from cocoonsim.core.world import PlatformView, item_shares
from cocoonsim.ranking import Ranking


class AttributeRegression(Ranking):
    personalised = True
    by_topic = True
    needs = frozenset({"pairs"})

    ridge: float = setting(1e-6, above=0.0, help="What is added to the sum of squares of each topic")

    def learn(self, platform: PlatformView, dice: Dice) -> np.ndarray:
        """float64 (n_users, topics): weights, rows sum to 1 or are 0."""
        from scipy.optimize import nnls

        topics = platform.items.topics.astype(np.float64)
        marks = platform.history.pairs("clicks").astype(np.float64)
        marks.data[:] = 1.0
        # |A x - y|^2 + ridge |x|^2 = |R x - z|^2 + a constant, with R'R = A'A + ridge and R'z = A'y: small, whatever the items
        root = np.linalg.cholesky(topics.T @ topics + self.ridge * np.eye(topics.shape[1])).T
        wanted = np.linalg.solve(root.T, (marks @ topics).T).T
        weights = np.zeros(wanted.shape)
        for user in np.flatnonzero(np.diff(marks.indptr)):
            weights[user] = nnls(root, wanted[user])[0]
        total = weights.sum(axis=1, keepdims=True)
        return np.asarray(weights / np.where(total > 0, total, 1.0))

    def score(self, view: View) -> np.ndarray:
        shares = view.shared("attribute_regression", lambda: shares_on_grid(view.model[view.users]))
        return view.products(shares, item_shares(view.platform.items))
