"""What a rule of publishing promises."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from cocoonsim.core.chance import Chance
from cocoonsim.core.world import Columns, World
from cocoonsim.publishing import Maker, Publishing
from cocoonsim.testing.broken import calls, first_difference, own_dice_only, require, same, untouched
from cocoonsim.testing.worlds import TinyWorld, tiny_worlds

STEPS = (6, 7, 8, 12, 20)


def promise_ids_never_change(rule: Publishing) -> None:
    """What was published before stays as it was, in its row, but may end; new items come after it with the same columns."""
    for tiny in tiny_worlds():
        for step in STEPS:
            before, after = tiny.world, _publish(rule, tiny, step)
            require(
                after.n_items >= before.n_items, rule, f"{before.n_items - after.n_items} items vanish on {tiny.name}"
            )
            require(set(after.items) == set(before.items), rule, f"changes which columns items have on {tiny.name}")
            for name, column in before.items.items():
                now = after.items[name]
                require(now.dtype == column.dtype, rule, f"{name} is {now.dtype} now, was {column.dtype}")
                if name == "lifespan":  # a platform may keep only the last posts, but brings none back
                    column = np.minimum(column, now[: before.n_items])
                difference = first_difference(now[: before.n_items], column)
                require(difference == "nowhere", rule, f"{name} of an old item changes on {tiny.name} {difference}")


def promise_new_items_are_of_now(rule: Publishing) -> None:
    """New items were created in this step, their authors are users or -1, and their values are in range."""
    for tiny in tiny_worlds():
        for step in STEPS:
            after = _publish(rule, tiny, step)
            new = {name: column[tiny.world.n_items :] for name, column in after.items.items()}
            require(
                (new["created"] == step).all(),
                rule,
                f"new items say created = {np.unique(new['created'])} in step {step}",
            )
            for name in ("author", "originator"):
                known = ((new[name] >= -1) & (new[name] < tiny.world.n_users)).all()
                require(known, rule, f"the {name} of a new item is no user on {tiny.name}")
            require(np.isfinite(new["stance"]).all(), rule, f"the stance of a new item is no number on {tiny.name}")
            for name in ("quality", "arousal", "topics"):
                values = new[name]
                inside = values.size == 0 or (values.min() >= 0 and values.max() <= 1)
                require(inside, rule, f"{name} of a new item is outside 0 to 1 on {tiny.name}")
            sums = new["topics"].sum(axis=1)
            require(
                np.abs(sums - 1).max(initial=0) < 1e-4, rule, f"topics of a new item do not sum to 1 on {tiny.name}"
            )


def promise_items_come_from_where_it_says(rule: Publishing) -> None:
    """Only a rule with `makes_items = True` asks the catalogue for further items."""
    if rule.makes_items:
        return
    for tiny in tiny_worlds():
        for step in STEPS:
            ask = WatchedMaker(tiny)
            _publish(rule, tiny, step, ask)
            require(not ask.asked, rule, f"says makes_items = False, but asks for {ask.asked} items on {tiny.name}")


def promise_only_readers_post_after_reading(rule: Publishing) -> None:
    """What appears after reading is by those who read, in their visit, and they post whoever else is there."""
    for tiny in tiny_worlds():
        posts = []
        for users in (tiny.users, tiny.users[::3], tiny.users[:0]):
            event = Chance(tiny.dice.seed).at(tiny.world.step, 4)
            read = tiny.feed[users], tiny.clicks[users]
            after: World = calls(
                rule, f"on {tiny.name}", rule.after_reading, tiny.world, users, *read, event, tiny.history
            )
            new = {name: column[tiny.world.n_items :] for name, column in after.items.items()}
            strangers = np.setdiff1d(new["author"], users)
            require(not strangers.size, rule, f"user {strangers[:1]} posts without having read on {tiny.name}")
            require(
                (new["turn"] == event.event + 1).all(), rule, f"posts say turn {new['turn'][:1]}, not the visit + 1"
            )
            posts.append(new)
        whole, some = posts[:2]
        theirs = np.isin(whole["author"], tiny.users[::3])
        for name in ("author", "originator", "stance", "topics"):
            alike = same(whole[name][theirs], some[name])
            require(alike, rule, f"the {name} of a post depends on who else has read on {tiny.name}")


def promise_authors_are_announced(rule: Publishing) -> None:
    """Only a rule that `gives` authors publishes anything in a user's name."""
    if any("authors" in part.gives for part in (rule, *(inner for _, inner in rule.inside()))):
        return
    for tiny in tiny_worlds():
        authors = _publish(rule, tiny, 12).items.author[tiny.world.n_items :]
        require((authors < 0).all(), rule, f"does not give authors, but user {authors.max(initial=-1)} is an author")


def promise_repeatable(rule: Publishing) -> None:
    """The same step publishes the same; the world is not written into, and no global random numbers are used."""
    for tiny in tiny_worlds():
        with own_dice_only(rule), untouched(rule, tiny.world):
            one, other = _publish(rule, tiny, 7), _publish(rule, tiny, 7)
        for name, column in one.items.items():
            require(same(column, other.items[name]), rule, f"two calls publish different {name} on {tiny.name}")


# ---------------------------------------------------------------------------------------------------- what is tried
def _publish(rule: Publishing, tiny: TinyWorld, step: int, make: Maker | None = None) -> World:
    """The world with what appears at the start of the step, and what everybody posts after reading."""
    world, dice = replace(tiny.world, step=step), Chance(tiny.dice.seed).at(step)
    make, what = make or WatchedMaker(tiny), f"on {tiny.name} in step {step}"
    world = calls(rule, what, rule.publish, world, make, dice, tiny.history)
    after: World = calls(rule, what, rule.after_reading, world, tiny.users, tiny.feed, tiny.clicks, dice, tiny.history)
    return after


class WatchedMaker:
    """Further items like those that are there, from nobody, as a catalogue gives them; notes how many were asked for."""

    def __init__(self, tiny: TinyWorld) -> None:
        self.items, self.asked = tiny.world.items, list[int]()

    def __call__(self, n: int) -> Columns:
        self.asked.append(n)
        rows = (np.arange(n) * 5 + 3) % self.items.size
        items = Columns(**{name: column[rows] for name, column in self.items.items()})
        nobody = np.full(n, -1, np.int32)
        return items.with_(author=nobody, originator=nobody, created=np.zeros(n, np.int32))
