"""Only what comes from people whom a user does not follow may be shown, and nothing of the user's own.

Items without an author come from nobody, and are not shown. Where everybody posts, this is the page on which people find each
other: rank it by author (`jaccard`, `personalised_pagerank`) or by what is said, and let `follow_originator` follow whom
people liked.

Also known as: discovery page, explore tab, out-of-network candidates, who to follow.
Why it matters here: the opposite of an inbox; what an algorithm brings in from outside the network, and nothing else.
Source: candidates of people recommenders as in Cinus, Minici, Monti & Bonchi (2022), The effect of people recommenders on
echo chambers and polarization.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from cocoonsim.candidates import Candidates
from cocoonsim.core.chance import Dice
from cocoonsim.core.world import PlatformView


class NotFollowed(Candidates):
    needs = frozenset({"network"})

    def offer(self, platform: PlatformView, users: np.ndarray, dice: Dice) -> np.ndarray:
        author = platform.items.author[platform.live]
        return platform.live[(author >= 0) & (author < platform.n_users)]

    def hidden(self, platform: PlatformView, users: np.ndarray) -> Any:
        from scipy.sparse import csr_array

        author = platform.items.author
        order = platform.items.derived("by author", lambda: np.argsort(author, kind="stable"))
        starts = np.searchsorted(author[order], np.arange(platform.n_users + 1))
        row, followee = platform.follows.arcs_of(users)
        row, person = np.concatenate([np.arange(len(users)), row]), np.concatenate([users, followee])
        counts = np.diff(starts)[person]
        rows = np.repeat(row, counts)
        place = np.arange(rows.size) - np.repeat(np.cumsum(counts) - counts, counts)
        items = order[np.repeat(starts[person], counts) + place]
        return csr_array((np.ones(rows.size, np.int8), (rows, items)), shape=(len(users), platform.n_items))
