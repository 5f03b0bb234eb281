"""People make the content: they post what they think about what interests them.

A post has its author's opinion as stance, topics from the author's interests (one topic drawn from them, or the whole
mixture) and the author's group. Each person makes `rate` posts on average on each occasion. With `when: start` everybody
has an occasion at the start of a step, and what is posted can be shown in it; with `when: reading` people post right
after they have read, with the opinion that reading left them, and those who come later can be shown it.

How: with a `window`, only the last so many posts of the whole platform exist; items without an author are not counted.
The catalogue of the beginning stays. To have a platform of posts alone, let the candidates be those of followees.

Also known as: user-generated content, status updates, tweets, content creators.
Why it matters here: where people are each other's content, what is said is as narrow as those who say it; opinions feed
back into what there is to see.
Source: Sasahara et al. (2021), Social influence and unfollowing accelerate the emergence of echo chambers (posts state
opinions; the platform keeps the last N).
"""

from __future__ import annotations

import numpy as np

from cocoonsim.core.chance import Dice
from cocoonsim.core.history import History
from cocoonsim.core.setting import setting
from cocoonsim.core.world import World
from cocoonsim.publishing import Maker
from cocoonsim.publishing._posts import OwnPosts


class UserPosts(OwnPosts):
    when: str = setting("start", choices=("start", "reading"), help="At the start of a step, or after reading")

    def publish(self, world: World, make: Maker, dice: Dice, history: History) -> World:
        if self.when != "start":
            return world
        return self.post(world, self.own(world, self.authors(np.arange(world.n_users), dice), dice), 0)

    def after_reading(
        self, world: World, users: np.ndarray, feed: np.ndarray, clicks: np.ndarray, dice: Dice, history: History
    ) -> World:
        if self.when != "reading":
            return world
        return self.post(world, self.own(world, self.authors(users, dice), dice), dice.event + 1)
