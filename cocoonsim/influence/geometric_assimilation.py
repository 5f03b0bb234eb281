"""What people agree with pulls them closer, and what they disagree with pushes them away, each by how much they do.

Opinions and stances are directions in a space of two or more dimensions, as many as there are issues. With c the cosine of the
angle between the two, an item turns the opinion towards c x the item's direction, by `rate`: agreement (c > 0) draws the
opinion nearer, disagreement turns it further away, and what says nothing about the matter (c = 0) leaves it alone. Several
items act at once, as their sum. Opinions keep their length.

How: u becomes |u| x w / |w| with w = u / |u| + rate x the sum of c v / |v| over the items clicked (or, with `by: seen`, shown).
Somebody without an opinion (u = 0), or an item without a stance, has no direction and takes no part.

Also known as: geometric model of opinion polarization (HJMR), biased assimilation of vectors, preference dynamics.
Why it matters here: opinions on issues that have nothing to do with each other become one axis with two ends, as people meet
the same items; and a recommender that shows what scores well need not persuade anybody to narrow them.
Source: Hązła, Jin, Mossel & Ramnarayan (2023), A geometric model of opinion polarization; for recommenders Dean & Morgenstern
(2022), Preference dynamics under personalized recommendations.
"""

from __future__ import annotations

import numpy as np

from cocoonsim.core.arrays import gather, squares
from cocoonsim.core.chance import Dice
from cocoonsim.core.setting import setting
from cocoonsim.core.world import World
from cocoonsim.influence import Influence


class GeometricAssimilation(Influence):
    rate: float = setting(0.1, low=0.0, high=1.0, help="How strongly one item turns an opinion that it agrees with")
    by: str = setting(
        "clicked", choices=("clicked", "seen"), help="Whether people are moved by clicks or by mere exposure"
    )

    def misfits(self, world: World, slate: int) -> list[tuple[str, str]]:
        dims, wide = world.users.opinion.shape[1], world.items.stance.shape[1]
        if dims < 2 or dims != wide:
            return [
                (
                    "",
                    f"opinions and stances are directions in the same two dimensions or more, but opinions have {dims} and "
                    f"stances {wide}. Give population and catalogue (scattered, say) the same `dimensions`",
                )
            ]
        return []

    def move(
        self, world: World, users: np.ndarray, feed: np.ndarray, clicks: np.ndarray, dice: Dice
    ) -> dict[str, np.ndarray]:
        opinion = world.users.opinion[users]
        noticed = clicks if self.by == "clicked" else feed >= 0
        mine, length = _direction(opinion)
        theirs, _ = _direction(gather(world.items.stance, feed))
        pulls = np.where(noticed[:, :, None], _dot(mine[:, None, :], theirs)[:, :, None] * theirs, 0.0)
        # place by place: the same order of adding for any block of users
        turned, size = _direction(mine + self.rate * (np.add.accumulate(pulls, axis=1)[:, -1] + 0.0))
        moved = ((pulls != 0).any(axis=(1, 2)) & (size > 0))[:, None]  # else untouched, to the last bit
        return {"opinion": np.where(moved, length[:, None] * turned, opinion)}


def _direction(vectors: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Vectors (..., dims) at length 1, and their lengths (...); what has no length stays as it is."""
    length = np.sqrt(squares(vectors))
    return vectors / np.where(length > 0, length, 1.0)[..., None], length


def _dot(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """float64 (...): scalar products, added dimension by dimension."""
    total: np.ndarray = one[..., 0] * other[..., 0]
    for dim in range(1, one.shape[-1]):
        total = total + one[..., dim] * other[..., dim]
    return total
