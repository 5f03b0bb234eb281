"""How candidates are scored: the policy in the narrow sense."""

from __future__ import annotations

from typing import Any

import numpy as np

from cocoonsim.core.chance import Dice
from cocoonsim.core.component import Component
from cocoonsim.core.pruning import Prunable
from cocoonsim.core.view import View
from cocoonsim.core.world import PlatformView


class Ranking(Component):
    """A ranking policy. Its traits are tested: a policy that lies about them fails its promises."""

    personalised = False
    """Two users may get different scores for the same item."""
    social = False
    """Scores depend on who follows whom."""
    random = False
    """Scores use random numbers."""
    by_topic = False
    """Items with the same topics have the same score for a user, whatever else they are."""
    sees_minds = False
    """Scores use what no platform can know: true interests or opinions."""

    def score(self, view: View) -> np.ndarray:
        """Scores, float32, higher is better: (n_users, n_candidates) or anything that broadcasts to it. -inf: never."""
        raise NotImplementedError(f"{type(self).__name__} does not score")

    def prunable(self, view: View) -> Prunable | None:
        """For a score that is `view.affinity(profile, vectors)` times a number of the item's: these, for the view's users.

        It lets a full catalogue be served without scoring all of it, with the same feeds. None: no such score.
        """
        return None

    def learn(self, platform: PlatformView, dice: Dice) -> Any:
        """What the policy takes from behaviour so far; called every `retrain_every` steps, read as `view.model`."""
        return None

    def explain(self, view: View) -> dict[str, np.ndarray]:
        """How the scores came about: named parts, float64 that broadcast to (n_users, n_candidates), whose sum is the score.

        The sum is taken in the order of the parts and rounded to float32 as the score is: it is the score, to the last bit.
        """
        return {"score": np.asarray(self.score(view), np.float64)}

    @property
    def carries(self) -> bool:
        """It carries on from the model it had: the platform's estimate moves on rather than being made anew."""
        return type(self).learn_on is not Ranking.learn_on

    def learn_on(self, platform: PlatformView, dice: Dice, before: Any) -> Any:
        """`learn` for a policy that carries on from the model it had `before` (None at first). The engine calls this."""
        return self.learn(platform, dice)


BASE = Ranking
