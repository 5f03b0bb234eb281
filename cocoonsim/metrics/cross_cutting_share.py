"""How much of what reaches a user leans the other way, at four stages: where does the narrowing happen?

An item is cross-cutting for a user when its stance and the user's opinion have opposite signs (in the first dimension).
The share is taken among the items that lean at all, and users without a side have none. The funnel:

- `chance`: of the live items, what a feed without any selection would hold;
- `network`: what the people followed offer. Where items have authors, the live items made by the people the user follows;
  else the live items that those people clicked lately (within `memory`), an item that two of them clicked counting twice;
- `shown`: what the platform put into the feed;
- `clicked`: what the user clicked.

Each step down compares one filter with the one before: chance to network is whom one follows, network to shown is the
ranking, shown to clicked is the user's own choice.

Null model: `uniform-pool` for every stage, the value of stage `chance`. Whatever the number of leaning items in a random
feed, each is as likely as any other to be cross-cutting, so the expectation is exact. Undefined where a stage holds no
leaning item: nothing clicked, nobody followed.

Also known as: cross-cutting exposure, exposure funnel, ideologically discordant content.
Source: Bakshy, Messing & Adamic (2015), Exposure to ideologically diverse news and opinion on Facebook.
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from cocoonsim.core.moment import Moment
from cocoonsim.metrics import CHUNK, Reading, UserMetric
from cocoonsim.metrics._exposure import UNIFORM


class CrossCuttingShare(UserMetric):
    needs: ClassVar[frozenset[str]] = frozenset({"items.stance", "users.opinion"})
    diverse = 1
    title = "Cross-cutting share"

    def per_user(self, moment: Moment) -> list[Reading]:
        side = _sign(moment.world.users.opinion[moment.users, 0])
        lean = _leaning(moment)[moment.feed]
        pool = np.broadcast_to(moment.shared("leaning of the pool", lambda: _pool(moment)), (len(side), 2))
        stages = {
            "chance": pool,
            "network": self._offered(moment),
            "shown": _both(lean),
            "clicked": _both(np.where(moment.clicks, lean, np.int8(0))),
        }
        null = _cross(side, pool)
        return [Reading(_cross(side, n), null, UNIFORM, stage, moment.users) for stage, n in stages.items()]

    @staticmethod
    def _offered(moment: Moment) -> np.ndarray:
        """float64 (n_users, 2): leaning items offered by followees, to the left and to the right."""
        given = moment.shared("leaning items of each person", lambda: _given(moment))
        row, followee = moment.world.follows.arcs_of(moment.users)
        return np.stack([np.bincount(row, given[followee, j], len(moment.users)) for j in (0, 1)], axis=1)


def _sign(values: np.ndarray) -> np.ndarray:
    return np.sign(values).astype(np.int8)


def _leaning(moment: Moment) -> np.ndarray:
    """int8 (n_items + 1,): -1 or 1, the side each item leans to; 0 for neutral ones and for an empty place."""
    items = moment.world.items
    leaning: np.ndarray = items.derived("leaning", lambda: np.append(_sign(items.stance[:, 0]), np.int8(0)))
    return leaning


def _both(lean: np.ndarray) -> np.ndarray:
    """int64 (..., 2): how many lean to the left and to the right, over the last axis."""
    return np.stack([(lean < 0).sum(axis=-1), (lean > 0).sum(axis=-1)], axis=-1)


def _cross(side: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """float64 (n,): the share of the counted items (n, 2) on the other side; NaN without a side or without items."""
    total = counts.sum(axis=1)
    other = np.where(side > 0, counts[:, 0], counts[:, 1])
    return np.where((side != 0) & (total > 0), other / np.maximum(total, 1), np.nan)


def _pool(moment: Moment) -> np.ndarray:
    return _both(_leaning(moment)[moment.live])


def _given(moment: Moment) -> np.ndarray:
    """int64 (n_people, 2): the leaning live items that each person made, or clicked lately where nobody made any."""
    n, lean = moment.world.n_users, _leaning(moment)[moment.live]
    author = moment.world.items.author[moment.live]
    if (author >= 0).any():
        known = (author >= 0) & (author < n)
        return np.stack([np.bincount(author[known & (lean == way)], minlength=n) for way in (-1, 1)], axis=1)
    live = np.zeros(moment.world.n_items + 1, np.int8)
    live[moment.live] = lean
    history = moment.history
    given = np.zeros((n, 2), np.int64)
    for low in range(0, n, CHUNK):
        part = slice(low, low + CHUNK)
        given[part] = _both(np.where(history.recent_clicked[part], live[history.recent[part]], np.int8(0)))
    return given
