"""The truth of a run (`World`) and the part of it that a platform may see (`PlatformView`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from cocoonsim.core.arrays import Vectors, exact_products, gather, row_sums_to_one, shares_on_grid, unit_rows
from cocoonsim.core.columns import Columns as Columns
from cocoonsim.core.follows import Follows

if TYPE_CHECKING:
    from cocoonsim.core.history import History


def roots(items: Columns, ids: np.ndarray) -> np.ndarray:
    """What `ids` are copies of, in the end: the original, which is the item itself where it is no copy; -1 stays."""
    original = gather(items.original, ids, -1)
    found: np.ndarray = np.where((original >= 0) & (ids >= 0), original, ids)
    return found


def item_vectors(items: Columns) -> Vectors:
    """The items' topics as unit vectors on the exact grid; computed once per catalogue."""
    vectors: Vectors = items.derived("vectors", lambda: Vectors(items.topics), "topics")
    return vectors


def item_shares(items: Columns) -> Vectors:
    """The items' topics as shares on the exact grid, not scaled to length 1; computed once per catalogue."""
    shares: Vectors = items.derived("topic shares", lambda: Vectors.of_shares(row_sums_to_one(items.topics)))
    return shares


_EXISTING, _FOR_EVER = "existing", 2**62


class Existing(NamedTuple):
    """Which items exist from one step on, and up to but without another."""

    since: int
    until: int
    lasting: np.ndarray
    """int32: those that exist, are yet to appear, or have ended since; whatever is not in it is gone."""
    live: np.ndarray
    """int32"""


def _note(items: Columns, existing: Existing) -> None:
    items.note(_EXISTING, existing, "created", "lifespan")


def _range(numbers: np.ndarray) -> tuple[int, int]:
    """The smallest and the largest; quick for a single number, as people may post one at a time."""
    if numbers.size == 1:
        return int(numbers[0]), int(numbers[0])
    return int(numbers.min()), int(numbers.max())


LIKINGS = ("cosine", "product")
"""What makes an item one's own: `cosine`, that its mixture of topics is like one's interests; `product`, that it is about
topics one is interested in: the sum of interest times topic, for an item of one topic the interest in that topic."""


