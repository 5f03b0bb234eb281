"""How far items are from where a user stands."""

from __future__ import annotations

import numpy as np

from cocoonsim.core.arrays import gather
from cocoonsim.core.positions import distances, stance_of_clicks
from cocoonsim.core.view import View


def distance(view: View, of: str, position: str) -> np.ndarray:
    """float64 (n, w): of stances (Euclidean) or of topics (1 - cosine); 0 to everything for who has clicked nothing."""
    history = view.platform.history
    if of == "topics":
        known = view.user("clicks") > 0
        return np.where(known, 1.0 - view.affinity(view.user("clicked_topics")).astype(np.float64), 0.0)
    stance = gather(view.platform.items.stance, view.items)
    if position == "opinion":
        return distances(view.shared("opinion", lambda: view.minds.users.opinion[view.users]), stance)
    place, clicks = view.shared(
        "stance of clicks", lambda: stance_of_clicks(history, view.platform.items.stance, view.users)
    )
    return np.where(clicks[:, None] > 0, distances(place, stance), 0.0)
