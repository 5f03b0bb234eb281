"""Opinions move towards content, but only towards content that is not too far away.

A clicked (or, with `by: seen`, a shown) item is taken seriously when its stance lies within the person's tolerance, by
Euclidean distance. The opinion moves by `rate` of the way to the mean stance of these items. With a `conviction` it also
moves that part of the way back to the person's innate opinion, whatever is seen. Opinions are not cut.

Also known as: bounded confidence, Deffuant-Weisbuch, Hegselmann-Krause, latitude of acceptance.
Why it matters here: the narrower the feed, the fewer opinions are in reach; groups that lose sight of each other never
meet again.
Source: Deffuant et al. (2000), Mixing beliefs among interacting agents; mean of the accepted messages as in Sasahara et al.
(2021), Social influence and unfollowing accelerate the emergence of echo chambers.
"""

from __future__ import annotations

import numpy as np

from cocoonsim.core.arrays import gather, lengths
from cocoonsim.core.chance import Dice
from cocoonsim.core.setting import setting
from cocoonsim.core.world import World
from cocoonsim.influence import Influence


class BoundedConfidence(Influence):
    rate: float = setting(0.1, low=0.0, high=1.0, help="Part of the way that the opinion moves in a step")
    tolerance: float = setting(
        0.0, low=0.0, help="Distances below this are taken seriously; 0 = each person's own tolerance decides"
    )
    by: str = setting(
        "clicked", choices=("clicked", "seen"), help="Whether people are moved by clicks or by mere exposure"
    )
    conviction: float = setting(
        0.0, low=0.0, high=1.0, help="Part of the way back to the innate opinion in each step; 0 = nothing is innate"
    )

    @property
    def drifts(self) -> bool:  # type: ignore[override]
        """Convictions need no content to act."""
        return self.conviction > 0

    @property
    def keeps_consensus(self) -> bool:  # type: ignore[override]
        """Who agrees now need not have agreed at heart."""
        return self.conviction == 0

    def move(
        self, world: World, users: np.ndarray, feed: np.ndarray, clicks: np.ndarray, dice: Dice
    ) -> dict[str, np.ndarray]:
        opinion = world.users.opinion[users]
        reach = np.full(len(users), self.tolerance) if self.tolerance > 0 else world.users.tolerance[users]
        noticed = clicks if self.by == "clicked" else feed >= 0
        gap = gather(world.items.stance, feed) - opinion[:, None, :]
        near = noticed & (lengths(gap) < reach[:, None])
        gap[~near] = 0.0
        # accumulated place by place: the same order of adding for any block of users
        total, count = np.add.accumulate(gap, axis=1)[:, -1] + 0.0, np.count_nonzero(near, axis=1)
        # gaps and not stances are averaged: who agrees already stays where they are, to the last bit
        moved = opinion + self.rate * (total / np.maximum(count, 1.0)[:, None])
        if self.conviction:
            moved = moved + self.conviction * (world.users.innate_opinion[users] - opinion)
        return {"opinion": moved}
