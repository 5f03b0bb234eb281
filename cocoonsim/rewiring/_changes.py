"""How a tie is changed, in three parts that go together freely: who is left, whom people follow instead, and the change.

Who is left is said by a word (`LEAVES`), whom people follow instead by a component's `whom`. Everything is drawn by user, so
that one user's change of mind does not depend on who else is online.
"""

from __future__ import annotations

import numpy as np

from cocoonsim.core.chance import Dice
from cocoonsim.core.component import settings_of
from cocoonsim.core.follows import Follows
from cocoonsim.core.setting import setting
from cocoonsim.core.world import PlatformView, World
from cocoonsim.rewiring import Rewiring
from cocoonsim.rewiring._leaving import leavable, luckiest, mutual_owners, torn

NOBODY = -1
JUDGED = ("opinion", "feed", "clicks", "distance")
LEAVES = ("nobody", "anybody", *JUDGED)
"""Whom people may leave: see the help of `drop`."""
_JUDGED_HELP = (
    "opinion: a followee who thinks too differently; feed: the author of something in the feed that is too far away; "
    "clicks: the author of something in the feed that was not clicked; distance: each tie by itself, the likelier the "
    "further apart the two are"
)


class Changing(Rewiring):
    """A rule by which users exchange a tie for another. Subclasses say `whom`, and by `leaves` who is left for them."""

    chance: float = setting(
        0.1, low=0.0, high=1.0, help="Chance, each time online, that a user reconsiders (distance: a tie)"
    )
    tolerance: float = setting(
        0.0, low=0.0, help="Distances from this on are too far; 0 = each person's own tolerance decides"
    )
    sharpness: float = setting(
        20.0,
        above=0.0,
        help="distance: how sharply a tie is at risk from the tolerance on, chance x (1 - hill(distance))",
    )
    mutual: bool = setting(
        False,
        help="Friendships: the other side of a tie ends and begins with it; each tie is one friend's to keep, at random",
    )
    budget: float = setting(
        0.0,
        low=0.0,
        help="Changes in the whole run, as a share of the ties there are; 0 = no limit",
        unit="of all ties",
    )
    start: int = setting(0, low=0, help="The first step in which ties change", unit="step")
    stop: int = setting(0, low=0, help="From this step on they no longer change; 0 = never", unit="step")

    @property
    def leaves(self) -> str:
        """One of `LEAVES`: who is left for the new followee."""
        raise NotImplementedError(f"{type(self).__name__} leaves nobody")

    @property
    def falls_back(self) -> bool:
        """Where `whom` finds nobody, a stranger is followed; else the tie stays."""
        return True

    @property
    def keeps_arcs(self) -> bool:  # type: ignore[override]
        """Whether everybody follows as many people as before."""
        return self.leaves != "nobody" and not self.mutual

    def whom(
        self, world: World, users: np.ndarray, feed: np.ndarray, clicks: np.ndarray, dice: Dice,
        platform: PlatformView | None,
    ) -> np.ndarray:  # fmt: skip
        """int64 (n,): whom each of `users` follows next, never themselves or a followee; -1 where there is nobody."""
        raise NotImplementedError(f"{type(self).__name__} follows nobody")

    def problems(self) -> list[tuple[str, str]]:
        if self.stop and self.stop <= self.start:
            return [("stop", f"{self.stop} is not after start = {self.start}")]
        return []

    def misfits(self, world: World, slate: int) -> list[tuple[str, str]]:
        if world.follows.weights is not None and (self.leaves == "nobody" or self.mutual):
            which = "drop" if self.leaves == "nobody" else "mutual"
            return [(which, "ties have weights, and a further tie would have none. Use a network without weights")]
        return []

    def update(self, world: World, users: np.ndarray, feed: np.ndarray, clicks: np.ndarray, dice: Dice) -> World:
        return self._changed(world, users, feed, clicks, dice, None)

    def advance(
        self, world: World, users: np.ndarray, feed: np.ndarray, clicks: np.ndarray, dice: Dice, platform: PlatformView
    ) -> World:
        return self._changed(world, users, feed, clicks, dice, platform)

    def _changed(
        self, world: World, users: np.ndarray, feed: np.ndarray, clicks: np.ndarray, dice: Dice,
        platform: PlatformView | None,
    ) -> World:  # fmt: skip
        if world.step < self.start or (self.stop and world.step >= self.stop):
            return world
        if self.leaves == "distance":
            row, friend = torn(world, users, self._reach(world, users), self.sharpness, self.chance, dice)
            if self.mutual:
                kept = mutual_owners(users[row], friend, dice)
                row, friend = row[kept], friend[kept]
            return self._one_by_one(world, users, feed, clicks, dice, platform, row, friend)
        willing = np.flatnonzero(dice.uniform("unfollow", users)[:, 0] < self.chance)
        if not willing.size:
            return world
        at = willing[world.follows.degree[users[willing]] < world.n_users - 1]
        if self.leaves == "nobody":
            row, left = np.arange(at.size), np.full(at.size, NOBODY)
        else:
            reach = self._reach(world, users[at])
            row, tag, left = leavable(self.leaves, world, users[at], feed[at], clicks[at], reach)
            row, left = luckiest(users[at], row, tag, left, dice)
        at = at[row]
        if self.mutual and at.size:
            return self._one_by_one(world, users, feed, clicks, dice, platform, at, left)
        return self._exchange(world, users[at], feed[at], clicks[at], dice, platform, left)

    def _one_by_one(
        self, world: World, users: np.ndarray, feed: np.ndarray, clicks: np.ndarray, dice: Dice,
        platform: PlatformView | None, row: np.ndarray, left: np.ndarray,
    ) -> World:  # fmt: skip
        """Change after change, each knowing those before it; the dice of each are its own."""
        for at, friend in zip(row.tolist(), left.tolist(), strict=True):
            if friend >= 0 and friend not in world.follows.of(int(users[at])):
                continue  # an earlier change ended it already
            own = Dice(dice.seed, dice.step, (dice.event + 1) * (world.n_users + 1) + friend)
            one = slice(at, at + 1)
            world = self._exchange(world, users[one], feed[one], clicks[one], own, platform, np.array([friend]))
        return world

    def _exchange(
        self, world: World, users: np.ndarray, feed: np.ndarray, clicks: np.ndarray, dice: Dice,
        platform: PlatformView | None, left: np.ndarray,
    ) -> World:  # fmt: skip
        """The world after each of `users` began to follow somebody for the one they `left` (-1: on top)."""
        if not users.size:
            return world
        after = self.whom(world, users, feed, clicks, dice, platform)
        lost = np.flatnonzero(after < 0)
        if lost.size and self.falls_back:
            after[lost] = strangers(world.follows, users[lost], dice)
        moved = np.flatnonzero(after >= 0)
        counted = _column(world, "rewired", 0)
        if self.budget > 0:
            made = int(counted.sum())
            ties = world.follows.n_arcs - (made if self.leaves == "nobody" else 0)
            moved = moved[: max(int(self.budget * ties + 1e-9) - made, 0)]
        if not moved.size:
            return world
        users, left, after = users[moved], left[moved], after[moved]
        counted, newest = counted.copy(), _column(world, "newest", NOBODY).copy()
        counted[users] += 1
        newest[users] = after
        if self.leaves == "nobody":
            follows = world.follows.with_more(users, after)
        else:
            follows = world.follows.exchanged(users, left, after)
        if self.mutual:
            follows = follows.other_side(int(users[0]), int(left[0]), int(after[0]))
        return world.with_users(rewired=counted, newest=newest).with_follows(follows)

    def _reach(self, world: World, users: np.ndarray) -> np.ndarray:
        """float (n,): distances from here on are too far for each of `users`."""
        if self.tolerance > 0:
            return np.full(len(users), self.tolerance)
        return world.users.tolerance[users].astype(np.float64)


