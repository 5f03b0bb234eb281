"""Tiny worlds with known answers, to try a component on before it is trusted.

Each is small enough to check by hand and made of event-keyed draws, so it is the same on every machine:

- `two_camps`: two groups with no taste, no opinion and no follow in common;
- `monoculture`: everybody and everything is about one topic, and all see the same feed;
- `melting_pot`: content is spread evenly over all topics, and every feed spans all of them;
- `cold_start`: people and content of all kinds, but nothing has happened yet;
- `lonely_user`: all are connected but user 0, who follows nobody and is followed by nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from cocoonsim.core.chance import Chance, Dice
from cocoonsim.core.follows import Follows
from cocoonsim.core.history import History
from cocoonsim.core.moment import Moment
from cocoonsim.core.view import View
from cocoonsim.core.world import Columns, PlatformView, World, content, people

USERS, ITEMS, TOPICS, SLATE, STEP = 48, 64, 8, 8, 6
"""The size of every tiny world: 48 users, 64 items, 8 topics, feeds of 8, seen in step 6 (`cold_start`: step 0)."""
MEMORY = 100
SEED = 20


@dataclass(frozen=True)
class TinyWorld:
    """A world, what has happened in it, and what its people look at now."""

    name: str
    world: World
    history: History
    feed: np.ndarray
    """int32 (users, slate)"""
    clicks: np.ndarray
    """bool (users, slate)"""
    dice: Dice

    @property
    def users(self) -> np.ndarray:
        """int64: the ids of all users."""
        return np.arange(self.world.n_users)

    @property
    def platform(self) -> PlatformView:
        """What a platform may see of it."""
        return PlatformView.of(self.world, self.history)

    @property
    def moment(self) -> Moment:
        """What the audience sees of it."""
        world, platform = self.world, self.platform
        return Moment(world.step, world, world, self.history, self.users, self.feed, self.clicks, platform, self.dice)

    def view(
        self, users: np.ndarray | None = None, items: np.ndarray | None = None, *, minds: bool = False,
        dice: Dice | None = None,
    ) -> View:  # fmt: skip
        """What a ranking policy sees of some users (default: all) and candidates (default: all live items)."""
        platform = self.platform
        return View(
            platform,
            self.users if users is None else users,
            platform.live if items is None else items,
            dice or self.dice,
            _world=self.world if minds else None,
        )

    def with_dice(self, seed: int) -> TinyWorld:
        """The same world with other dice."""
        return replace(self, dice=Dice(seed, self.dice.step))


def two_camps(seed: int = SEED) -> TinyWorld:
    """Users 0 ... 23 like topics 0 ... 3 and hold opinion -0.8; the others like topics 4 ... 7 and hold +0.8.

    Content is made by one camp for itself, people follow people of their own camp, and four items are past their life.
    """
    dice = Dice(seed, 0)
    camp, side = np.arange(USERS) // (USERS // 2), np.arange(ITEMS) // (ITEMS // 2)
    half = (np.arange(TOPICS) // (TOPICS // 2))[None, :]
    taste = -np.log(dice.uniform("tiny taste", np.arange(USERS), TOPICS)) * (half == camp[:, None])
    about = -(np.log(dice.uniform("tiny about", np.arange(ITEMS), TOPICS)) ** 2) * (half == side[:, None])
    lean = dice.uniform("tiny lean", np.arange(ITEMS), 1)[:, 0]
    users = _people(dice, _shares(taste), opinion=np.where(camp == 0, -0.8, 0.8), group=camp)
    users = users.with_(consent=np.arange(USERS) % 8 != 5)
    items = _content(
        dice, _shares(np.abs(about)), stance=np.where(side == 0, -1.0, 1.0) * (0.4 + 0.5 * lean), group=side
    )
    author = (camp.searchsorted(side) + dice.below("tiny author", np.arange(ITEMS), 1, USERS // 2)[:, 0]).astype(
        np.int32
    )
    lifespan = items.lifespan.copy()
    lifespan[[5, 9, 40, 50]] = 1  # published in step 0 or 1, gone since
    created = np.where(lifespan == 1, 1, items.created).astype(np.int32)
    items = items.with_(author=author, originator=_reposted(dice, author, side), lifespan=lifespan, created=created)
    return _lived(dice, "two_camps", users, items, _ties(dice, lambda u: np.flatnonzero(camp == camp[u])))


def monoculture(seed: int = SEED) -> TinyWorld:
    """Everybody likes topic 0, everything is about topic 0, all hold opinion 0.5, and all see the same feed."""
    dice = Dice(seed, 0)
    one = np.zeros((1, TOPICS))
    one[0, 0] = 1.0
    users = _people(dice, one.repeat(USERS, axis=0), opinion=np.full(USERS, 0.5), group=np.zeros(USERS))
    items = _content(dice, one.repeat(ITEMS, axis=0), stance=np.full(ITEMS, 0.5), group=np.zeros(ITEMS))
    same = np.arange(SLATE, dtype=np.int32)[None, :].repeat(USERS, axis=0)
    return _lived(dice, "monoculture", users, items, _ties(dice, lambda u: np.arange(USERS)), lambda step: same)


def melting_pot(seed: int = SEED) -> TinyWorld:
    """An eighth of the items is about each topic; everybody likes every topic; each feed holds one item of each.

    Every item is shown equally often, opinions lie evenly from -1 to 1, and four groups are mixed without regard to
    opinion or follows.
    """
    dice = Dice(seed, 0)
    number = np.arange(USERS)
    users = _people(
        dice,
        np.full((USERS, TOPICS), 1 / TOPICS),
        opinion=np.linspace(-1, 1, USERS)[number * 29 % USERS],
        group=number % 4,
    )
    topic, place = np.arange(ITEMS) % TOPICS, np.arange(ITEMS) // TOPICS
    items = _content(
        dice, np.eye(TOPICS)[topic], stance=np.linspace(-1, 1, TOPICS)[(topic + place) % TOPICS], group=place % 4
    )
    author = (np.arange(ITEMS) * 7 % USERS).astype(np.int32)
    items = items.with_(author=author, originator=_reposted(dice, author, items.group))

    def feeds(step: int) -> np.ndarray:
        """One item of each topic; over the users, each item equally often."""
        shelf = (number[:, None] * 3 + number[:, None] // TOPICS + np.arange(TOPICS) * 5 + step) % TOPICS
        feed = shelf * TOPICS + np.arange(TOPICS)
        turn = (np.arange(SLATE) + number[:, None]) % SLATE  # no topic has the best place for all
        return np.take_along_axis(feed, turn, axis=1).astype(np.int32)

    return _lived(dice, "melting_pot", users, items, _ties(dice, lambda u: number), feeds)


def cold_start(seed: int = SEED) -> TinyWorld:
    """Everybody and everything is there, of every kind, but it is step 0: nobody has seen or clicked anything yet."""
    dice = Dice(seed, 0)
    users, items, follows = _varied(dice)
    items = items.with_(created=np.zeros(ITEMS, np.int32))
    world = World(0, users, items, follows, _names())
    feed = _random_feed(world, dice)
    history = History(USERS, TOPICS, ITEMS, MEMORY, pairs=True, times=True)
    return TinyWorld("cold_start", world, history, feed, _clicked(world, feed, dice), dice)


def lonely_user(seed: int = SEED) -> TinyWorld:
    """User 0 follows nobody and nobody follows user 0; all others are connected, and tastes and content are of every kind."""
    dice = Dice(seed, 0)
    users, items, follows = _varied(dice)
    kept = (follows.sources() != 0) & (follows.targets != 0)
    follows = Follows.from_arcs(USERS, follows.sources()[kept], follows.targets[kept])
    author = np.where(items.author == 0, 1, items.author)
    items = items.with_(author=author, originator=np.where(items.originator == 0, 1, items.originator))
    return _lived(dice, "lonely_user", users, items, follows)


WORLDS: dict[str, Callable[..., TinyWorld]] = {
    make.__name__: make for make in (two_camps, monoculture, melting_pot, cold_start, lonely_user)
}
"""The tiny worlds by name."""


def tiny_worlds(*names: str) -> Iterator[TinyWorld]:
    """The named tiny worlds, freshly made; all of them without names."""
    for name in names or WORLDS:
        yield WORLDS[name]()


# ---------------------------------------------------------------------------------------------------- how they are made
def _shares(rows: np.ndarray) -> np.ndarray:
    return rows / rows.sum(axis=1, keepdims=True)


def _names() -> tuple[str, ...]:
    return tuple(f"topic {number}" for number in range(1, TOPICS + 1))


def _varied(dice: Dice) -> tuple[Columns, Columns, Follows]:
    """Tastes, content and ties of every kind, with two groups that differ a little."""
    number = np.arange(USERS)
    taste = _shares(-np.log(dice.uniform("tiny taste", number, TOPICS)))
    about = _shares(np.log(dice.uniform("tiny about", np.arange(ITEMS), TOPICS)) ** 4)
    opinion = 2 * dice.uniform("tiny opinion", number, 1)[:, 0] - 1
    stance = 2 * dice.uniform("tiny lean", np.arange(ITEMS), 1)[:, 0] - 1
    users = _people(dice, taste, opinion=opinion, group=(opinion > 0.2).astype(np.int32))
    items = _content(dice, about, stance=stance, group=(stance > 0.0).astype(np.int32))
    author = dice.below("tiny author", np.arange(ITEMS), 1, USERS)[:, 0].astype(np.int32)
    items = items.with_(author=author, originator=_reposted(dice, author, items.group))
    return users, items, _ties(dice, lambda u: number)


def _people(dice: Dice, interests: np.ndarray, opinion: np.ndarray, group: np.ndarray) -> Columns:
    tolerance, activity, stubbornness, literacy = dice.uniform("tiny people", np.arange(USERS), 4).T
    return people(
        interests, opinion=opinion, innate_opinion=(0.5 * opinion)[:, None], group=group, tolerance=0.3 + tolerance,
        activity=0.2 + 0.8 * activity, stubbornness=0.8 * stubbornness, literacy=literacy,
    )  # fmt: skip


def _content(dice: Dice, topics: np.ndarray, stance: np.ndarray, group: np.ndarray) -> Columns:
    quality, arousal, harmful, born = dice.uniform("tiny content", np.arange(ITEMS), 4).T
    author = (np.arange(ITEMS) * 5 % USERS).astype(np.int32)
    return content(
        topics, stance=stance, quality=0.4 + 0.6 * quality, arousal=arousal, harmful=harmful < 0.25, group=group,
        author=author, originator=_reposted(dice, author, group), created=np.floor(born * STEP),
    )  # fmt: skip


def _reposted(dice: Dice, author: np.ndarray, group: np.ndarray) -> np.ndarray:
    """The originators: about one item in four is a repost, of something from the same group."""
    numbers = np.arange(len(author))
    other = dice.below("tiny originator", numbers, 1, len(author))[:, 0]
    return np.where((numbers % 4 == 3) & (group[other] == group), author[other], author).astype(np.int32)


def _ties(dice: Dice, reach: Callable[[int], np.ndarray]) -> Follows:
    """Each user follows the next in their reach, which connects it, and five others in it at random."""
    sources, targets = [], []
    for user in range(USERS):
        others = reach(user)
        after = others[(np.flatnonzero(others == user)[0] + 1) % len(others)]
        luck = dice.uniform("tiny ties", np.array([user]), USERS)[0][others]
        chosen = {int(after), *(int(other) for other in others[np.argsort(luck)][:5])} - {user}
        targets += sorted(chosen)
        sources += [user] * len(chosen)
    return Follows.from_arcs(USERS, np.array(sources), np.array(targets))


def _random_feed(world: World, dice: Dice) -> np.ndarray:
    live = world.live()
    luck = dice.pairs("tiny feed", np.arange(world.n_users), live)
    return live[np.argsort(luck, axis=1)[:, :SLATE]].astype(np.int32)


def _clicked(world: World, feed: np.ndarray, dice: Dice) -> np.ndarray:
    """People click what they like: with half the chance of its utility to them."""
    users = np.arange(world.n_users)
    clicks: np.ndarray = dice.uniform("tiny click", users, SLATE) < 0.5 * world.utility(users, feed)
    return clicks


def _lived(
    dice: Dice, name: str, users: Columns, items: Columns, follows: Follows,
    feeds: Callable[[int], np.ndarray] | None = None,
) -> TinyWorld:  # fmt: skip
    """The world in step 6, after six steps of feeds (at random unless given) and clicks."""
    history = History(USERS, TOPICS, ITEMS, MEMORY, pairs=True, times=True)
    chance = Chance(dice.seed)
    # the first items are there from the beginning, so that there is something to show
    items = items.with_(created=np.where(np.arange(ITEMS) % 2 == 0, 0, items.created).astype(np.int32))
    if feeds is not None:
        items = items.with_(created=np.zeros(ITEMS, np.int32))
    for step in range(STEP + 1):
        world, now = World(step, users, items, follows, _names()), chance.at(step)
        feed = feeds(step) if feeds is not None else _random_feed(world, now)
        clicks = _clicked(world, feed, now)
        if step < STEP:
            history.add(np.arange(USERS), feed, clicks, items.topics, step)
    return TinyWorld(name, world, history, feed, clicks, now)