@dataclass(frozen=True)
class World:
    """People, content and ties as they truly are. Ranking policies never see it; see `PlatformView`.

    users: `interests` float32 (n, topics) rows sum to 1, `opinion` float64 (n, dims), `group` int32, ... (`USER_COLUMNS`);
    items: `topics` float32 (n, topics) rows sum to 1, `stance` float64 (n, dims), `quality`, `arousal`, ... (`ITEM_COLUMNS`).
    """

    step: int
    users: Columns
    items: Columns
    follows: Follows
    topic_names: tuple[str, ...] = ()
    liking: str = LIKINGS[0]

    @property
    def n_users(self) -> int:
        return self.users.size

    @property
    def n_items(self) -> int:
        return self.items.size

    @property
    def n_topics(self) -> int:
        return int(self.items.topics.shape[1])

    def _with(self, part: str, value: Any) -> World:
        """This world with one part replaced: `dataclasses.replace` in a fifth of the time."""
        twin = object.__new__(World)
        vars(twin).update(vars(self))
        vars(twin)[part] = value
        return twin

    def with_users(self, **columns: np.ndarray) -> World:
        """This world with some user columns replaced."""
        return self._with("users", self.users.with_(**columns))

    def with_user_rows(self, rows: np.ndarray, **columns: np.ndarray) -> World:
        """This world with these rows of some user columns replaced."""
        return self._with("users", self.users.with_rows(rows, **columns))

    def with_items(self, **columns: np.ndarray) -> World:
        """This world with some item columns replaced."""
        return self._with("items", self.items.with_(**columns))

    def at(self, step: int) -> World:
        """This world at another step."""
        return self._with("step", step)

    def with_content(self, items: Columns) -> World:
        """This world with other items."""
        return self if items is self.items else self._with("items", items)

    def with_follows(self, follows: Follows) -> World:
        """This world with other ties."""
        return self._with("follows", follows)

    def live(self) -> np.ndarray:
        """int32: ids of the items that exist this step: published, and not yet past their lifespan."""
        items, step = self.items, self.step
        known = self._known()
        if known is not None and known.since <= step < known.until:
            return known.live
        # what was gone in an earlier step does not come back, so old posts cost nothing
        lasting = np.arange(items.size, dtype=np.int32) if known is None or known.since > step else known.lasting
        rows = slice(None) if len(lasting) == items.size else lasting
        born = items.created[rows].astype(np.int64)
        gone = born + items.lifespan[rows]
        left = gone > step
        if not left.all():
            lasting, born, gone = lasting[left], born[left], gone[left]
        there = born <= step
        until = int(gone.min(initial=_FOR_EVER))
        if there.all():
            live = lasting
        else:
            live, until = lasting[there], min(until, int(born[~there].min()))
        _note(items, Existing(step, until, lasting, live))
        return live

    def _known(self) -> Existing | None:
        found: Existing | None = self.items.derived(_EXISTING, lambda: None)
        return found

    def publish(self, more: Columns, ending: np.ndarray | None = None) -> World:
        """This world with further items, whose ids come after those that are there. Of its live items, `ending` are gone."""
        step, known = self.step, self._known()
        if ending is None or not ending.size:
            items = self.items.append(more)
        else:
            items, live = self.items.append(more, anew=("lifespan",)), self.live()
            items.lifespan[ending] = step - items.created[ending]
            left = np.ones(live.size, bool)
            left[np.searchsorted(live, ending)] = False
            known = self._known()
            assert known is not None
            known = Existing(step, known.until, known.lasting, live[left])
        if known is not None and more.size:
            new = np.arange(self.n_items, items.size, dtype=np.int32)
            lasting = np.concatenate([known.lasting, new])
            (first, last), (shortest, _) = _range(more.created), _range(more.lifespan)
            gone = first + shortest  # at the earliest
            if known.since <= step < min(known.until, gone) and last <= step:
                live = lasting if known.live is known.lasting else np.concatenate([known.live, new])
                known = Existing(step, min(known.until, gone), lasting, live)
            else:
                known = Existing(known.since, known.since, lasting, known.live)  # to be looked at again
        if known is not None:
            _note(items, known)
        return self._with("items", items)

    def tastes(self, users: np.ndarray) -> np.ndarray:
        """float32 (n, topics), on the exact grid: true interests, as `affinity` multiplies them with `vectors`."""
        rows = self.users.interests.take(users, axis=0)
        return unit_rows(rows) if self.liking == "cosine" else shares_on_grid(rows)

    @property
    def vectors(self) -> Vectors:
        """The items' topics, as `affinity` takes them."""
        return item_vectors(self.items) if self.liking == "cosine" else item_shares(self.items)

    def affinity(self, users: np.ndarray, items: np.ndarray, tastes: np.ndarray | None = None) -> np.ndarray:
        """float32, 0 to 1: how close items are to what users truly like: cosine of interests and topics, or their product.

        `items` is one row of ids for all users, or (n_users, k) ids; an empty place (-1) has affinity 0. `tastes` are what
        `tastes(users)` gives, for whoever knows it already.
        """
        values = exact_products(self.tastes(users) if tastes is None else tastes, self.vectors, items)
        nobody = items < 0
        if nobody.any():
            values[..., nobody] = 0
        return values

    def utility(self, users: np.ndarray, items: np.ndarray, tastes: np.ndarray | None = None) -> np.ndarray:
        """float32, 0 to 1: what users truly get out of items: affinity times quality.

        Kept apart from what makes people click (arousal, place in the feed): the gap between the two is a result.
        """
        return self.affinity(users, items, tastes) * gather(self.items.quality, items)


