"""People have had enough of what they had a lot of.

Satiation with a topic (column `satiation`) rises by `gain` times the topic's share in what was clicked (or, with `by:
seen`, shown) in the step, and otherwise fades: it keeps `keep` of its level from step to step. The choice model `satiating`
makes use of it.

Also known as: satiation, boredom, wear-out, adaptation level.
Why it matters here: it works against every cocoon from the inside, without any rule or re-ranking.
Source: McAlister (1982), A dynamic attribute satiation model of variety-seeking behavior.
"""

from __future__ import annotations

import numpy as np

from cocoonsim.core.arrays import gather
from cocoonsim.core.chance import Dice
from cocoonsim.core.setting import setting
from cocoonsim.core.world import World
from cocoonsim.influence import Influence


class Fatigue(Influence):
    drifts = True  # what has risen fades by itself
    state = ("satiation",)

    gain: float = setting(0.5, low=0.0, help="Satiation that one item wholly about a topic adds")
    keep: float = setting(0.8, low=0.0, below=1.0, help="Part of the satiation that is left after a step")
    by: str = setting("clicked", choices=("clicked", "seen"), help="Whether clicks sate people, or mere exposure")

    def bytes_per_user(self, n_items: int, n_topics: int) -> int:
        return 4 * n_topics

    def begin(self, world: World, dice: Dice) -> World:
        return world.with_users(satiation=np.zeros((world.n_users, world.n_topics), np.float32))

    def move(
        self, world: World, users: np.ndarray, feed: np.ndarray, clicks: np.ndarray, dice: Dice
    ) -> dict[str, np.ndarray]:
        noticed = clicks if self.by == "clicked" else feed >= 0
        level = np.float32(self.keep) * world.users.satiation[users]
        for place in range(feed.shape[1]):  # place by place: the same order of adding for any block of users
            eaten = gather(world.items.topics, feed[:, place])
            level = level + np.where(noticed[:, place, None], np.float32(self.gain) * eaten, np.float32(0))
        return {"satiation": level.astype(np.float32)}