class Following(Changing):
    """A rule that says whom people follow next. Alone it changes ties; inside another rule it is asked for `whom` only."""

    drop: str = setting(
        "anybody", choices=LEAVES,
        help=f"Who is left for it. nobody: the tie comes on top; anybody: a followee at random; {_JUDGED_HELP}",
    )  # fmt: skip
    otherwise: str = setting(
        "nobody",
        choices=("nobody", "stranger"),
        help="Who is followed where the rule finds nobody; nobody: the tie stays",
    )

    @property
    def leaves(self) -> str:
        return self.drop

    @property
    def falls_back(self) -> bool:
        return self.otherwise == "stranger"

    def idle(self) -> list[str]:
        """The settings that were changed though they mean nothing inside another rule."""
        of_alone = {"chance", "sharpness", "mutual", "budget", "start", "stop", "drop", "otherwise"}
        about = [info for info in settings_of(type(self)) if info.name in of_alone]
        return [info.name for info in about if getattr(self, info.name) != info.default]


def _column(world: World, name: str, default: int) -> np.ndarray:
    """int32 (n_users,): what is noted of the changes: how many each made (`rewired`), whom each followed last (`newest`)."""
    return world.users[name] if name in world.users else np.full(world.n_users, default, np.int32)


def strangers(follows: Follows, users: np.ndarray, dice: Dice) -> np.ndarray:
    """int64 (n,): for each of `users` one of all whom they do not follow, all as likely; they must not follow everybody."""
    row, followee = follows.arcs_of(users)
    known = np.concatenate([users, followee]).astype(np.int64)
    owner = np.concatenate([np.arange(users.size), row])
    return nth_unknown(users, owner, known, np.full(users.size, follows.n_users), dice)


