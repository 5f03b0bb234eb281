"""What an intervention promises."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from cocoonsim.core.follows import Follows
from cocoonsim.core.history import History
from cocoonsim.core.topk import TopK
from cocoonsim.core.view import View
from cocoonsim.core.world import World
from cocoonsim.interventions import Intervention
from cocoonsim.testing.broken import calls, first_difference, own_dice_only, require, same, untouched
from cocoonsim.testing.worlds import SLATE, TinyWorld, tiny_worlds

DEPTH = 3 * SLATE


def promise_zero_dose_is_no_dose(measure: Intervention) -> None:
    """With `share = 0`, `compliance = 0` or the settings it calls `idle`, all is the same bits as without it."""
    for none in (replace(measure, share=0.0), replace(measure, compliance=0.0)):
        _must_do_nothing(measure, none, "with no share or no compliance")
    if measure.idle:
        none = replace(measure, start=0, **measure.idle)
        _must_do_nothing(measure, none, f"with {', '.join(f'{name} = {dose}' for name, dose in measure.idle.items())}")


def promise_nothing_before_start(measure: Intervention) -> None:
    """Before the step `start` it changes nothing."""
    _must_do_nothing(measure, replace(measure, start=100, stop=200), "before it starts")


def promise_nothing_after_stop(measure: Intervention) -> None:
    """From the step `stop` on it changes nothing."""
    for tiny in tiny_worlds():
        if tiny.world.step:
            _must_do_nothing(measure, replace(measure, start=0, stop=tiny.world.step), "after it has stopped", tiny)


def promise_untreated_users_are_untouched(measure: Intervention) -> None:
    """Scores, feeds, columns, follows, records and what the platform holds of those it does not reach stay as they were."""
    half = replace(measure, start=0, share=0.5, compliance=1.0)
    for tiny in tiny_worlds():
        left = ~half.treated(tiny.users, tiny.dice)
        world, scores, feed = _carry_out(half, tiny)
        before = _carry_out(replace(half, share=0.0), tiny)
        for what, one, other in (("scores", scores, before[1]), ("feeds", feed, before[2])):
            difference = first_difference(one[left], other[left])
            require(difference == "nowhere", measure, f"{what} of untreated users change on {tiny.name} {difference}")
        for name, column in tiny.world.users.items():
            kept = same(column[left], world.users[name][left])
            require(kept, measure, f"{name} of untreated users changes on {tiny.name}")
        noted, held = _noted(half, tiny), dict(_held(half.change_platform(tiny.platform, tiny.dice).history))
        require(same(noted[left], tiny.clicks[left]), measure, f"changes the record of untreated users on {tiny.name}")
        for name, column in _held(tiny.history):
            kept = same(column[left], held[name][left])
            require(kept, measure, f"changes what the platform holds of untreated users ({name}) on {tiny.name}")
        for user in np.flatnonzero(left):
            kept = same(tiny.world.follows.of(int(user)), world.follows.of(int(user)))
            require(kept, measure, f"changes whom untreated user {user} follows on {tiny.name}")


def promise_records_are_of_what_was_shown(measure: Intervention) -> None:
    """What is noted down is true or false for each place of the feed, and nothing is noted of an empty one."""
    acting = replace(measure, start=0)
    for tiny in tiny_worlds():
        short = replace(tiny, feed=np.where(np.arange(SLATE) < SLATE - 2, tiny.feed, -1).astype(np.int32))
        short = replace(short, clicks=short.clicks & (short.feed >= 0))
        noted = _noted(acting, short)
        require(noted.shape == short.feed.shape, measure, f"the record has shape {noted.shape} on {tiny.name}")
        require(noted.dtype == bool, measure, f"the record is {noted.dtype}, not bool, on {tiny.name}")
        require(not noted[:, -2:].any(), measure, f"a click is noted down on an empty place on {tiny.name}")


def promise_what_is_lent_is_given_back(measure: Intervention) -> None:
    """After the step the columns that it lists as lent are as they were; all others stay as it made them."""
    acting = replace(measure, start=0)
    for tiny in tiny_worlds():
        changed = calls(measure, f"on {tiny.name}", acting.change_world, tiny.world, tiny.dice)
        after = calls(measure, f"on {tiny.name}", acting.give_back, changed, tiny.world)
        for lent, before, during, now in (
            (measure.lent_users, tiny.world.users, changed.users, after.users),
            (measure.lent_items, tiny.world.items, changed.items, after.items),
        ):
            for name in during:
                wanted = before[name] if name in lent and name in before else during[name]
                require(same(now[name], wanted), measure, f"does not give {name} back on {tiny.name}")


def promise_feeds_stay_feeds(measure: Intervention) -> None:
    """It keeps the shape of scores and feeds, makes no score NaN, shows live items only, none twice, empty places last."""
    for tiny in tiny_worlds():
        world, scores, feed = _carry_out(replace(measure, start=0), tiny)
        live = replace(tiny, world=world).platform.live
        require(
            scores.shape == (len(tiny.users), len(live)), measure, f"scores have shape {scores.shape} on {tiny.name}"
        )
        require(not np.isnan(scores).any(), measure, f"a score is not a number on {tiny.name}")
        require(feed.shape == (len(tiny.users), SLATE), measure, f"feeds have shape {feed.shape} on {tiny.name}")
        strangers = np.setdiff1d(feed[feed >= 0], live)
        require(not strangers.size, measure, f"shows {strangers[:5].tolist()}, which are not live on {tiny.name}")
        ordered = np.sort(feed, axis=1)
        twice = (ordered[:, 1:] == ordered[:, :-1]) & (ordered[:, 1:] >= 0)
        require(not twice.any(), measure, f"{twice.any(axis=1).sum()} feeds show an item twice on {tiny.name}")
        gap = (feed[:, :-1] < 0) & (feed[:, 1:] >= 0)
        require(
            not gap.any(), measure, f"{gap.any(axis=1).sum()} feeds have an empty place before an item on {tiny.name}"
        )


def promise_repeatable(measure: Intervention) -> None:
    """The same step has the same effect; nothing given is written into, and no global random numbers are used."""
    acting = replace(measure, start=0)
    for tiny in tiny_worlds():
        with own_dice_only(measure), untouched(measure, tiny.world, tiny.history):
            one, other = _carry_out(acting, tiny), _carry_out(acting, tiny)
            noted = [_noted(acting, tiny) for _ in range(2)]
            held = [dict(_held(acting.change_platform(tiny.platform, tiny.dice).history)) for _ in range(2)]
        require(same(*noted), measure, f"two calls note down different clicks on {tiny.name}")
        for name in held[0]:
            require(same(held[0][name], held[1][name]), measure, f"two calls leave different {name} on {tiny.name}")
        require(same(one[1], other[1]), measure, f"two calls give different scores on {tiny.name}")
        require(same(one[2], other[2]), measure, f"two calls give different feeds on {tiny.name}")
        for name, column in one[0].users.items():
            require(same(column, other[0].users[name]), measure, f"two calls give different {name} on {tiny.name}")


def promise_blocks_do_not_matter(measure: Intervention) -> None:
    """Scores and feeds of a user do not depend on who is served with them, nor on how the items are tiled."""
    acting = replace(measure, start=0)
    for tiny in tiny_worlds():
        _, scores, feed = _carry_out(acting, tiny)
        for rows in (slice(0, 7), slice(7, 48)):
            _, some_scores, some_feed = _carry_out(acting, tiny, tiny.users[rows], tile=11)
            require(same(some_scores, scores[rows]), measure, f"scores depend on the block or tile on {tiny.name}")
            require(same(some_feed, feed[rows]), measure, f"feeds depend on the block or tile on {tiny.name}")


# ---------------------------------------------------------------------------------------------------- what is tried
def _must_do_nothing(measure: Intervention, idle: Intervention, when: str, only: TinyWorld | None = None) -> None:
    for tiny in [only] if only else tiny_worlds():
        world, scores, feed = _carry_out(idle, tiny)
        for name in _changed(tiny.world, world):
            require(False, measure, f"changes {name} {when} on {tiny.name}")
        plain_scores, plain_feed = _served(None, tiny, tiny.world, tiny.users, 1000)
        require(same(scores, plain_scores), measure, f"changes scores {when} on {tiny.name}")
        require(same(feed, plain_feed), measure, f"changes feeds {when} on {tiny.name}")
        require(same(_noted(idle, tiny), tiny.clicks), measure, f"changes what is noted down {when} on {tiny.name}")
        held = dict(_held(calls(idle, f"on {tiny.name}", idle.change_platform, tiny.platform, tiny.dice).history))
        for name, column in _held(tiny.history):
            require(
                same(column, held[name]), measure, f"changes what the platform holds ({name}) {when} on {tiny.name}"
            )
        lists = idle.extra_lists(scores, tiny.view())
        require(not lists, measure, f"asks for the lists {sorted(lists)} {when} on {tiny.name}")


def _changed(before: World, after: World) -> Iterator[str]:
    for table, old, new in (("users", before.users, after.users), ("items", before.items, after.items)):
        if set(old) != set(new):
            yield f"the columns of {table}"
        yield from (f"{table}' {name}" for name, column in old.items() if name in new and not same(column, new[name]))
    if not _same_follows(before.follows, after.follows):
        yield "the follows"


def _same_follows(one: Follows, other: Follows) -> bool:
    return same(one.starts, other.starts) and same(one.targets, other.targets)


def _noted(measure: Intervention, tiny: TinyWorld) -> np.ndarray:
    """bool (users, slate): the clicks as the platform notes them down."""
    given = tiny.world, tiny.users, tiny.feed, tiny.clicks, tiny.dice
    return np.asarray(calls(measure, f"on {tiny.name}", measure.change_record, *given))


def _held(history: History) -> Iterator[tuple[str, np.ndarray]]:
    """(name, rows) of what a platform holds of each user."""
    for name in ("shown_topics", "clicked_topics", "shown", "clicks", "recent", "recent_clicked"):
        yield name, getattr(history, name)


def _carry_out(
    measure: Intervention, tiny: TinyWorld, users: np.ndarray | None = None, tile: int = 1000
) -> tuple[World, np.ndarray, np.ndarray]:
    """The world, the scores and the feeds after the measure, in the order in which a step asks for them."""
    world: World = calls(measure, f"on {tiny.name}", measure.change_world, tiny.world, tiny.dice)
    return world, *_served(measure, tiny, world, tiny.users if users is None else users, tile)


def _served(
    measure: Intervention | None, tiny: TinyWorld, world: World, users: np.ndarray, tile: int
) -> tuple[np.ndarray, np.ndarray]:
    """Scores and feeds of a plain ranking (luck in sixteenths) and a plain feed (the best), with or without the measure."""
    view: View = replace(tiny, world=world).view(users)
    offered, all_scores, tops = view.items, list[np.ndarray](), dict[str, TopK]()
    salts = (view.dice.bits("tie", users)[:, 0] >> np.uint64(32)).astype(np.uint32)
    for low in range(0, len(offered), tile):
        view.items = offered[low : low + tile]
        scores = np.floor(view.uniform("tiny scores") * np.float32(16)) / np.float32(16)
        lists = {}
        if measure is not None:
            scores = calls(measure, f"on {tiny.name}", measure.change_scores, scores, view)
            lists = calls(measure, f"on {tiny.name}", measure.extra_lists, scores, view)
            require("best" not in lists, measure, "calls a short list of its own 'best'")
        all_scores.append(scores)
        for name, values in ({"best": scores} | lists).items():
            tops.setdefault(name, TopK(DEPTH, salts)).push(np.asarray(values, np.float32), view.items)
    view.lists = {name: top.result() for name, top in tops.items()}
    view.items = view.lists["best"][1]
    feed = view.items[:, :SLATE]
    if measure is not None:
        feed = calls(measure, f"on {tiny.name}", measure.change_feed, feed, view)
    return np.concatenate(all_scores, axis=1), feed
