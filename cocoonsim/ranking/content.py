"""Show people more of what they clicked.

An item scores high for a user when its topics are the topics of the user's earlier clicks. With no clicks yet all items
tie and the feed is filled at random.

Also known as: content-based filtering, item-profile matching.
Why it matters here: the simplest ranking that closes a feedback loop on its own; any narrowing it causes is purely
individual, as no other user and no follow is involved.
Source: Pazzani & Billsus (2007), Content-based recommendation systems.
"""

from __future__ import annotations

import numpy as np

from cocoonsim.core.arrays import gather, unit_rows
from cocoonsim.core.pruning import Prunable
from cocoonsim.core.view import View
from cocoonsim.core.world import item_vectors
from cocoonsim.ranking import Ranking


class Content(Ranking):
    personalised = True
    by_topic = True

    def score(self, view: View) -> np.ndarray:
        return view.affinity(view.user("clicked_topics"))

    def explain(self, view: View) -> dict[str, np.ndarray]:
        mine = unit_rows(view.user("clicked_topics")).astype(np.float64)
        theirs = gather(item_vectors(view.platform.items).rows, view.items).astype(np.float64)
        return {f"topic {t + 1}": mine[:, t, None] * theirs[..., t] for t in range(mine.shape[1])}

    def prunable(self, view: View) -> Prunable:
        return Prunable(view.user("clicked_topics"), item_vectors(view.platform.items))
