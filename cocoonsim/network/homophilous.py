"""People follow their like: so many times more often than chance would have it.

Everybody follows `degree` people. Each tie goes to somebody alike with the chance homophily x share, where the share is the
part of all others who are alike; otherwise to somebody who is not. A homophily of 1 is no preference, real networks span
about 0.9 to 4.4 times chance. `by: group`: alike are people of the same group; `by: interests`: those with the same
favourite topic; `by: opinion`: the `reach` share of all who are nearest in opinion (its first dimension).

How: the chance ends at 1, when all ties stay among people who are alike; and where too few are left on one side, ties go to
the other.

Also known as: assortative mixing, homophily, birds of a feather, planted partition by similarity.
Why it matters here: a social filter exists before any algorithm; this sets how strong it is.
Source: McPherson, Smith-Lovin & Cook (2001), Birds of a feather: homophily in social networks; the ratio to chance as in
Currarini, Jackson & Pin (2009), An economic model of friendship (relative homophily).
"""

from __future__ import annotations

import numpy as np

from cocoonsim.core.chance import Chance
from cocoonsim.core.errors import UserError
from cocoonsim.core.follows import Follows
from cocoonsim.core.setting import setting
from cocoonsim.core.world import Columns
from cocoonsim.network import Network

_ROUNDS = 200  # of drawing again what came twice; a handful do unless circles are nearly full


class Homophilous(Network):
    degree: int = setting(10, low=0, help="How many people each user follows", unit="users")
    homophily: float = setting(
        2.0, low=0.0, high=1000.0, help="How many times more often than by chance ties join like"
    )
    by: str = setting("group", choices=("group", "opinion", "interests"), help="In what people are alike")
    reach: float = setting(0.2, above=0.0, below=1.0, help="Share of the others who count as alike (by opinion only)")

    def build(self, users: Columns, chance: Chance) -> Follows:
        n, generator = users.size, chance.generator("network")
        if self.degree > max(n - 1, 0):
            raise UserError(
                f"degree = {self.degree}, but there are only {n} users. Use a degree of at most {max(n - 1, 0)}",
                where="network.homophilous",
            )
        if not self.degree:
            return Follows.none(n)
        order, first, last = self._likeness(users)
        alike = last - first - 1  # without oneself
        place = np.empty(n, np.int64)
        place[order] = np.arange(n)
        share = alike / (n - 1)
        to_like = generator.binomial(self.degree, np.minimum(1.0, self.homophily * share))
        to_like = np.clip(to_like, self.degree - (n - 1 - alike), alike)
        keys = np.empty(0, np.int64)
        for inside, wanted in ((True, to_like), (False, self.degree - to_like)):
            keys = np.concatenate([keys, _drawn(wanted, inside, place, order, first, last, generator)])
        return Follows.from_arcs(n, keys // n, keys % n)

    def mean_degree(self, n_users: int) -> float:
        return float(self.degree)

    def _likeness(self, users: Columns) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """People in an order in which everybody's like stand side by side: (the order, first and past-the-last of each)."""
        n = users.size
        if self.by == "opinion":
            order = np.argsort(users.opinion[:, 0], kind="stable")
            size = min(n, max(2, round(self.reach * (n - 1)) + 1))
            first = np.empty(n, np.int64)
            first[order] = np.clip(np.arange(n) - size // 2, 0, n - size)
            return order, first, first + size
        label = users.group if self.by == "group" else users.interests.argmax(axis=1)
        order = np.argsort(label, kind="stable")
        return order, np.searchsorted(label[order], label), np.searchsorted(label[order], label, side="right")


def _drawn(
    wanted: np.ndarray, inside: bool, place: np.ndarray, order: np.ndarray, first: np.ndarray, last: np.ndarray,
    generator: np.random.Generator,
) -> np.ndarray:  # fmt: skip
    """int64: follower x n + followee, `wanted` different followees for each user, from inside or outside their stretch."""
    n = len(order)
    found = np.empty(0, np.int64)
    for _ in range(_ROUNDS):
        missing = wanted - np.bincount(found // n, minlength=n)
        who = np.repeat(np.arange(n), np.maximum(missing, 0))
        if not who.size:
            break
        size = last[who] - first[who]
        if inside:  # any place of the stretch but one's own
            drawn = first[who] + (generator.random(who.size) * (size - 1)).astype(np.int64)
            drawn += drawn >= place[who]
        else:
            drawn = (generator.random(who.size) * (n - size)).astype(np.int64)
            drawn += np.where(drawn >= first[who], size, 0)
        found = np.sort(np.concatenate([found, who * n + order[drawn]]))
        found = found[np.concatenate([[True], found[1:] != found[:-1]])]
    return found
