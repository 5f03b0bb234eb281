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

    def learn_on(self, platform: PlatformView, dice: Dice, before: Any) -> Any:
        """`learn` for a policy that carries on from the model it had `before` (None at first). The engine calls this."""
        return self.learn(platform, dice)


BASE = Ranking
