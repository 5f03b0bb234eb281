"""How seldom a random walk along ties leaves its own side.

A walker starts somewhere on one side, follows a random follow at each step, and with the chance 0.15 jumps back to a random
person of its own side (personalised PageRank with damping 0.85; from who follows nobody it always does). With P(AB) the share
of its time that a walker from A spends in B, the score is P(XX) P(YY) - P(XY) P(YX): 1 when walkers never cross, 0 when sides
mean nothing to them. Sides are given: opinions below and from the `border` (first dimension), or groups 0 and 1 (`sides:
group`; people of other groups belong to neither). With `hubs` above 0, those who have more ties (in and out) than this share
of people leaves below them no longer lead on.

How to read it: never without its null, and only with sides that are known. Sparse random graphs score 0.4 to 0.55; how many
hubs are cut decides the value; and with sides that were looked for in the graph, raw scores do not tell controversies from
other topics. It says nothing about who caused the sides.

Null model: `ties-rewired`. Whom ties lead to changes hands at random, so that everybody follows and is followed as often as
before (but for the few ties that would lead back to oneself, or be there twice); the mean over `shuffles` draws with dice of
the step. Undefined when a side is empty or nobody follows anybody.

Also known as: random-walk controversy, RWC, PageRank-RWC.
Source: Garimella, De Francisci Morales, Gionis & Mathioudakis (2018), Quantifying controversy on social media (theirs absorbs
walks at hubs); by PageRank as in Cinus et al. (2022), The effect of people recommenders on echo chambers and polarization;
warnings: Salloum, Chen & Kivelä (2022), Separating polarization from noise.
"""

from __future__ import annotations

import math
from typing import Any, ClassVar

import numpy as np

from cocoonsim.core.follows import Follows
from cocoonsim.core.moment import Moment
from cocoonsim.core.setting import setting
from cocoonsim.metrics import Metric, Reading, number

_DAMPING, _ROUNDS = 0.85, 200  # what is left out after so many rounds is below 1e-14
_SMALL = 500  # people up to whom a dense solution is quicker


class Rwc(Metric):
    needs: ClassVar[frozenset[str]] = frozenset({"network"})
    bounds = (-1.0, 1.0)
    diverse = -1
    usual = False
    title = "Random-walk controversy"

    sides: str = setting("opinion", choices=("opinion", "group"), help="What the two sides are")
    border: float = setting(0.0, help="Opinions from here on are of the second side")
    hubs: float = setting(0.0, low=0.0, below=1.0, help="Share of people, those with most ties, who lead walks nowhere")
    shuffles: int = setting(5, low=0, help="How many rewired networks the null is the mean of; 0 = no null")

    def measure(self, moment: Moment) -> list[Reading]:
        users, follows = moment.world.users, moment.world.follows
        side = users.group if self.sides == "group" else (users.opinion[:, 0] >= self.border).astype(np.int32)
        value = controversy(follows, side, self.hubs)
        drawn = []
        for shuffle in range(self.shuffles if not np.isnan(value) else 0):
            luck = moment.dice.bits(f"rwc {shuffle}", np.arange(follows.n_arcs))[:, 0]
            targets = follows.targets[np.argsort(luck, kind="stable")]
            rewired = Follows.from_arcs(follows.n_users, follows.sources(), targets)
            drawn.append(controversy(rewired, side, self.hubs))
        null = math.fsum(drawn) / len(drawn) if drawn else np.nan
        neither = int((side > 1).sum())
        return [number(value, null, "ties-rewired" if drawn else "", "people", undefined=neither)]


def controversy(follows: Follows, side: np.ndarray, hubs: float = 0.0) -> float:
    """The score of a graph with the sides 0 and 1; NaN when one of them is empty.

    >>> apart = Follows.from_arcs(4, np.array([0, 1, 2, 3]), np.array([1, 0, 3, 2]))
    >>> round(controversy(apart, np.array([0, 0, 1, 1])), 9)
    1.0
    """
    from scipy.sparse import csr_array

    n, leads = follows.n_users, follows.degree > 0
    if not follows.n_arcs or not (side == 0).any() or not (side == 1).any():
        return float("nan")
    if hubs > 0:
        ties = follows.degree + np.bincount(follows.targets, minlength=n)
        leads &= ties <= np.percentile(ties, 100.0 * (1.0 - hubs))
    weight = np.where(leads, 1.0 / np.maximum(follows.degree, 1), 0.0).repeat(follows.degree)
    walk = csr_array((weight, follows.targets, follows.starts), shape=(n, n)).T.tocsr()
    home = np.stack([side == 0, side == 1], axis=1) / np.array([(side == 0).sum(), (side == 1).sum()])
    # who is led nowhere starts again at home, which only scales what the walks from home give
    at = _visits(walk, home)
    at /= at.sum(axis=0)
    (xx, xy), (yx, yy) = (at[side == 0].sum(axis=0), at[side == 1].sum(axis=0))
    return float(np.clip(xx * yy - xy * yx, -1.0, 1.0))


def _visits(walk: Any, home: np.ndarray) -> np.ndarray:
    """float64 (n, 2): y = home + damping x walk y, solved at once where the matrix is small, else round by round."""
    if len(home) <= _SMALL:
        solved: np.ndarray = np.linalg.solve(np.eye(len(home)) - _DAMPING * walk.toarray(), home)
        return solved
    at = home
    for _ in range(_ROUNDS):
        at = home + _DAMPING * (walk @ at)
    return at
