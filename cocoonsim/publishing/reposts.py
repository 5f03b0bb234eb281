"""People pass on what they agree with, or say something of their own.

After reading, each person posts `rate` times on average. A post is, with the chance `repost`, a copy of something just
clicked (each click is as likely); else, and where nothing was clicked, a post of their own as in `user_posts`. A repost
has a new author but keeps its originator and everything else about the content.

How: what counts as agreement is the choice model's business: with `confidence_gate`, clicks are the items that were
concordant. The settings are those of `user_posts`.

Also known as: retweets, shares, boosts, resharing, cascades.
Why it matters here: reposting gives what many agree with a longer life and a wider reach than the rest, without any
algorithm; and it lets people meet the originator, whom they may then follow.
Source: Sasahara et al. (2021), Social influence and unfollowing accelerate the emergence of echo chambers.
"""

from __future__ import annotations

import numpy as np

from cocoonsim.core.chance import Dice
from cocoonsim.core.history import History
from cocoonsim.core.setting import setting
from cocoonsim.core.world import Columns, World
from cocoonsim.publishing._posts import OwnPosts, copies, nth_of


class Reposts(OwnPosts):
    repost: float = setting(0.5, low=0.0, high=1.0, help="Chance that a post is a repost of something just clicked")

    def after_reading(
        self, world: World, users: np.ndarray, feed: np.ndarray, clicks: np.ndarray, dice: Dice, history: History
    ) -> World:
        if len(users) == 1 and self.rate == 1.0:
            return self.post(world, self._single(world, users, feed[0], clicks[0], dice), dice.event + 1)
        authors = self.authors(users, dice)
        row, nth = np.searchsorted(users, authors), nth_of(authors)  # each post of a person has its own luck
        luck = dice.uniform("repost", users, 2 * int(nth.max(initial=0)) + 2)
        willing = (luck[row, 2 * nth] < self.repost) & clicks[row].any(axis=1)
        if not willing.any():
            return self.post(world, self.own(world, authors, dice), dice.event + 1)
        row, luck = row[willing], luck[row[willing], 2 * nth[willing] + 1]
        count = clicks[row].sum(axis=1)
        chosen = np.minimum((luck * count).astype(np.int64), count - 1)
        place = (np.cumsum(clicks[row], axis=1) <= chosen[:, None]).sum(axis=1)
        passed = copies(world.items, feed[row, place], users[row])
        if willing.all():
            return self.post(world, passed, dice.event + 1)
        posts = self.own(world, authors, dice).with_rows(np.flatnonzero(willing), **passed)
        return self.post(world, posts, dice.event + 1)

    def _single(self, world: World, users: np.ndarray, feed: np.ndarray, clicks: np.ndarray, dice: Dice) -> Columns:
        """The same for one person who posts once, in as few calls as possible."""
        willing, which = dice.uniform("repost", users, 2)[0]
        agreed = feed[clicks]
        if not (willing < self.repost and agreed.size):
            return self.own(world, users, dice)
        place = min(int(float(which) * agreed.size), agreed.size - 1)
        return copies(world.items, agreed[place : place + 1], users)
