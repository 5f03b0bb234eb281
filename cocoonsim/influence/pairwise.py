"""People meet in pairs, one encounter after another, and come closer if they are not too far apart.

In each encounter somebody who is online is drawn at random, and a partner: anybody (`among: everyone`) or somebody they
follow. With `similarity_exponent` g above 0 partners are drawn with a chance proportional to max(distance,
distance_floor)^-g: the more alike, the likelier. If their opinions (first dimension) are closer than the tolerance, both
move by `rate` of the distance towards each other (with `symmetric: false` only the first does). Each encounter sees what
the last one did. With `newcomers`, whoever somebody has begun to follow since their last encounters is met first. Nobody's
feed matters.

How: a step holds `encounters` encounters, by default as many as people are online (a sweep).

Also known as: Deffuant-Weisbuch model, pairwise bounded confidence, gossip; with similar partners: algorithmic bias model.
Why it matters here: the oldest model of how groups stop hearing each other; algorithmic bias adds a recommender in one
number.
Source: Deffuant, Neau, Amblard & Weisbuch (2000), Mixing beliefs among interacting agents; Sîrbu, Pedreschi, Giannotti &
Kertész (2019), Algorithmic bias amplifies opinion fragmentation and polarization (their floor is 1e-5, their border
inclusive).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from cocoonsim.core.arrays import first_of_each
from cocoonsim.core.blocks import Blocks
from cocoonsim.core.chance import Dice
from cocoonsim.core.setting import setting
from cocoonsim.core.world import World
from cocoonsim.influence import Influence

_FEW = 8  # times the encounters of a step: with more people, only those who meet are looked at


class Pairwise(Influence):
    drifts = True

    tolerance: float = setting(
        0.2, low=0.0, help="Opinions closer than this are drawn to each other; 0 = each person's own"
    )
    rate: float = setting(
        0.5, low=0.0, high=1.0, help="Part of the distance that each of the two moves; 0.5 = both to the mean"
    )
    symmetric: bool = setting(True, help="Both move; else only the one who was drawn first")
    inclusive: bool = setting(False, help="Opinions exactly at the tolerance are drawn to each other too")
    among: str = setting("everyone", choices=("everyone", "followees"), help="Whom one may meet")
    newcomers: bool = setting(
        False, help="among: followees: whom one has begun to follow since one's last encounters is met first"
    )
    similarity_exponent: float = setting(
        0.0, low=0.0, high=100.0, help="How much likelier it is to meet one's like; 0 = not"
    )
    distance_floor: float = setting(1e-5, above=0.0, help="Distances below this count as this when partners are drawn")
    encounters: int = setting(0, low=0, help="Encounters in a step; 0 = as many as people are online")

    def problems(self) -> list[tuple[str, str]]:
        if self.rate > 0.5 and self.symmetric:
            return [
                ("rate", f"{self.rate:g}: two who move by more than half the distance pass each other. Use at most 0.5")
            ]
        return []

    def misfits(self, world: World, slate: int) -> list[tuple[str, str]]:
        if self.among == "followees" and not world.follows.n_arcs:
            return [("among", "nobody follows anybody. Use a network, or among: everyone")]
        if self.newcomers and (self.among == "everyone" or self.similarity_exponent > 0):
            return [("newcomers", "goes with among: followees and a similarity_exponent of 0")]
        return []

    def update(
        self, world: World, users: np.ndarray, feed: np.ndarray, clicks: np.ndarray, dice: Dice, blocks: Blocks
    ) -> World:
        n, count = world.n_users, self.encounters or len(users)
        if not count or not len(users) or n < 2:
            return world
        event = np.arange(count)
        luck = dice.uniform("pairwise partner", event)[:, 0].astype(np.float64)
        if len(users) == 1 and self.among == "followees" and not self.similarity_exponent:
            return self._alone(world, int(users[0]), luck.tolist())
        first = users[dice.below("pairwise first", event, 1, len(users))[:, 0]]
        own = world.users.opinion[:, 0].copy()
        reach = (
            np.full(count, self.tolerance) if self.tolerance > 0 else world.users.tolerance[first].astype(np.float64)
        )
        if self.inclusive:
            reach = np.nextafter(reach, np.inf)  # below the next number is at most this one
        if self.similarity_exponent > 0:
            after = self._with_the_like(world, own, reach, first, luck)
        else:
            after = self._with_anybody(world, own, reach, first, luck)
        opinion = world.users.opinion.copy()
        opinion[:, 0] = after
        world = world.with_users(opinion=opinion)
        if self.newcomers and "newest" in world.users and (world.users["newest"][first] >= 0).any():
            world = world.with_user_rows(first, newest=np.full(len(first), -1, np.int32))  # known by now
        return world

    def _alone(self, world: World, user: int, luck: list[float]) -> World:
        """The encounters of somebody who comes alone with followees, in plain numbers: as few calls as possible."""
        theirs, opinion = world.follows.of(user).tolist(), world.users.opinion.copy()
        far = self.tolerance if self.tolerance > 0 else float(world.users.tolerance[user])
        far = float(np.nextafter(far, np.inf)) if self.inclusive else far
        last, rate = len(theirs) - 1, self.rate
        met = [theirs[min(int(one * len(theirs)), last)] for one in luck] if theirs else []
        newest = int(world.users["newest"][user]) if self.newcomers and "newest" in world.users else -1
        if newest >= 0 and met:
            met[0] = newest
        for other in met:
            one, two = float(opinion[user, 0]), float(opinion[other, 0])
            gap = two - one
            if -far < gap < far:
                opinion[user, 0] = one + rate * gap
                if self.symmetric:
                    opinion[other, 0] = two - rate * gap
        world = world.with_users(opinion=opinion)
        return world.with_user_rows(np.array([user]), newest=np.array([-1], np.int32)) if newest >= 0 else world

    def _with_anybody(
        self, world: World, own: np.ndarray, reach: np.ndarray, first: np.ndarray, luck: np.ndarray
    ) -> np.ndarray:
        if self.among == "everyone":
            partner = np.minimum((luck * (len(own) - 1)).astype(np.int64), len(own) - 2)
            partner += partner >= first  # step over oneself
        else:
            follows = world.follows
            low = follows.starts[first]
            degree = follows.starts[first + 1] - low
            place = np.minimum((luck * degree).astype(np.int64), np.maximum(degree - 1, 0))
            some = degree > 0
            first, reach, partner = first[some], reach[some], follows.targets[(low + place)[some]]
            if self.newcomers and "newest" in world.users and first.size:
                order = np.argsort(first, kind="stable")
                opening = order[first_of_each(first[order])]
                new = world.users["newest"][first[opening]]
                partner[opening] = np.where(new >= 0, new, partner[opening])
        pairs = first.tolist(), partner.tolist()
        if _FEW * len(first) < len(own):
            people = list({*pairs[0], *pairs[1]})
            met = dict(zip(people, own[people].tolist(), strict=True))
            self._sweep(met, reach.tolist(), *pairs)
            own[people] = list(met.values())
            return own
        x = own.tolist()
        self._sweep(x, reach.tolist(), *pairs)
        return np.array(x)

    def _sweep(
        self, x: list[float] | dict[int, float], reach: list[float], first: list[int], partner: list[int]
    ) -> None:
        """The encounters in their order. Plain numbers: an encounter depends on the one before, and lists are quickest."""
        rate, back = self.rate, self.rate if self.symmetric else 0.0
        for i, j, far in zip(first, partner, reach, strict=True):
            one, other = x[i], x[j]
            gap = other - one
            if -far < gap < far:
                x[i] = one + rate * gap
                x[j] = other - back * gap

    def _with_the_like(
        self, world: World, own: np.ndarray, reach: np.ndarray, first: np.ndarray, luck: np.ndarray
    ) -> np.ndarray:
        x, floor, weigh = own, self.distance_floor, _kernel(self.similarity_exponent)
        rate, back = self.rate, self.rate if self.symmetric else 0.0
        follows = world.follows if self.among == "followees" else None
        far, ends, last = np.empty(len(x)), np.empty(len(x)), len(x) - 1
        subtract, size, most, add = np.subtract, np.abs, np.maximum, np.add.accumulate
        for i, u, near in zip(first.tolist(), luck.tolist(), reach.tolist(), strict=True):
            one = x[i]
            if follows is None:
                subtract(x, one, out=far)
                size(far, out=far)
                most(far, floor, out=far)
                weigh(far)
                far[i] = 0.0
                add(far, out=ends)
                j = min(int(ends.searchsorted(u * ends[last], "right")), last)
            else:
                others = follows.of(i)
                if not len(others):
                    continue
                odds = np.maximum(np.abs(x[others] - one), floor)
                weigh(odds)
                sums = odds.cumsum()
                j = int(others[min(int(sums.searchsorted(u * sums[-1], "right")), len(sums) - 1)])
            gap = x[j] - one
            if -near < gap < near:
                x[i] = one + rate * gap
                x[j] -= back * gap
        return x


def _kernel(exponent: float) -> Callable[[np.ndarray], object]:
    """Turns distances into distance^-exponent, in place; roots and squares are quicker than powers."""
    if exponent == 1.0:
        return lambda far: np.reciprocal(far, out=far)
    if exponent == 0.5:
        return lambda far: np.reciprocal(np.sqrt(far, out=far), out=far)
    if exponent == 2.0:
        return lambda far: np.reciprocal(np.square(far, out=far), out=far)
    return lambda far: np.power(far, -exponent, out=far)
