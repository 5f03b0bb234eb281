"""Show people what those whom they follow clicked.

The score of an item is the number of followees who have clicked it at least once. For who follows nobody all items tie.

Also known as: friends' likes, social filtering, network recommendation.
Why it matters here: the channel by which homophily turns into narrow exposure: like-minded followees click alike.
Source: the social-filtering policy of Chaney, Stewart & Engelhardt (2018), How algorithmic confounding increases
homogeneity.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from cocoonsim.core.view import View
from cocoonsim.ranking import Ranking


class Social(Ranking):
    personalised = True
    social = True
    needs = frozenset({"network", "pairs"})

    def score(self, view: View) -> np.ndarray:
        return view.pick(view.shared("social", lambda: _followees_who_clicked(view)))


def _followees_who_clicked(view: View) -> Any:
    """A sparse CSR array (these users, all items) of whole numbers."""
    from scipy.sparse import csr_array

    row, followee = view.platform.follows.arcs_of(view.users)
    clicked = view.platform.history.pairs("clicks")[followee]  # a row for each arc
    who = np.repeat(row, np.diff(clicked.indptr))
    shape = (len(view.users), view.platform.n_items)
    # summed as whole numbers, entry by entry: an item clicked twice by one followee is one entry
    return csr_array((np.ones(clicked.nnz, np.int32), (who, clicked.indices)), shape=shape)
