"""Draw the feed by lot, with odds in proportion to the scores.

Places are filled one after another; each remaining candidate is drawn with a chance proportional to score^exponent. With an
exponent of 1, an item that scores twice as much has twice the odds of the first place; with 0 all odds are equal.

How: every candidate gets the key exponent x log(score) plus a Gumbel number of its (step, user, item), and the largest keys are
shown in order. Sorting by U^(1 / odds) with uniform U is the same order; and it is the feed that `softmax` makes of log(score)
at an inverse temperature of `exponent`. A score of 0 has no chance: such items come last, in random order, where nothing else
is left. A score below 0 counts as 0, or stops the run, as `negative` says: no odds belong to it.

Also known as: roulette-wheel selection, weighted random sampling without replacement, Efraimidis-Spirakis sampling.
Why it matters here: the lottery with the mildest feedback; clicks that count as scores make it a Pólya urn.
Source: Efraimidis & Spirakis (2006), Weighted random sampling with a reservoir.
"""

from __future__ import annotations

from pathlib import Path
from typing import Self

import numpy as np

from cocoonsim.core.chance import gumbel
from cocoonsim.core.setting import setting
from cocoonsim.core.view import View
from cocoonsim.feed import Feed

# below 100 times the logarithm of any float32, and near enough to leave the lottery its digits
_LAST = np.float32(-20_000.0)


class Proportional(Feed):
    exponent: float = setting(
        1.0, low=0.0, high=100.0, help="How much more odds a higher score gets; 0 = the same for all"
    )
    negative: str = setting(
        "zero", choices=("zero", "refuse"), help="What a score below 0 does: count as 0, or stop the run with an error"
    )

    @classmethod
    def examples(cls, folder: Path) -> list[Self]:
        """What the promises try: they use scores below 0, which `refuse` is there to refuse."""
        return [cls(exponent=exponent, negative="zero") for exponent in (1.0, 0.0, 3.0)]

    def shortlists(self, scores: np.ndarray, view: View) -> dict[str, np.ndarray]:
        allowed = scores > -np.inf
        if self.negative == "refuse" and (allowed & (scores < 0)).any():
            least = float(scores[allowed].min())
            raise ValueError(
                f"feed proportional: a score of {least:g} has no odds (step {view.step}). "
                "Use a ranking that scores 0 or more, or negative: zero"
            )
        chance = allowed & (scores > 0)
        odds = np.log(np.where(chance, scores, np.float32(1))) * np.float32(self.exponent)
        odds = np.where(chance, odds, _LAST)
        # the stream of softmax: the same luck where one is compared with the other
        return {"best": np.where(allowed, odds + gumbel(view.uniform("softmax")), np.float32(-np.inf))}

    def fill(self, scores: np.ndarray, items: np.ndarray, view: View, slate: int) -> np.ndarray:
        return items[:, :slate]
