"""Show people what they truly get the most out of.

The score is the true utility of an item to a user: affinity of true interests and topics, times quality. No platform can
know it; it is the yardstick for those that guess.

Also known as: ideal recommender, perfect information, ground-truth ranking.
Why it matters here: what is narrow under this policy is narrow because people like it so; a real policy is to be compared
with this one, not with chance alone.
Source: the ideal policy of Chaney, Stewart & Engelhardt (2018), How algorithmic confounding increases homogeneity.
"""

from __future__ import annotations

import numpy as np

from cocoonsim.core.pruning import Prunable
from cocoonsim.core.view import View
from cocoonsim.core.world import item_vectors
from cocoonsim.ranking import Ranking


class Oracle(Ranking):
    personalised = True
    sees_minds = True

    def score(self, view: View) -> np.ndarray:
        tastes = view.shared("true tastes", lambda: view.minds.tastes(view.users))
        return view.products(tastes, view.minds.vectors) * view.item("quality")

    def prunable(self, view: View) -> Prunable | None:
        if view.minds.liking != "cosine":
            return None
        items = view.platform.items
        interests = view.shared("true interests", lambda: view.minds.users.interests[view.users])
        return Prunable(interests, item_vectors(items), items.quality)
