"""What a rule of rewiring promises."""

from __future__ import annotations

import numpy as np

from cocoonsim.core.world import World
from cocoonsim.rewiring import Rewiring
from cocoonsim.testing.broken import calls, own_dice_only, require, same, untouched
from cocoonsim.testing.graphs import check_graph
from cocoonsim.testing.worlds import TinyWorld, tiny_worlds


def promise_no_self_follow_no_double(rule: Rewiring) -> None:
    """Nobody follows themselves, nobody twice, and nobody who is not there."""
    for tiny in tiny_worlds():
        check_graph(rule, _update(rule, tiny).follows, tiny.world.n_users, f"on {tiny.name}")


def promise_keeps_arcs_where_declared(rule: Rewiring) -> None:
    """Everybody follows as many people as before, unless the rule says `keeps_arcs = False`."""
    if not rule.keeps_arcs:
        return
    for tiny in tiny_worlds():
        before, after = tiny.world.follows.degree, _update(rule, tiny).follows.degree
        changed = np.flatnonzero(before != after)
        require(
            not changed.size,
            rule,
            f"says keeps_arcs = True, but {changed.size} users follow more or fewer people on {tiny.name}",
        )


def promise_only_follows_change(rule: Rewiring) -> None:
    """People and items stay as they were, and the world that was given is not written into."""
    for tiny in tiny_worlds():
        with untouched(rule, tiny.world, tiny.feed, tiny.clicks):
            after = _update(rule, tiny)
        require(after.step == tiny.world.step, rule, "changes the step")
        for table, before, now in (("users", tiny.world.users, after.users), ("items", tiny.world.items, after.items)):
            changed = [name for name, column in before.items() if not same(column, now[name])]
            require(not changed, rule, f"changes the {table}' {', '.join(changed)} on {tiny.name}")


def promise_same_event_same_ties(rule: Rewiring) -> None:
    """The same world, feed and dice give the same follows, and no global random numbers are used."""
    for tiny in tiny_worlds():
        with own_dice_only(rule):
            one, other = _update(rule, tiny).follows, _update(rule, tiny).follows
        kept = same(one.targets, other.targets) and same(one.starts, other.starts)
        require(kept, rule, f"two calls give different follows on {tiny.name}")


def promise_nobody_online_is_no_trouble(rule: Rewiring) -> None:
    """A batch of nobody is accepted, and leaves a proper follow graph."""
    for tiny in tiny_worlds():
        after = _update(rule, tiny, np.empty(0, np.int64))
        check_graph(rule, after.follows, tiny.world.n_users, f"on {tiny.name} with nobody online")


def _update(rule: Rewiring, tiny: TinyWorld, users: np.ndarray | None = None) -> World:
    users = tiny.users if users is None else users
    after: World = calls(
        rule, f"on {tiny.name}", rule.update, tiny.world, users, tiny.feed[users], tiny.clicks[users], tiny.dice
    )
    return after
