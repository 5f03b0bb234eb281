"""From candidates to feeds: candidates → ranking → feed, users in blocks, items in tiles.

Memory is O(block x tile), never O(users x items). A block is a pure function of the platform's view, the model, the
seed and the step, so the feeds are the same bits for any block size, tile size and number of threads.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from cocoonsim.core.arrays import NOBODY, TopK, check_shape
from cocoonsim.core.blocks import Blocks
from cocoonsim.core.chance import Dice
from cocoonsim.core.view import View
from cocoonsim.core.world import PlatformView, World

if TYPE_CHECKING:
    from cocoonsim.assemble import Parts
    from cocoonsim.ranking import Ranking


_CELLS = 262_144  # scores worked on at once: 1 MiB
_FEWEST_ROWS = 64  # below this, calls cost more than the cache saves


def serve(
    parts: Parts, ranking: Ranking, model: Any, world: World, platform: PlatformView,
    users: np.ndarray, dice: Dice, blocks: Blocks,
) -> np.ndarray:  # fmt: skip
    """int32 (n_users, slate): what each of `users` is shown, best place first, padded with -1."""
    peek = world if ranking.sees_minds else None
    cohort = parts.candidates.cohort_size

    def block(part: slice) -> np.ndarray:
        some = users[part]
        cohorts = [some[low:high] for low, high in _cohorts(some, cohort)]
        return np.concatenate(
            [_serve_some(parts, ranking, model, peek, platform, few, dice, blocks) for few in cohorts]
        )

    return blocks.rows(block, len(users)) if len(users) else np.empty((0, parts.slate), np.int32)


def _cohorts(users: np.ndarray, size: int) -> list[tuple[int, int]]:
    """Where one cohort of consecutive ids ends and the next begins; everybody is one cohort when size is 0."""
    if not size:
        return [(0, len(users))]
    edges = np.flatnonzero(np.diff(users // size)) + 1
    return list(zip([0, *edges], [*edges, len(users)], strict=True))


def _serve_some(
    parts: Parts, ranking: Ranking, model: Any, peek: World | None, platform: PlatformView,
    users: np.ndarray, dice: Dice, blocks: Blocks,
) -> np.ndarray:  # fmt: skip
    """Feeds of users who share an offer, a few rows at a time: scores that stay in the cache are read twice as fast."""
    offered = parts.candidates.offer(platform, users, dice)
    hidden = parts.candidates.hidden(platform, users)
    cells = _CELLS if offered.ndim == 1 else _CELLS // 8  # candidates of one's own bring their vectors along
    rows = max(_FEWEST_ROWS, cells // max(1, min(offered.shape[-1], blocks.items)))
    feeds = []
    for low in range(0, len(users), rows):
        part = slice(low, low + rows)
        view = View(platform, users[part], np.empty(0, np.int32), dice, model, _world=peek)
        mine = offered if offered.ndim == 1 else offered[part]
        feeds.append(_serve_rows(parts, ranking, view, mine, None if hidden is None else hidden[part], blocks))
    return np.concatenate(feeds)


def _serve_rows(
    parts: Parts, ranking: Ranking, view: View, offered: np.ndarray, hidden: Any, blocks: Blocks
) -> np.ndarray:
    salts = (view.dice.bits("tie", view.users)[:, 0] >> np.uint64(32)).astype(np.uint32)
    depth = max(parts.feed.depth(parts.slate), parts.slate)
    distinct = offered.ndim == 1 or parts.candidates.distinct
    tops: dict[str, TopK] = {}

    for tile in blocks.tiles(offered.shape[-1]):
        view.items = offered[..., tile]
        scores = _scores(ranking, view)
        if hidden is not None:
            scores = np.where(view.pick(hidden) != 0, np.float32(-np.inf), scores)
        for intervention in parts.interventions:
            scores = intervention.change_scores(scores, view)
        lists = parts.feed.shortlists(scores, view)
        for intervention in parts.interventions:
            lists = lists | intervention.extra_lists(scores, view)
        for name, values in lists.items():
            if name not in tops:
                tops[name] = TopK(depth, salts, distinct)
            tops[name].push(values, view.items)

    if not tops:
        return np.full((len(view.users), parts.slate), NOBODY, np.int32)
    view.lists = {name: top.result() for name, top in tops.items()}
    best_scores, best_items = view.lists["best"]
    view.items = best_items
    feed = parts.feed.fill(best_scores, best_items, view, parts.slate)
    check_shape(f"feed of {parts.feed.name}", feed, (len(view.users), parts.slate))
    for intervention in parts.interventions:
        feed = intervention.change_feed(feed, view)
    return feed.astype(np.int32, copy=False)


def _scores(ranking: Ranking, view: View) -> np.ndarray:
    """The policy's scores as a fresh float32 (n, w); NaN is a mistake of the policy and named as such."""
    given = np.asarray(ranking.score(view), np.float32)
    try:
        scores = np.broadcast_to(given, view.shape)
    except ValueError:
        raise ValueError(
            f"ranking {ranking.name}: scores {given.shape} do not fit (users, items) {view.shape}"
        ) from None
    if np.isnan(given.max(initial=-np.inf)):  # a maximum of anything and NaN is NaN
        raise ValueError(f"ranking {ranking.name}: a score is not a number (step {view.step})")
    return scores
