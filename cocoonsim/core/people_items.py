"""People as things to be ranked: what a ranking of items sees when the items are the people themselves.

Each person is an item of their own making, and following somebody is the click. So a ranking of items ranks people without
knowing it: by author (friends of friends), by popularity (followers), by taste (followees' topics), by who follows the same.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from cocoonsim.core.follows import Follows
from cocoonsim.core.history import History
from cocoonsim.core.positions import stance_of_clicks
from cocoonsim.core.world import Columns, PlatformView, World, content

COLUMNS = ("topics", "stance", "author", "originator", "group")
"""What people have as items; they are all of one quality and age."""
_MEMORY = 100  # how many followees of each count as recent


def people_as_items(platform: PlatformView, minds: World | None = None) -> PlatformView:
    """A platform whose items are its users, item `u` being user `u`.

    A person is about what they clicked, and stands where the mean of what they clicked lately stands; with `minds` they are
    about their interests, and stand where they stand. Who has clicked nothing is about everything, and stands at 0.
    """
    n, history = platform.n_users, platform.history
    if minds is not None:
        topics, stance = minds.users.interests, minds.users.opinion
    else:
        clicked, dims = history.clicked_topics, platform.items.stance.shape[1]
        total = clicked.sum(axis=1, keepdims=True)
        topics = np.where(total > 0, clicked / np.maximum(total, 1e-30), np.float32(1 / clicked.shape[1]))
        stance = np.zeros((n, dims))
        if history.clicks.any():
            stance = stance_of_clicks(history, platform.items.stance, np.arange(n))[0]
    items = content(topics, stance=stance, author=np.arange(n), group=platform.declared.group)
    live = np.arange(n, dtype=np.int32)
    return replace(platform, items=items, history=_Following(platform.follows, items), live=live)


def minds_of(world: World, people: PlatformView) -> World:
    """The true world with people for items."""
    return replace(world, items=people.items)


class _Following(History):
    """The history in which everybody was shown, and clicked, whom they follow; made when it is looked at."""

    def __init__(self, follows: Follows, items: Columns) -> None:
        n, most = follows.n_users, int(follows.degree.max(initial=0))
        self.n_users, self.n_items, self.memory, self.keeps_pairs = n, n, min(_MEMORY, max(most, 1)), True
        self._source: tuple[Follows, Columns] | None = (follows, items)

    def settle(self, *parts: str) -> History:
        if self._source is None:
            return super().settle(*parts)
        (follows, items), self._source = self._source, None
        n, degree = self.n_users, follows.degree
        super().__init__(n, items.topics.shape[1], n, self.memory, pairs=True)
        sources, targets = follows.sources(), follows.targets
        for topic in range(items.topics.shape[1]):
            self.clicked_topics[:, topic] = np.bincount(sources, items.topics[targets, topic], n)
        self.shown_topics = self.clicked_topics.copy()
        self.shown, self.clicks = degree.astype(np.int64), degree.astype(np.int64)
        followers = np.bincount(targets, minlength=n).astype(np.int64)
        self.item_shown, self.item_clicks = followers, followers.copy()
        place = np.arange(targets.size) - np.repeat(follows.starts[:-1], degree)
        self.recent[sources, place % self.memory] = targets
        self.recent_clicked = self.recent >= 0
        self.know_pairs(follows)
        return self

    def copy(self) -> History:
        self.settle()
        return super().copy()
