"""Only what comes from the people whom a user follows may be shown: the newest `last` of it.

Where items have authors, these are the newest items by followees; items of the same age are drawn at random. Where no
item has an author, passing something on is a click: the candidates are what followees clicked most recently, everybody's
latest click first, then everybody's one before, and so on. Who follows nobody is shown nothing.

Also known as: inbox, subscription feed, home timeline, friends' posts, screen of the last L messages.
Why it matters here: the network decides before any algorithm does; comparing it with the full catalogue tells the two apart.
Source: Sasahara et al. (2021), Social influence and unfollowing accelerate the emergence of echo chambers (the screen
holds the last messages of followees, without the user's own that come back as reposts).
"""

from __future__ import annotations

import numpy as np

from cocoonsim.candidates import Candidates
from cocoonsim.core.arrays import NOBODY
from cocoonsim.core.chance import Dice
from cocoonsim.core.setting import setting
from cocoonsim.core.world import PlatformView


class Followed(Candidates):
    needs = frozenset({"network"})
    distinct = True

    last: int = setting(50, low=1, unit="items", help="How many of the newest items by followees are candidates")
    unread: bool = setting(
        False, help="Whether only what the user was not shown before counts, as far back as the log of exposures goes"
    )
    returning: bool = setting(False, help="Whether followees' reposts of something the user made count as candidates")

    def offer(self, platform: PlatformView, users: np.ndarray, dice: Dice) -> np.ndarray:
        author = platform.items.author
        authored = bool(author.size and author[-1] >= 0) or bool((author >= 0).any())  # the newest mostly tells
        if authored and len(users) == 1 and not self.unread:
            return self._posts_for_one(platform, int(users[0]), dice)
        row, item, age = self._posts(platform, users) if authored else self._clicks(platform, users)
        if not self.returning:
            others = platform.items.originator[item] != users[row]
            row, item, age = row[others], item[others], age[others]
        if self.unread:
            new = ~(platform.history.recent[users[row]] == item[:, None]).any(axis=1)
            row, item, age = row[new], item[new], age[new]
        if not authored:
            kept = _latest(row, item, age)
            row, item, age = row[kept], item[kept], age[kept]
        luck = dice.pairs("followed", users[row], item[:, None])[:, 0]
        return _newest(row, item, age, luck, len(users), self.last)

    def _posts(self, platform: PlatformView, users: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """(position in `users`, item, age) of what followees made, older than an author's last few left out."""
        items, author = platform.live, platform.items.author
        items = items[(author[items] >= 0) & (author[items] < platform.n_users)]
        age = platform.step - platform.items.created[items].astype(np.int64)
        # of the same step, what was posted in a later visit is newer
        age = (age << 32) - platform.items.turn[items]
        order = np.lexsort((age, author[items]))
        items, age = items[order], age[order]
        starts = np.searchsorted(author[items], np.arange(platform.n_users + 1))
        # nobody needs more than `last` of one author, and those as old as the last of them, which chance may prefer
        place = np.arange(items.size) - starts[author[items]]
        last = np.minimum(starts[:-1] + self.last, starts[1:]) - 1
        kept = (place < self.last) | (age == age[last[author[items]]])
        items, age = items[kept], age[kept]
        starts = np.searchsorted(author[items], np.arange(platform.n_users + 1))

        row, followee = platform.follows.arcs_of(users)
        counts = np.diff(starts)[followee]
        arc = np.repeat(np.arange(row.size), counts)
        nth = np.arange(arc.size) - np.repeat(np.cumsum(counts) - counts, counts)
        found = starts[followee[arc]] + nth
        return row[arc], items[found], age[found]

    def _posts_for_one(self, platform: PlatformView, user: int, dice: Dice) -> np.ndarray:
        """The offer to a single user, who is spared the sorting of what all others follow."""
        followed = np.zeros(platform.n_users + 1, bool)  # the place after the last is for authors who are no users
        followed[platform.follows.of(user)] = True
        items = platform.live
        items = items[followed[np.minimum(platform.items.author[items], platform.n_users)]]
        if not self.returning:
            items = items[platform.items.originator[items] != user]
        age = ((platform.step - platform.items.created[items].astype(np.int64)) << 32) - platform.items.turn[items]
        order = np.argsort(age, kind="stable")
        ages = age[order]
        if (ages[1:] == ages[:-1]).any():
            order = np.lexsort((dice.pairs("followed", np.array([user]), items)[0], age))
        return items[order[: self.last]][None]

    def _clicks(self, platform: PlatformView, users: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """(position in `users`, item, how many clicks ago) of what followees clicked."""
        row, followee = platform.follows.arcs_of(users)
        people, which = np.unique(followee, return_inverse=True)
        # a followee's clicks are looked up once, however many of these users follow them
        clicked = platform.history.last_clicked(min(self.last, platform.history.memory), people)[which]
        exists = np.zeros(platform.n_items + 1, bool)  # the place after the last is asked for by the empty id -1
        exists[platform.live] = True
        arc, age = np.nonzero(exists[clicked])
        return row[arc], clicked[arc, age], age


def _newest(row: np.ndarray, item: np.ndarray, age: np.ndarray, luck: np.ndarray, n: int, last: int) -> np.ndarray:
    """int32 (n, w): the `last` youngest items of each row, ties in the order of `luck`, padded with -1."""
    order = _in_order(row, age, luck)
    row, item = row[order], item[order]
    counts = np.bincount(row, minlength=n)
    place = np.arange(row.size) - np.repeat(np.cumsum(counts) - counts, counts)
    kept = place < last
    out = np.full((n, min(int(counts.max(initial=0)), last)), NOBODY, np.int32)
    out[row[kept], place[kept]] = item[kept]
    return out


def _latest(row: np.ndarray, item: np.ndarray, age: np.ndarray) -> np.ndarray:
    """int64: where each item of a row is youngest; two followees may have clicked the same one."""
    order = np.lexsort((age, item, row))
    again = np.zeros(order.size, bool)
    again[1:] = (row[order][1:] == row[order][:-1]) & (item[order][1:] == item[order][:-1])
    return order[~again]


def _in_order(row: np.ndarray, age: np.ndarray, luck: np.ndarray) -> np.ndarray:
    """int64: by row, then age, then luck."""
    if not row.size:
        return np.empty(0, np.int64)
    least = int(age.min())
    ages = int(age.max()) - least + 1
    if (int(row.max()) + 1) * ages >= 2**39:
        return np.lexsort((luck, age, row))
    # one number for all three is far quicker to sort; luck has 24 bits
    key = (row * ages + (age - least) << 24) + (luck * np.float32(2**24)).astype(np.int64)
    return np.argsort(key, kind="stable")
