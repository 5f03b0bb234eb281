"""Bots flood the platform with poor, inflammatory content.

A share of the accounts are bots, the same ones throughout. At the start of each step every bot posts `rate` items on
average, of low quality and high arousal, flagged as harmful, about one topic each. They push one line: the stance is the
bot's own opinion driven to the end of the scale (`stance: extreme`), that opinion as it is (`own`), or the same number for
all (`campaign`). Other users post nothing by this rule; put it together with `user_posts` by `combined`.

How: extreme opinions are their sign, dimension by dimension (0 counts as 1). As accounts, bots are users with feeds of
their own; measure people with a metric that leaves their group out where that matters.

Also known as: social bots, spam, astroturfing, content farms, coordinated inauthentic behaviour.
Why it matters here: how much of what is poor gets through is decided by the ranking, and by who follows whom.
Source: own rule, after the low-quality agents of Truong, Lou, Flammini & Menczer (2024), Quantifying the vulnerabilities of
the online public square to adversarial manipulation tactics.
"""

from __future__ import annotations

import numpy as np

from cocoonsim.core.chance import ALWAYS, Dice
from cocoonsim.core.history import History
from cocoonsim.core.setting import setting
from cocoonsim.core.world import World
from cocoonsim.publishing import Maker
from cocoonsim.publishing._posts import OwnPosts


class Polluters(OwnPosts):
    share: float = setting(0.05, low=0.0, high=1.0, help="Share of accounts that are bots")
    quality: float = setting(0.1, low=0.0, high=1.0, help="The quality of what bots make")
    arousal: float = setting(0.9, low=0.0, high=1.0, help="How inflammatory it is")
    stance: str = setting("extreme", choices=("extreme", "own", "campaign"), help="What bots say")
    campaign: float = setting(1.0, low=-1.0, high=1.0, help="The stance of all bots' posts (campaign only)")

    def publish(self, world: World, make: Maker, dice: Dice, history: History) -> World:
        users = np.arange(world.n_users)
        bots = users[Dice(dice.seed, ALWAYS).uniform("polluter", users)[:, 0] < self.share]
        posts = self.own(world, self.authors(bots, dice), dice)
        stance = posts.stance
        if self.stance == "extreme":
            stance = np.where(stance < 0, -1.0, 1.0)
        elif self.stance == "campaign":
            stance = np.full_like(stance, self.campaign)
        return self.post(world, posts.with_(stance=stance, harmful=np.ones(posts.size, bool)), 0)
