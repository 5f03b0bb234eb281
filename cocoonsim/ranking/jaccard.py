"""Show people what comes from those who follow the same people.

The score of an item is the Jaccard similarity of whom the user and the item's author follow: how many both follow, over how
many either follows. Two who follow nobody have nothing in common. The user's own items score 0.

Also known as: directed Jaccard, common neighbours, structural similarity, friend-of-friend recommendation.
Why it matters here: it closes triangles, and with homophilous ties that means more of one's own kind.
Source: Jaccard (1901); for recommending people Liben-Nowell & Kleinberg (2007), The link-prediction problem for social
networks.
"""

from __future__ import annotations

import numpy as np

from cocoonsim.core.follows import Follows
from cocoonsim.core.view import View
from cocoonsim.ranking import Ranking
from cocoonsim.ranking._authors import by_author


class Jaccard(Ranking):
    personalised = True
    social = True
    needs = frozenset({"network", "authors"})

    def score(self, view: View) -> np.ndarray:
        return by_author(view, view.shared("jaccard", lambda: overlaps(view.platform.follows, view.users)))


def overlaps(follows: Follows, users: np.ndarray) -> np.ndarray:
    """float32 (n, n_users): Jaccard similarity of the followees of `users` with those of everybody; 0 with themselves.

    >>> line = Follows.from_arcs(3, np.array([0, 0, 1]), np.array([1, 2, 2]))
    >>> overlaps(line, np.array([0])).tolist()
    [[0.0, 0.5, 0.0]]
    """
    from scipy.sparse import csr_array

    n, degree = follows.n_users, follows.degree
    arcs = csr_array((np.ones(follows.n_arcs, np.int32), follows.targets, follows.starts), shape=(n, n))
    both = (arcs[users] @ arcs.T).tocsr()
    row = np.repeat(np.arange(len(users)), np.diff(both.indptr))
    either = degree[users][row] + degree[both.indices] - both.data
    out = np.zeros((len(users), n), np.float32)
    out[row, both.indices] = both.data / np.maximum(either, 1)
    out[np.arange(len(users)), users] = 0.0
    return out