USER_COLUMNS: dict[str, Any] = {
    "opinion": 0.0, "tolerance": 1.0, "activity": 1.0, "stubbornness": 0.0, "literacy": 0.0, "group": 0, "consent": True,
    "heeds": 0.0, "translates": 0.0,
}  # fmt: skip
ITEM_COLUMNS: dict[str, Any] = {
    "stance": 0.0, "quality": 1.0, "arousal": 0.0, "harmful": False, "author": -1, "originator": -1, "original": -1, "group": 0,
    "created": 0, "turn": 0, "lifespan": 2**31 - 1, "closed": False, "labelled": False,
}  # fmt: skip
_TYPES: dict[str, Any] = {
    "interests": np.float32, "topics": np.float32, "opinion": np.float64, "innate_opinion": np.float64,
    "stance": np.float64, "tolerance": np.float32, "activity": np.float32, "stubbornness": np.float64,
    "literacy": np.float32, "quality": np.float32, "arousal": np.float32, "group": np.int32, "author": np.int32,
    "originator": np.int32, "original": np.int32, "created": np.int32, "turn": np.int32, "lifespan": np.int32,
    "consent": np.bool_, "harmful": np.bool_, "heeds": np.float32, "translates": np.float32, "closed": np.bool_,
    "labelled": np.bool_,
}  # fmt: skip


def people(interests: np.ndarray, **columns: np.ndarray) -> Columns:
    """User columns with the missing ones at their defaults and the types of the model; `opinion` becomes (n, dims)."""
    table = _complete({"interests": interests, **columns}, USER_COLUMNS, len(interests), wide="opinion")
    return table if "innate_opinion" in table else table.with_(innate_opinion=table.opinion.copy())


def content(topics: np.ndarray, **columns: np.ndarray) -> Columns:
    """Item columns with the missing ones at their defaults and the types of the model; `stance` becomes (n, dims)."""
    table = _complete({"topics": topics, **columns}, ITEM_COLUMNS, len(topics), wide="stance")
    return table if "originator" in columns else table.with_(originator=table.author.copy())


def _complete(given: dict[str, np.ndarray], defaults: dict[str, Any], n: int, wide: str) -> Columns:
    missing = {name: np.array(value, _TYPES[name]) for name, value in defaults.items() if name not in given}
    # what is the same for all takes one number's room
    typed = {name: np.broadcast_to(value, (n,)) for name, value in missing.items()}
    typed |= {name: np.ascontiguousarray(column, _TYPES.get(name)) for name, column in given.items()}
    if typed[wide].ndim == 1:
        typed[wide] = typed[wide][:, None]
    return Columns(**typed)


@dataclass(frozen=True)
class PlatformView:
    """What a platform holds: behaviour (history), content, follows, and what users declared. No minds.

    `user(column)` and `item(column)` give whole columns; `users_declared` are the only columns taken from the people.
    """

    step: int
    items: Columns
    follows: Follows
    history: History
    declared: Columns
    live: np.ndarray
    """int32: ids of the items that exist this step, ascending."""

    users_declared = ("consent", "group")

    @classmethod
    def of(cls, world: World, history: History) -> PlatformView:
        """The platform's side of a world."""
        declared = Columns(**{name: world.users[name] for name in cls.users_declared})
        return cls(world.step, world.items, world.follows, history, declared, world.live())

    @property
    def n_users(self) -> int:
        return self.declared.size

    @property
    def n_items(self) -> int:
        return self.items.size

    def user(self, column: str) -> np.ndarray:
        """A column over all users: `clicked_topics`, `shown_topics` (n, topics), `clicks`, `shown` (n,), or a declared one."""
        return self.history.per_user(column) if column in self.history.USER else self.declared[column]

    def item(self, column: str) -> np.ndarray:
        """A column over all items: `clicks`, `shown`, or an attribute of the items such as `created` or `topics`."""
        return self.history.per_item(column) if column in self.history.ITEM else self.items[column]
