"""People unfollow someone they disagree with, and follow another instead.

Each time online a user does so with the chance `chance`, if there is anybody to leave: a followee whose opinion is at least
the tolerance away (`by: opinion`), the author of an item in today's feed whose stance is (`by: feed`), or the author of an
item that was not clicked (`by: clicks`, where clicking means agreeing). One of these ties or items is drawn at random, and
its person dropped. `by: distance` looks at every tie by itself: it ends with `chance` x (1 - hill(distance)).

Whom people follow instead, `follow` says: rules of rewiring, one of them drawn for each change, in proportion to `weights`.
Where that finds nobody, and without any rule, it is a stranger, drawn from all whom the user does not follow yet. Who follows
everybody keeps their ties. So everybody follows as many people as before.

Also known as: homophilous rewiring, unfriending, selective tie dissolution, refriending.
Why it matters here: together with bounded confidence it splits a mixed network into echo chambers, with no algorithm at all.
Source: Sasahara et al. (2021), Social influence and unfollowing accelerate the emergence of echo chambers; tie by tie as in
Geschke, Lorenz & Holtz (2019), The triple-filter bubble.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from cocoonsim.core.chance import Dice
from cocoonsim.core.component import Component
from cocoonsim.core.setting import setting
from cocoonsim.core.world import PlatformView, World
from cocoonsim.rewiring._changes import JUDGED, NOBODY, Changing, Following


class UnfollowDiscordant(Changing):
    needs = frozenset({"network"})

    by: str = setting(
        "opinion", choices=JUDGED, help="Judge followees by opinion, by what the feed shows, by clicks, or tie by tie"
    )
    follow: tuple[Component, ...] = setting((), part="rewiring", help="Whom to follow instead; none = a stranger")
    weights: tuple[float, ...] = setting((), low=0.0, help="How often each of these is drawn; empty: equally often")

    @property
    def leaves(self) -> str:
        return self.by

    def problems(self) -> list[tuple[str, str]]:
        found = super().problems()
        for number, rule in enumerate(self.follow):
            if not isinstance(rule, Following):
                found.append((f"follow.{number}", f"{rule.name} does not say whom to follow"))
            else:
                found += [(f"follow.{number}.{name}", "means nothing here; set it outside") for name in rule.idle()]
        if self.weights and len(self.weights) != len(self.follow):
            found.append(("weights", f"{len(self.weights)} weights for {len(self.follow)} rules"))
        elif self.weights and sum(self.weights) <= 0:
            found.append(("weights", "at least one must be above 0"))
        return found

    def whom(
        self, world: World, users: np.ndarray, feed: np.ndarray, clicks: np.ndarray, dice: Dice,
        platform: PlatformView | None,
    ) -> np.ndarray:  # fmt: skip
        found = np.full(len(users), NOBODY, np.int64)
        if not self.follow:
            return found
        ends = np.cumsum(self.weights or [1.0] * len(self.follow))
        luck = dice.uniform("follow by which rule", users)[:, 0] * ends[-1]
        drawn = np.minimum(np.searchsorted(ends, luck, side="right"), len(ends) - 1)
        for number, rule in enumerate(self._rules()):
            mine = np.flatnonzero(drawn == number)
            if mine.size:
                found[mine] = rule.whom(world, users[mine], feed[mine], clicks[mine], dice, platform)
        return found

    def _rules(self) -> tuple[Any, ...]:
        return self.follow
