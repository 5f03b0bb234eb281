"""What a rule of influence promises."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from cocoonsim.core.blocks import Blocks
from cocoonsim.core.world import World
from cocoonsim.influence import Influence
from cocoonsim.testing.broken import calls, first_difference, own_dice_only, require, same, untouched
from cocoonsim.testing.worlds import TinyWorld, tiny_worlds

ONE_BLOCK = Blocks(users=4096, threads=1)


def promise_people_stay_people(rule: Influence) -> None:
    """Afterwards interests are still shares that sum to 1, opinions are numbers, and no column is lost or resized."""
    for tiny in tiny_worlds():
        after = _update(rule, tiny)
        require(after.n_users == tiny.world.n_users, rule, f"{after.n_users} users of {tiny.world.n_users} are left")
        lost = set(tiny.world.users) - set(after.users)
        require(not lost, rule, f"drops the columns {sorted(lost)}")
        for name, before in tiny.world.users.items():
            now = after.users[name]
            require(now.shape == before.shape, rule, f"{name} has shape {now.shape}, had {before.shape}")
            require(now.dtype == before.dtype, rule, f"{name} is {now.dtype}, was {before.dtype}")
            finite = now.dtype.kind != "f" or np.isfinite(now).all()
            require(finite, rule, f"{name} holds NaN or infinities on {tiny.name}")
        interests = after.users.interests
        require(interests.min() >= 0, rule, f"an interest falls to {interests.min()} on {tiny.name}")
        sums = interests.sum(axis=1)
        off = np.abs(sums - 1).max()
        require(off < 1e-4, rule, f"interests sum to {sums[np.abs(sums - 1).argmax()]}, not 1, on {tiny.name}")


def promise_no_exposure_no_change(rule: Influence) -> None:
    """Who sees nothing stays as they were, unless the rule says `drifts = True`."""
    if rule.drifts:
        return
    for tiny in tiny_worlds():
        blind = replace(tiny, feed=np.full_like(tiny.feed, -1), clicks=np.zeros_like(tiny.clicks))
        after = _update(rule, blind)
        for name, now in _changed(tiny.world, after):
            require(False, rule, f"{name} changes without exposure {first_difference(tiny.world.users[name], now)}")


def promise_consensus_stays(rule: Influence) -> None:
    """Where all people and all content hold one opinion, opinions stay, unless the rule says `keeps_consensus = False`."""
    if not rule.keeps_consensus:
        return
    for tiny in tiny_worlds():
        for common in (0.0, 0.25, -1.0):
            same_users = {name: np.full_like(tiny.world.users[name], common) for name in ("opinion", "innate_opinion")}
            stance = np.full_like(tiny.world.items.stance, common)
            agreed = replace(tiny, world=tiny.world.with_users(**same_users).with_items(stance=stance))
            opinion = _update(rule, agreed).users.opinion
            moved = float(np.abs(opinion - common).max())
            require(moved < 1e-6, rule, f"all agree on {common}, and yet opinions move by {moved:.3g} on {tiny.name}")


def promise_only_people_change(rule: Influence) -> None:
    """Items, follows and the step stay as they were, and the world that was given is not written into."""
    for tiny in tiny_worlds():
        with untouched(rule, tiny.world, tiny.feed, tiny.clicks):
            after = _update(rule, tiny)
        require(after.step == tiny.world.step, rule, "changes the step")
        for name, column in tiny.world.items.items():
            require(same(column, after.items[name]), rule, f"changes the items' {name} on {tiny.name}")
        kept = same(tiny.world.follows.targets, after.follows.targets)
        require(kept and same(tiny.world.follows.starts, after.follows.starts), rule, f"changes follows on {tiny.name}")


def promise_same_event_same_change(rule: Influence) -> None:
    """The same world, feed and dice change people in the same way, and no global random numbers are used."""
    for tiny in tiny_worlds():
        with own_dice_only(rule):
            one, other = _update(rule, tiny), _update(rule, tiny)
        for name, _ in _changed(one, other):
            require(False, rule, f"two calls differ in {name} on {tiny.name}")


def promise_blocks_do_not_matter(rule: Influence) -> None:
    """The change is the same bits for any block size and number of threads."""
    for tiny in tiny_worlds():
        whole = _update(rule, tiny)
        for blocks in (Blocks(users=7, threads=1), Blocks(users=13, threads=2)):
            part = _update(rule, tiny, blocks)
            blocks.close()
            for name, now in _changed(whole, part):
                difference = first_difference(whole.users[name], now)
                require(False, rule, f"{name} depends on the block size on {tiny.name} {difference}")


def promise_nobody_online_is_no_trouble(rule: Influence) -> None:
    """A batch of nobody is accepted, and changes nobody unless the rule says `drifts = True`."""
    for tiny in tiny_worlds():
        none = np.empty(0, np.int64)
        after = _update(rule, tiny, users=none)
        changed = [name for name, _ in _changed(tiny.world, after)]
        require(rule.drifts or not changed, rule, f"{changed} change although nobody is online on {tiny.name}")


# ---------------------------------------------------------------------------------------------------- what is tried
def _update(rule: Influence, tiny: TinyWorld, blocks: Blocks = ONE_BLOCK, users: np.ndarray | None = None) -> World:
    users = tiny.users if users is None else users
    after: World = calls(
        rule, f"on {tiny.name}", rule.update, tiny.world, users, tiny.feed[users], tiny.clicks[users], tiny.dice, blocks
    )
    return after


def _changed(before: World, after: World) -> Iterator[tuple[str, np.ndarray]]:
    """The user columns that differ, with their new values."""
    return ((name, after.users[name]) for name, column in before.users.items() if not same(column, after.users[name]))
