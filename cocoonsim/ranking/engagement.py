"""Show people what keeps them clicking, and what upsets them most of all.

An item's score is the click that the platform expects, times a bonus for inflammatory content. The expected click is the
item's click rate over everybody, pulled towards the average rate while it has been shown little, and raised when the
item's topics are the topics of the user's earlier clicks.

How: rate = (clicks + smoothing x average) / (shown + smoothing); score = rate x (1 + taste x affinity to clicked topics)
x (1 + arousal_weight x arousal). Before anything was shown the average rate is taken as 1.

Also known as: engagement maximisation, click-through-rate optimisation, attention-maximising feed.
Why it matters here: the policy that platforms are accused of; with `arousal_weight: 0` only what people click counts, so
the difference is what the platform adds to people's own pull towards inflammatory content.
Source: own; after the description in Milli et al. (2025), Engagement, user satisfaction, and the amplification of
divisive content on social media.
"""

from __future__ import annotations

import numpy as np

from cocoonsim.core.setting import setting
from cocoonsim.core.view import View
from cocoonsim.ranking import Ranking


class Engagement(Ranking):
    personalised = True

    arousal_weight: float = setting(
        1.0, low=0.0, high=100.0, help="Bonus for inflammatory content; 0 = clicks alone count"
    )
    taste: float = setting(1.0, low=0.0, high=100.0, help="How much the user's own clicks count; 0 = the same for all")
    smoothing: float = setting(
        10.0,
        above=0.0,
        unit="views",
        help="How many views an item needs before its own click rate outweighs the average",
    )

    def score(self, view: View) -> np.ndarray:
        rate, bonus, liking = self._factors(view)
        return liking * (rate * bonus)

    def explain(self, view: View) -> dict[str, np.ndarray]:
        rate, bonus, _ = (np.asarray(factor, np.float64) for factor in self._factors(view))
        whole = np.asarray(self.score(view), np.float64)
        return {
            "what others clicked": rate,
            "how inflammatory it is": rate * (bonus - 1.0),
            "your own clicks": whole - rate * bonus,
        }

    def _factors(self, view: View) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Click rate, bonus for arousal, and liking, float32."""
        history, smoothing = view.platform.history, np.float32(self.smoothing)
        views = int(history.item_shown.sum())
        average = np.float32(int(history.item_clicks.sum()) / views if views else 1.0)
        rate = (view.item("clicks") + smoothing * average) / (view.item("shown") + smoothing)
        bonus = np.float32(1) + np.float32(self.arousal_weight) * view.item("arousal")
        liking = np.float32(1) + np.float32(self.taste) * view.affinity(view.user("clicked_topics"))
        return rate, bonus, liking
