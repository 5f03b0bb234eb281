"""People are linked with people of other groups.

In its first step everybody it reaches begins to follow `links` people drawn at random from other groups than their own
(fewer where there are not that many), on top of those they follow already. The links stay when the measure ends.

Also known as: cross-group contact, bridging ties, exchange programme, contact hypothesis.
Why it matters here: a remedy that changes the network and leaves the algorithm alone: does a social ranking then carry the
other side into the feed?
Source: own; after the contact hypothesis of Allport (1954), The nature of prejudice.
"""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from cocoonsim.core.chance import Dice
from cocoonsim.core.follows import Follows
from cocoonsim.core.setting import setting
from cocoonsim.core.world import World
from cocoonsim.interventions import Intervention


class CrossGroupLinks(Intervention):
    needs = frozenset({"users.group"})
    idle: ClassVar[dict[str, Any]] = {"links": 0}

    links: int = setting(
        3, low=0, high=1000, unit="people", help="How many people of other groups each begins to follow"
    )

    def active(self, step: int) -> bool:
        return super().active(step) and self.links > 0 and step == self.start

    def on_world(self, world: World, treated: np.ndarray, dice: Dice) -> World:
        users = np.flatnonzero(treated)
        row, stranger = strangers(world.users.group, users, self.links, dice)
        follows = world.follows
        sources = np.concatenate([follows.sources(), users[row]])
        targets = np.concatenate([follows.targets, stranger])
        return world.with_follows(Follows.from_arcs(world.n_users, sources, targets))


def strangers(group: np.ndarray, users: np.ndarray, links: int, dice: Dice) -> tuple[np.ndarray, np.ndarray]:
    """For each of `users`, `links` draws from the people of other groups: (position in `users`, person); doubles may occur.

    >>> row, person = strangers(np.array([0, 0, 1]), np.array([2]), 4, Dice(1, 0))
    >>> set(person.tolist()) <= {0, 1}
    True
    """
    order = np.argsort(group, kind="stable")  # people by group
    first = np.searchsorted(group[order], group[users])  # where the user's own group begins in that order ...
    size = np.searchsorted(group[order], group[users], side="right") - first  # ... and how large it is
    others = len(group) - size
    some = np.flatnonzero(others > 0)
    luck = dice.uniform("cross-group links", users[some], links).astype(np.float64)
    drawn = np.minimum((luck * others[some, None]).astype(np.int64), others[some, None] - 1)
    place = np.where(drawn >= first[some, None], drawn + size[some, None], drawn)  # step over one's own group
    return np.repeat(some, links), order[place].ravel()
