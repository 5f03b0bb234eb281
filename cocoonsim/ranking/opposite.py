"""Show people what is far from where they stand.

The score is the distance between the item and the user: of stances (`of: stance`, Euclidean) or of topics (`of: topics`, 1 -
cosine to the topics of the user's clicks). `position` says how the platform knows where a user stands; see `similarity`.

Also known as: contrarian ranking, counter-attitudinal exposure, reverse filter, devil's advocate.
Why it matters here: the opposite of a filter bubble is not its cure: people may click none of it, or harden.
Source: Perra & Rocha (2019), Modelling opinion dynamics in the age of algorithmic personalisation (the reverse filter).
"""

from __future__ import annotations

import numpy as np

from cocoonsim.core.setting import setting
from cocoonsim.core.view import View
from cocoonsim.ranking import Ranking
from cocoonsim.ranking._nearness import distance


class Opposite(Ranking):
    personalised = True

    of: str = setting("stance", choices=("stance", "topics"), help="What is compared")
    position: str = setting("clicks", choices=("clicks", "opinion"), help="How the platform knows where a user stands")

    @property
    def sees_minds(self) -> bool:  # type: ignore[override]
        """Whether it needs the users' true opinions."""
        return self.of == "stance" and self.position == "opinion"

    def score(self, view: View) -> np.ndarray:
        return distance(view, self.of, self.position).astype(np.float32)
