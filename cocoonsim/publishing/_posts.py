"""What rules have in common by which users post: who does, what a post is, and how long it is kept."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from cocoonsim.core.chance import Dice
from cocoonsim.core.setting import setting
from cocoonsim.core.world import Columns, World, roots
from cocoonsim.publishing import Publishing

FOR_EVER = 2**31 - 1


class Posting(Publishing):
    """A rule by which users post; see `user_posts` for the meaning of the settings."""

    gives = frozenset({"authors"})

    rate: float = setting(
        1.0, low=0.0, high=1000.0, unit="posts", help="Posts of a person on each occasion, on average"
    )
    lifespan: int = setting(0, low=0, unit="steps", help="How long a post can be shown; 0 = for ever")
    window: int = setting(0, low=0, unit="posts", help="Only the last so many posts of all users exist; 0 = all do")

    def authors(self, users: np.ndarray, dice: Dice) -> np.ndarray:
        """int64: one entry for each post these users make now, ascending."""
        whole = int(self.rate)
        if whole == self.rate:
            return np.repeat(users, whole)
        luck = dice.uniform("posts", users)[:, 0] < np.float32(self.rate - whole)
        return np.repeat(users, whole + luck)

    def post(self, world: World, posts: Columns, turn: int) -> World:
        """The world with these posts; when there are more than the window holds, the oldest posts are gone."""
        n = posts.size
        if not n:
            return world
        now = {"created": world.step, "turn": turn, "lifespan": self.lifespan or FOR_EVER}
        columns = {name: _column(value, n) for name, value in now.items()}
        if not self.window:
            return world.publish(posts.with_(**columns))
        columns["lifespan"][: max(n - self.window, 0)] = 0
        return world.publish(posts.with_(**columns), _oldest_posts(world, max(self.window - n, 0)))


class OwnPosts(Posting):
    """A rule by which users post what they think."""

    topics: str = setting(
        "drawn", choices=("drawn", "mixture"), help="A topic drawn from the interests, or all of them"
    )
    quality: float = setting(1.0, low=0.0, high=1.0, help="The quality of what users make")
    arousal: float = setting(0.0, low=0.0, high=1.0, help="How inflammatory it is")

    def misfits(self, world: World, slate: int) -> list[tuple[str, str]]:
        dims, wide = world.users.opinion.shape[1], world.items.stance.shape[1]
        if dims != wide:
            return [("rate", f"a post has its author's opinion as stance, but opinions have {dims} dimensions and the "
                     f"catalogue's stances {wide}. Give population and catalogue the same dimensions")]  # fmt: skip
        return []

    def own(self, world: World, authors: np.ndarray, dice: Dice) -> Columns:
        """New items by `authors` (n,), who say what they think."""
        interests = world.users.interests[authors]
        if self.topics == "drawn" and interests.shape[1] > 1 and len(authors):
            nth = nth_of(authors)
            luck = dice.uniform("post topic", authors, int(nth.max()) + 1)[np.arange(len(authors)), nth]
            reached = np.cumsum(interests, axis=1, dtype=np.float64)
            topic = (reached < luck[:, None] * reached[:, -1:]).sum(axis=1)
            interests = np.eye(interests.shape[1], dtype=np.float32)[topic]
        return like(
            world.items, len(authors), topics=interests, stance=world.users.opinion[authors], quality=self.quality,
            arousal=self.arousal, author=authors, originator=authors, group=world.users.group[authors],
        )  # fmt: skip


def _oldest_posts(world: World, kept: int) -> np.ndarray:
    """int32: the live items with an author, but for the last `kept` of them."""
    live = world.live()
    posts = live[world.items.author[live] >= 0]
    return posts[: max(posts.size - kept, 0)]


def copies(items: Columns, ids: np.ndarray, authors: np.ndarray | None = None) -> Columns:
    """Copies of items, which say of what; by the authors of the originals unless others are given."""
    given = {} if authors is None else {"author": authors.astype(np.int32)}
    return items.rows(ids, original=roots(items, ids).astype(np.int32), **given)


def like(items: Columns, n: int, **given: Any) -> Columns:
    """`n` items with the columns of others: what is given (a number, or a value for each), and nothing (0) in the rest."""
    columns = {}
    for name, column in items.items():
        value = given.get(name, -1 if name == "original" else 0)
        if isinstance(value, np.ndarray):
            columns[name] = np.asarray(value, column.dtype)
        else:
            make = _one if n == 1 else np.full  # the columns of a single post are made again and again
            columns[name] = make((n, *column.shape[1:]), value, column.dtype)
    return Columns(**columns)


@lru_cache(maxsize=256)
def _one(shape: tuple[int, ...], value: float, dtype: np.dtype[Any]) -> np.ndarray:
    """As `np.full`, kept for the next time; it may not be written to. Of few numbers only, as it is kept for ever."""
    rows = np.full(shape, value, dtype)
    rows.setflags(write=False)
    return rows


def _column(value: int, n: int) -> np.ndarray:
    """int32 (n,): the same number for all."""
    return np.array([value], np.int32) if n == 1 else np.full(n, value, np.int32)


def nth_of(ids: np.ndarray) -> np.ndarray:
    """int64: which time an id comes, 0 for the first, of ids that ascend."""
    if ids.size <= 1:
        return np.zeros(ids.size, np.int64)
    first = np.flatnonzero(np.concatenate([[True], ids[1:] != ids[:-1]]))
    return np.arange(ids.size) - np.repeat(first, np.diff(np.append(first, ids.size)))
