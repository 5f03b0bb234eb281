"""What a feed rule promises."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from cocoonsim.feed import Feed
from cocoonsim.testing.broken import first_difference, own_dice_only, require, same, untouched
from cocoonsim.testing.scoring import Table, fill, shortlist
from cocoonsim.testing.worlds import SLATE, TinyWorld, tiny_worlds


def promise_only_candidates_are_shown(rule: Feed) -> None:
    """A feed holds ids of candidates that score above -inf, and -1."""
    for tiny, table in _tables():
        feed = fill(rule, tiny, table, SLATE)
        _check_form(rule, feed, tiny)
        for user in tiny.users:
            row = table.items if table.items.ndim == 1 else table.items[user]
            allowed = set(row[np.isfinite(table.scores[user])].tolist()) | {-1}
            strangers = set(feed[user].tolist()) - allowed
            require(not strangers, rule, f"shows items {sorted(strangers)} that are no candidates on {tiny.name}")


def promise_no_item_twice(rule: Feed) -> None:
    """A feed shows an item once, even when the candidates name it twice."""
    for tiny, table in _tables():
        ordered = np.sort(fill(rule, tiny, table, SLATE), axis=1)
        twice = (ordered[:, 1:] == ordered[:, :-1]) & (ordered[:, 1:] >= 0)
        require(not twice.any(), rule, f"{twice.any(axis=1).sum()} feeds show an item twice on {tiny.name}")


def promise_short_lists_are_shown_whole(rule: Feed) -> None:
    """With no more candidates than places, all of them are shown."""
    for tiny, table in _tables():
        feed = fill(rule, tiny, table, SLATE)
        for user in tiny.users:
            row = table.items if table.items.ndim == 1 else table.items[user]
            offered = set(row[(row >= 0) & np.isfinite(table.scores[user])].tolist())
            if len(offered) <= SLATE:
                shown = set(feed[user].tolist()) - {-1}
                require(
                    shown == offered,
                    rule,
                    f"{len(offered)} candidates fit the feed, {len(shown)} are shown on {tiny.name}",
                )


def promise_feeds_are_padded_at_the_end(rule: Feed) -> None:
    """Empty places (-1) come after the last item, never before one."""
    for tiny, table in _tables():
        feed = fill(rule, tiny, table, SLATE)
        gap = (feed[:, :-1] < 0) & (feed[:, 1:] >= 0)
        require(not gap.any(), rule, f"{gap.any(axis=1).sum()} feeds have an empty place before an item on {tiny.name}")


def promise_a_single_candidate_is_shown(rule: Feed) -> None:
    """Where there is one candidate, it is shown in the first place."""
    for tiny in tiny_worlds():
        live = tiny.platform.live
        own = live[(tiny.users * 5) % len(live)][:, None]
        feed = fill(rule, tiny, Table(own, _any_scores(tiny, own, 1.0)), SLATE)
        require(same(feed[:, 0], own[:, 0]), rule, f"one candidate is not shown first on {tiny.name}")
        require((feed[:, 1:] == -1).all(), rule, f"shows more than the single candidate on {tiny.name}")


def promise_repeatable(rule: Feed) -> None:
    """The same scores and dice give the same feed, no global random numbers are used, and nothing given is changed."""
    for tiny, table in _tables():
        with own_dice_only(rule), untouched(rule, tiny.world, tiny.history, table.items, table.scores):
            one, other = fill(rule, tiny, table, SLATE), fill(rule, tiny, table, SLATE)
        require(same(one, other), rule, f"two calls differ on {tiny.name} {first_difference(one, other)}")


def promise_blocks_do_not_matter(rule: Feed) -> None:
    """A user's feed is the same whichever users are served with them, and however the candidates are cut into tiles."""
    for tiny, table in _tables():
        whole = fill(rule, tiny, table, SLATE)
        for rows in (slice(0, 7), slice(7, 48), slice(31, 32)):
            items = table.items if table.items.ndim == 1 else table.items[rows]
            part = fill(rule, tiny, Table(items, table.scores[rows]), SLATE, tiny.users[rows], tile=5)
            difference = first_difference(part, whole[rows])
            require(difference == "nowhere", rule, f"feeds depend on blocks or tiles on {tiny.name} {difference}")


def promise_depth_is_a_number_of_items(rule: Feed) -> None:
    """`depth` is at least the slate, does not fall with it, and `fill` copes with exactly that many candidates."""
    depths = [rule.depth(slate) for slate in (1, 2, SLATE, 50)]
    require(
        all(isinstance(depth, int | np.integer) for depth in depths), rule, f"depths {depths} are not whole numbers"
    )
    require(depths == sorted(depths) and depths[0] >= 1, rule, f"depths {depths} for slates 1, 2, {SLATE}, 50")
    for tiny in tiny_worlds("two_camps"):
        view = tiny.view()
        shortlist(rule, view, _any_scores(tiny, view.items, 1.0), SLATE, tile=1000)
        widths = {name: items.shape[1] for name, (_, items) in view.lists.items()}
        wanted = max(rule.depth(SLATE), SLATE)
        require(set(widths.values()) == {wanted}, rule, f"short lists hold {widths} items, depth is {wanted}")


# ---------------------------------------------------------------------------------------------------- what is tried
def _check_form(rule: Feed, feed: np.ndarray, tiny: TinyWorld) -> None:
    require(feed.shape == (len(tiny.users), SLATE), rule, f"feed {feed.shape}, not {(len(tiny.users), SLATE)}")
    require(feed.dtype.kind == "i", rule, f"feed holds {feed.dtype}, not item ids")


def _any_scores(tiny: TinyWorld, items: np.ndarray, scale: float) -> np.ndarray:
    """Scores between 0 and `scale` in steps of a sixteenth: many ties, as real policies give them."""
    luck = tiny.dice.pairs("tiny scores", tiny.users, items)
    return (np.floor(luck * 16) / 16 * scale).astype(np.float32)


def _tables() -> Iterator[tuple[TinyWorld, Table]]:
    """Tables of candidates and scores of every kind: shared or own, many or few, all equal, below 0, forbidden, doubled."""
    for tiny in tiny_worlds():
        live, n = tiny.platform.live, len(tiny.users)
        yield tiny, Table(live, _any_scores(tiny, live, 1.0))
        yield tiny, Table(live, np.zeros((n, len(live)), np.float32))
        signed = _any_scores(tiny, live, 4.0) - np.float32(2.0)
        signed[(tiny.users[:, None] + live) % 3 == 0] = -np.inf
        yield tiny, Table(live, signed)
        own = live[(np.arange(14) * 9 + tiny.users[:, None] * 2) % len(live)]
        own[:, 12:] = own[:, :2]  # two of them twice
        own[tiny.users % 4 == 0, 3:] = -1
        own[tiny.users % 4 == 1] = -1
        # a candidate named twice has one score
        yield tiny, Table(own, _any_scores(tiny, own, 1.0))
        few = live[:3]
        yield tiny, Table(few, _any_scores(tiny, few, 1.0))
