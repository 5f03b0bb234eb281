"""People move towards what is near, and away from what is too far.

A clicked (or, with `by: seen`, a shown) item attracts when its stance lies closer than `accept` to the person's opinion,
and repels when it lies further than `reject`; in between it leaves people cold. The opinion moves by `rate` times the mean
of the distances: towards what attracts, away from what repels. With `bounds: clip` opinions end at -1 and 1; with `none`
they run on.

Also known as: repulsion, boomerang effect, contrast, social judgement theory, backfire effect.
Why it matters here: then showing people the other side does harm: whether it does is an open question, so it is a setting.
Source: Jager & Amblard (2005), Uniformity, bipolarization and pluriformity captured as generic stylized behavior with an
agent-based simulation model of attitude change; Bail et al. (2018), Exposure to opposing views on social media can increase
political polarization.
"""

from __future__ import annotations

import numpy as np

from cocoonsim.core.arrays import gather
from cocoonsim.core.chance import Dice
from cocoonsim.core.setting import setting
from cocoonsim.core.world import World
from cocoonsim.influence import Influence


class Backlash(Influence):
    accept: float = setting(0.4, low=0.0, help="Items closer than this attract")
    reject: float = setting(1.0, low=0.0, help="Items further away than this repel")
    rate: float = setting(0.1, low=0.0, high=1.0, help="Part of the distance that the opinion moves in a step")
    by: str = setting("clicked", choices=("clicked", "seen"), help="Whether clicks move people, or mere exposure")
    bounds: str = setting("clip", choices=("clip", "none"), help="What happens at -1 and 1")

    def problems(self) -> list[tuple[str, str]]:
        if self.reject < self.accept:
            return [("reject", f"{self.reject:g} lies below accept = {self.accept:g}: an item would attract and repel")]
        return []

    def move(
        self, world: World, users: np.ndarray, feed: np.ndarray, clicks: np.ndarray, dice: Dice
    ) -> dict[str, np.ndarray]:
        opinion = world.users.opinion[users]
        noticed = clicks if self.by == "clicked" else feed >= 0
        total, count = np.zeros(opinion.shape), np.zeros(len(users))
        for place in range(feed.shape[1]):  # place by place: the same order of adding for any block of users
            gap = gather(world.items.stance, feed[:, place]) - opinion
            far = np.sqrt((gap * gap).sum(axis=1))
            sign = np.where(far < self.accept, 1.0, np.where(far > self.reject, -1.0, 0.0)) * noticed[:, place]
            total += sign[:, None] * gap
            count += sign != 0
        moved = opinion + self.rate * (total / np.maximum(count, 1.0)[:, None])
        if self.bounds == "clip":  # nobody is moved in who stood outside before
            moved = np.where(count[:, None] > 0, np.clip(moved, -1.0, 1.0), opinion)
        return {"opinion": moved}
