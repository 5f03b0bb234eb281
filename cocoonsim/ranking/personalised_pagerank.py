"""Show people what comes from those a random walker meets who keeps coming home to them.

A walker starts at the user, follows a random follow at each step, and jumps home with the chance `restart`. The score of an
item is the share of time the walker spends at its author. The user's own items score 0: nobody is recommended themselves.

How: `steps` rounds of the power method; what is left out is at most (1 - restart)^steps. From who follows nobody the walker
jumps home.

Also known as: personalised PageRank, PPR, random walk with restart, who-to-follow scores.
Why it matters here: the standard way to recommend people; it stays in the user's region of the network.
Source: Page, Brin, Motwani & Winograd (1999), The PageRank citation ranking; Gupta et al. (2013), WTF: the who to follow
service at Twitter.
"""

from __future__ import annotations

import numpy as np

from cocoonsim.core.follows import Follows
from cocoonsim.core.setting import setting
from cocoonsim.core.view import View
from cocoonsim.ranking import Ranking
from cocoonsim.ranking._authors import by_author

_CELLS = 4_000_000  # numbers worked on at once: bounds the memory, changes nothing


class PersonalisedPagerank(Ranking):
    personalised = True
    social = True
    needs = frozenset({"network", "authors"})

    restart: float = setting(0.15, above=0.0, below=1.0, help="Chance to jump home at each step of the walk")
    steps: int = setting(50, low=1, high=1000, help="How many steps the walk is followed")

    def score(self, view: View) -> np.ndarray:
        follows, users = view.platform.follows, view.users
        return by_author(view, view.shared("pagerank", lambda: visits(follows, users, self.restart, self.steps)))


def visits(follows: Follows, users: np.ndarray, restart: float, steps: int) -> np.ndarray:
    """float32 (n, n_users): share of time that a walker from each of `users` spends with each person; 0 with themselves.

    >>> two = Follows.from_arcs(2, np.array([0, 1]), np.array([1, 0]))
    >>> visits(two, np.array([0]), restart=0.5, steps=60).astype(float).round(4).tolist()
    [[0.0, 0.3333]]
    """
    from scipy.sparse import csr_array

    n = follows.n_users
    out = np.zeros((len(users), n), np.float32)
    weight = np.repeat(1.0 / np.maximum(follows.degree, 1), follows.degree)
    walk = csr_array((weight, follows.targets, follows.starts), shape=(n, n)).T.tocsr()
    stuck = follows.degree == 0
    rows = max(1, _CELLS // max(n, 1))
    for low in range(0, len(users), rows):
        some = users[low : low + rows]
        at = np.zeros((n, len(some)))
        home = (some, np.arange(len(some)))
        at[home] = 1.0
        for _ in range(steps):
            lost = at[stuck].sum(axis=0) if stuck.any() else 0.0
            at = (1.0 - restart) * (walk @ at)
            at[home] += restart + (1.0 - restart) * lost
        at[home] = 0.0
        out[low : low + rows] = at.T
    return out