def nth_unknown(users: np.ndarray, owner: np.ndarray, known: np.ndarray, size: np.ndarray, dice: Dice) -> np.ndarray:
    """int64 (n,): for each of `users` one of range(size) not `known` (`owner`: position in `users`); -1 if there is none."""
    order = np.lexsort((known, owner))
    known, owner = known[order], owner[order]
    counts = np.bincount(owner, minlength=users.size)
    place = np.arange(owner.size) - np.repeat(np.cumsum(counts) - counts, counts)
    # the k-th stranger is k, plus one for every known person on the way: those with at most k strangers before them
    bits = (dice.bits("follow whom", users)[:, 0] >> np.uint64(32)) * (size - counts).astype(np.uint64)
    nth = (bits >> np.uint64(32)).astype(np.int64)
    found = nth + np.bincount(owner, known - place <= nth[owner], users.size).astype(np.int64)
    return np.where(counts < size, found, NOBODY)


def one_of(
    row: np.ndarray, person: np.ndarray, follows: Follows, users: np.ndarray, dice: Dice, *, distinct: bool
) -> np.ndarray:
    """int64 (n,): for each of `users` a person of theirs (`row`: position in `users`) whom they do not follow yet; -1 if none.

    All are as likely; who is there twice counts twice, unless only `distinct` ones count.
    """
    if users.size == 1:
        return _one_of_one(person, follows, users, dice, distinct)
    keys = np.sort((row * np.int64(follows.n_users) + person)[person >= 0])
    known = follows.keys(users)
    at = np.minimum(np.searchsorted(known, keys), known.size - 1)
    keys = keys[known[at] != keys] if keys.size else keys
    if distinct and keys.size:
        keys = keys[np.append(True, keys[1:] != keys[:-1])]
    starts = np.searchsorted(keys, np.arange(users.size + 1) * np.int64(follows.n_users))
    counts = np.diff(starts)
    luck = dice.uniform("follow whom", users)[:, 0].astype(np.float64)
    nth = np.minimum((luck * counts).astype(np.int64), np.maximum(counts - 1, 0))
    out = np.full(users.size, NOBODY, np.int64)
    some = counts > 0
    out[some] = keys[(starts[:-1] + nth)[some]] % follows.n_users
    return out


def _one_of_one(person: np.ndarray, follows: Follows, users: np.ndarray, dice: Dice, distinct: bool) -> np.ndarray:
    """The same for a single user, in as few calls as possible."""
    known = np.zeros(follows.n_users, bool)
    known[follows.of(int(users[0]))] = known[users] = True
    new = person[person >= 0]
    new = new[~known[new]]
    if distinct:
        there = np.zeros(follows.n_users, bool)
        there[new] = True
        new = np.flatnonzero(there)
    else:
        new = np.sort(new)
    if not new.size:
        return np.full(1, NOBODY, np.int64)
    luck = float(dice.uniform("follow whom", users)[0, 0])
    return np.array([new[min(int(luck * new.size), new.size - 1)]], np.int64)
