"""Show people what is close to where they stand.

`of: stance` compares the item's stance with the user's position, `of: topics` its topics with those of the user's clicks. The
closer, the higher the score, by a `kernel` of the distance d: `power`: max(d, floor)^-exponent; `hill`: reach^exponent /
(d^exponent + reach^exponent); `rbf`: exp(-(d / reach)^2); `cosine`: 1 - d (what is left of likeness, on topics the cosine).

How: with `position: clicks` the platform takes the mean stance of what the user clicked lately (0 before anything was); with
`position: opinion` it knows the opinion itself, as models do in which people show what they think: then `sees_minds` is true.
The distance of topics is 1 - cosine. The floor keeps the power kernel finite; published results depend on it.

Also known as: similarity kernel, homophilic selection, content-based selection, algorithmic bias.
Why it matters here: the strength of an algorithm's preference for more of the same, in one number.
Source: Sîrbu, Pedreschi, Giannotti & Kertész (2019), Algorithmic bias amplifies opinion fragmentation (power with a floor);
Geschke, Lorenz & Holtz (2019), The triple-filter bubble (hill).
"""

from __future__ import annotations

import numpy as np

from cocoonsim.core.setting import setting
from cocoonsim.core.view import View
from cocoonsim.ranking import Ranking
from cocoonsim.ranking._nearness import distance


class Similarity(Ranking):
    personalised = True

    of: str = setting("stance", choices=("stance", "topics"), help="What is compared")
    position: str = setting("clicks", choices=("clicks", "opinion"), help="How the platform knows where a user stands")
    kernel: str = setting("power", choices=("power", "hill", "rbf", "cosine"), help="How closeness turns into a score")
    exponent: float = setting(1.0, low=0.0, high=1000.0, help="How sharply the score falls with distance (power, hill)")
    floor: float = setting(1e-5, above=0.0, help="Distances below this count as this (power)")
    reach: float = setting(0.3, above=0.0, help="Distance at which the score has fallen to 1/2 (hill) or 1/e (rbf)")

    @property
    def sees_minds(self) -> bool:  # type: ignore[override]
        """Whether it needs the users' true opinions."""
        return self.of == "stance" and self.position == "opinion"

    def score(self, view: View) -> np.ndarray:
        far = distance(view, self.of, self.position)
        if self.kernel == "power":
            near = np.maximum(far, self.floor) ** -self.exponent
        elif self.kernel == "hill":
            near = 1.0 / (1.0 + (far / self.reach) ** self.exponent)
        elif self.kernel == "rbf":
            near = np.exp(-((far / self.reach) ** 2))
        else:
            near = 1.0 - far
        return np.minimum(near, float(np.finfo(np.float32).max)).astype(np.float32)
