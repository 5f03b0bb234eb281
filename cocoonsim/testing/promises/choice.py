"""What a model of clicking promises."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from cocoonsim.choice import Choice
from cocoonsim.core.chance import Dice
from cocoonsim.testing.broken import calls, first_difference, own_dice_only, require, same, untouched
from cocoonsim.testing.worlds import SLATE, TinyWorld, tiny_worlds, two_camps


def promise_clicks_are_marks(model: Choice) -> None:
    """Clicks are true or false, one for each place of each feed."""
    for tiny in tiny_worlds():
        clicks = _choose(model, tiny, tiny.feed)
        require(clicks.shape == tiny.feed.shape, model, f"clicks {clicks.shape} for feeds {tiny.feed.shape}")
        require(clicks.dtype == np.bool_, model, f"clicks are {clicks.dtype}, not true or false")


def promise_nobody_clicks_an_empty_place(model: Choice) -> None:
    """An empty place (-1) of a feed is never clicked, and an empty feed is no trouble."""
    for tiny in tiny_worlds():
        holes = np.where((tiny.users[:, None] + np.arange(SLATE)) % 3 == 0, np.int32(-1), tiny.feed)
        holes[::5] = -1
        for step in range(20):
            clicked = _choose(model, tiny, holes, step) & (holes < 0)
            require(not clicked.any(), model, f"{clicked.sum()} empty places are clicked on {tiny.name}")


def promise_liked_is_clicked_no_less(model: Choice) -> None:
    """On `two_camps`, all else equal, people click content of their own camp no less often than the other's."""
    tiny = _all_else_equal(two_camps())
    own, other = 0, 0
    for step in range(100):
        feed, is_own = _half_and_half(tiny, step)
        clicks = _choose(model, tiny, feed, step)
        own += int((clicks & is_own).sum())
        other += int((clicks & ~is_own).sum())
    # under indifference the difference has a variance of at most own + other (clicks on one feed repel each other)
    slack = 4 * np.sqrt(own + other)
    require(
        own >= other - slack, model, f"people clicked {own} times what they like and {other} times what they do not"
    )


def promise_same_event_same_draw(model: Choice) -> None:
    """The same people, feed, seed and step give the same clicks, and no global random numbers are used."""
    for tiny in tiny_worlds():
        with own_dice_only(model):
            one, other = _choose(model, tiny, tiny.feed), _choose(model, tiny, tiny.feed)
        require(same(one, other), model, f"two calls differ on {tiny.name} {first_difference(one, other)}")


def promise_blocks_do_not_matter(model: Choice) -> None:
    """What a user clicks does not depend on who is asked with them."""
    for tiny in tiny_worlds():
        whole = _choose(model, tiny, tiny.feed)
        for rows in (slice(0, 5), slice(5, 29), slice(29, 48)):
            users, feed = tiny.users[rows], tiny.feed[rows]
            part = calls(model, f"on {tiny.name}", model.choose, tiny.world, users, feed, tiny.dice)
            require(same(part, whole[rows]), model, f"clicks depend on the block on {tiny.name}")


def promise_leaves_the_world_untouched(model: Choice) -> None:
    """Choosing changes neither the world nor the feed."""
    for tiny in tiny_worlds():
        with untouched(model, tiny.world, tiny.feed):
            _choose(model, tiny, tiny.feed)


# ---------------------------------------------------------------------------------------------------- what is tried
def _choose(model: Choice, tiny: TinyWorld, feed: np.ndarray, step: int | None = None) -> np.ndarray:
    dice = tiny.dice if step is None else Dice(tiny.dice.seed, step)
    return np.asarray(calls(model, f"on {tiny.name}", model.choose, tiny.world, tiny.users, feed, dice))


def _all_else_equal(tiny: TinyWorld) -> TinyWorld:
    """Items that differ in topics and stance only."""
    plain = tiny.world.with_items(
        quality=np.full(tiny.world.n_items, 0.8, np.float32),
        arousal=np.full(tiny.world.n_items, 0.2, np.float32),
        harmful=np.zeros(tiny.world.n_items, bool),
    )
    return replace(tiny, world=plain)


def _half_and_half(tiny: TinyWorld, step: int) -> tuple[np.ndarray, np.ndarray]:
    """Feeds of four items from either camp in places that change about, and which of them are of the user's own camp."""
    live, camp = tiny.platform.live, tiny.world.users.group
    side, half = tiny.world.items.group[live], SLATE // 2
    luck = Dice(step, 1).pairs("half and half", tiny.users, live)
    rows = np.arange(len(tiny.users))[:, None]
    picks = [np.argsort(np.where(side == which, luck, 2.0), axis=1)[:, :half] for which in (0, 1)]
    # the camps take turns, and half of the users of each camp begin with the other's
    places = np.stack(picks, axis=2).reshape(len(rows), SLATE)
    swapped = (rows + step) % 2 == 1
    places = np.where(swapped, places.reshape(-1, half, 2)[:, :, ::-1].reshape(len(rows), SLATE), places)
    feed = live[places].astype(np.int32)
    return feed, tiny.world.items.group[feed] == camp[:, None]
