"""From candidates to feeds: candidates → ranking → feed, users in blocks, items in tiles.

Memory is O(block x tile), never O(users x items). A block is a pure function of the platform's view, the model, the
seed and the step, so the feeds are the same bits for any block size, tile size and number of threads.

Where a policy's scores can be bounded (`Ranking.prunable`) and nothing else looks at them, most of a large catalogue is
not scored at all (`core/pruning.py`); the feeds are the same bits again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from itertools import chain, pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from cocoonsim.candidates import Candidates
from cocoonsim.core.alike import Kinds, kinds_of
from cocoonsim.core.arrays import NOBODY, unit_rows
from cocoonsim.core.blocks import Blocks
from cocoonsim.core.chance import Dice
from cocoonsim.core.pruning import Tiles, best
from cocoonsim.core.topk import TopK, best_of_one
from cocoonsim.core.view import View
from cocoonsim.core.world import PlatformView, World
from cocoonsim.feed import Feed
from cocoonsim.filling import depth_of, fill, has_own, lists_of, salts_of, scores_of, touches_scores
from cocoonsim.pools import serve_pools

if TYPE_CHECKING:
    from cocoonsim.assemble import Parts
    from cocoonsim.ranking import Ranking

    ViewOf = Callable[[np.ndarray], View]

_CELLS = 1_048_576  # scores worked on at once: 4 MiB. Fewer would fit the cache better, but threads need long calls
_FEW = 4096  # candidates of a single user among whom the best are found at once
_FEWEST_ROWS = 64  # below this, calls cost more than the cache saves
# users, and items for each one that is looked for: with fewer, bounds cost more than they save
_PRUNE_FROM = 4096, 600
_PRUNE_CELLS = 8_388_608  # bounds at a time, one for each user and tile: 32 MiB


def serve(
    parts: Parts, ranking: Ranking, model: Any, world: World, platform: PlatformView,
    users: np.ndarray, dice: Dice, blocks: Blocks,
) -> np.ndarray:  # fmt: skip
    """int32 (n_users, slate): what each of `users` is shown, best place first, padded with -1."""
    peek = world if ranking.sees_minds else None
    if not len(users) or parts.candidates.shows_nothing:
        return np.full((len(users), parts.slate), NOBODY, np.int32)

    def view_of(some: np.ndarray) -> View:
        return View(platform, some, np.empty(0, np.int32), dice, model, _world=peek)

    if len(users) == 1:
        return _serve_block(parts, ranking, view_of(users), blocks)

    blocks = blocks.wider()
    tiles = _tiles(parts, ranking, view_of(users[:1])) if len(users) >= _PRUNE_FROM[0] else None
    order = None
    if tiles is not None:  # users of similar tastes together need the same tiles
        blocks = replace(blocks, users=max(1, min(blocks.users, _PRUNE_CELLS // len(tiles.sizes))))
        order = np.argsort(
            blocks.rows(lambda part: _places(tiles, ranking, view_of(users[part])), len(users)), kind="stable"
        )
        users = users[order]

    def block(part: slice) -> np.ndarray:
        view = view_of(users[part])
        feed = None if tiles is None else _serve_pruned(parts, ranking, view, tiles)
        return _serve_block(parts, ranking, view, blocks) if feed is None else feed

    feeds = blocks.rows(block, len(users))
    if order is not None:
        feeds[order] = feeds.copy()
    return feeds


def _below(feeds: list[np.ndarray]) -> np.ndarray:
    """Feeds of one group after another."""
    return feeds[0] if len(feeds) == 1 else np.concatenate(feeds)


def _tiles(parts: Parts, ranking: Ranking, view: View) -> Tiles | None:
    """The catalogue in tiles, so that most of it need not be scored; None if all scores are wanted or it is not worth it."""
    live = view.platform.live
    if live.size < _PRUNE_FROM[1] * depth_of(parts):
        return None
    if touches_scores(parts, view.step):
        return None
    if has_own(parts.feed, Feed, "shortlists") or has_own(parts.candidates, Candidates, "hidden"):
        return None
    if parts.candidates.offer(view.platform, view.users, view.dice) is not live:
        return None
    says = next(kind for kind in type(ranking).__mro__ if {"score", "prunable"} & vars(kind).keys())
    if "prunable" not in vars(says):  # a score of its own, and what another says of its score by inheritance
        return None
    given = ranking.prunable(view)
    return None if given is None else Tiles.of(given, live)


def _places(tiles: Tiles, ranking: Ranking, view: View) -> np.ndarray:
    """See `Tiles.places`."""
    given = ranking.prunable(view)
    return tiles.places(unit_rows(given.profile), salts_of(view)) if given else np.zeros(len(view.users), np.int64)


def _serve_pruned(parts: Parts, ranking: Ranking, view: View, tiles: Tiles) -> np.ndarray | None:
    """Feeds of users, by tiles; None where only a full scan will do."""
    given = ranking.prunable(view)
    whole = parts.candidates.offer(view.platform, view.users, view.dice) is view.platform.live
    units = unit_rows(given.profile) if given and whole else None
    if units is None or not np.isfinite(units).all():
        return None
    view.lists = {"best": best(tiles, units, salts_of(view), depth_of(parts))}
    return fill(parts, view)


def _cohorts(users: np.ndarray, size: int) -> list[slice]:
    """Where among the users each cohort of consecutive ids is; everybody is one cohort when size is 0."""
    if not size or len(users) == 1:
        return [slice(0, len(users))]
    numbers = users // size
    cuts = (numbers[1:] != numbers[:-1]).nonzero()[0] + 1
    return [slice(low, high) for low, high in pairwise([0, *cuts.tolist(), len(users)])]


def _serve_block(parts: Parts, ranking: Ranking, view: View, blocks: Blocks) -> np.ndarray:
    """Feeds of a block. Cohorts that share small pools are scored apart; the best of all are then put in order at once."""
    cohorts = _cohorts(view.users, parts.candidates.cohort_size)
    asked = (parts.candidates.offer(view.platform, view.users[some], view.dice) for some in cohorts)
    first = next(asked)
    if len(cohorts) == 1:
        return _serve_some(parts, ranking, view, first, blocks)
    offers: Iterable[np.ndarray] = chain([first], asked)
    largest = max(len(cohorts), *(some.stop - some.start for some in cohorts))
    small = largest * first.size <= _CELLS  # each cohort's scores, and all the offers
    if small and not has_own(parts.candidates, Candidates, "hidden"):
        pools = offers = list(offers)
        if all(pool is view.platform.live for pool in pools):
            return _serve_some(parts, ranking, view, first, blocks)
        if all(pool.ndim == 1 and 0 < pool.size <= blocks.items for pool in pools):
            return serve_pools(parts, ranking, view, cohorts, pools, _CELLS)
    served = zip(cohorts, offers, strict=True)
    return _below([_serve_some(parts, ranking, view.some(some, offered), offered, blocks) for some, offered in served])


def _serve_some(parts: Parts, ranking: Ranking, view: View, offered: np.ndarray, blocks: Blocks) -> np.ndarray:
    """Feeds of users who share an offer, a few rows at a time, so that memory stays flat."""
    hidden = parts.candidates.hidden(view.platform, view.users)
    cells = _CELLS if offered.ndim == 1 else _CELLS // 2  # candidates of one's own bring their vectors along
    rows = max(_FEWEST_ROWS, cells // blocks.tile_size(offered.shape[-1]))
    feeds = []
    for low in range(0, len(view.users), rows):
        part = slice(low, low + rows)
        mine = offered if offered.ndim == 1 else offered[part]
        out = None if hidden is None else hidden[part]
        some = view if rows >= len(view.users) else view.some(part, mine)
        feed = _serve_rows(parts, ranking, some, mine, None if parts.candidates.gaps else out, blocks)
        if out is not None and parts.candidates.gaps:
            some.items = feed
            feed = np.where((feed >= 0) & (some.pick(out) != 0), np.int32(NOBODY), feed)
        feeds.append(feed)
    return _below(feeds)


def _serve_rows(
    parts: Parts, ranking: Ranking, view: View, offered: np.ndarray, hidden: Any, blocks: Blocks
) -> np.ndarray:
    depth = depth_of(parts)
    kinds = _kinds(parts, view, offered, hidden, depth)
    if kinds is not None and ranking.by_topic and not touches_scores(parts, view.step):
        view.items = kinds.first
        view.lists = {"best": _drawn(parts, scores_of(ranking, view), kinds, view, depth)}
        return fill(parts, view)
    distinct = offered.ndim == 1 or parts.candidates.distinct
    tops: dict[str, TopK] = {}
    whole: list[np.ndarray] = []
    alone = kinds is None and distinct and len(view.users) == 1 and offered.shape[-1] <= min(_FEW, blocks.items)

    for tile in blocks.tiles(offered.shape[-1]):
        view.items = offered[..., tile]
        scores, lists = lists_of(parts, ranking, view, hidden)
        if kinds is not None:
            whole.append(scores)
        if alone:
            view.lists = {
                name: best_of_one(values, view.items, partial(salts_of, view), depth) for name, values in lists.items()
            }
            return fill(parts, view)
        for name, values in lists.items():
            if name not in tops:
                tops[name] = TopK(depth, salts_of(view), distinct)
            tops[name].push(values, view.items)

    if not tops:
        return np.full((len(view.users), parts.slate), NOBODY, np.int32)
    view.lists = {name: top.result() for name, top in tops.items()}
    if kinds is not None:
        _draw_where_alike(parts, np.concatenate(whole, axis=1), kinds, view, depth)
    return fill(parts, view)


def _kinds(parts: Parts, view: View, offered: np.ndarray, hidden: Any, depth: int) -> Kinds | None:
    """The live items by kind, where all are offered and the feed rule is a lottery that can do with kinds."""
    platform = view.platform
    if offered is not platform.live or hidden is not None or not has_own(parts.feed, Feed, "draw"):
        return None
    return kinds_of(platform.items, platform.live, depth)


def _drawn(parts: Parts, scores: np.ndarray, kinds: Kinds, view: View, depth: int) -> tuple[np.ndarray, np.ndarray]:
    """Scores and ids (n, depth) of the items that the lottery draws, given the scores (n, kinds) of the kinds."""
    drawn = parts.feed.draw(scores, kinds.sizes, view, depth)
    assert drawn is not None
    return np.where(drawn >= 0, np.take_along_axis(scores, np.maximum(drawn, 0), axis=1), np.float32(-np.inf)), (
        kinds.items(drawn, view.users, view.dice)
    )


def _draw_where_alike(parts: Parts, scores: np.ndarray, kinds: Kinds, view: View, depth: int) -> None:
    """Let the lottery be one of kinds for the users to whom all items of a kind are the same, as if only kinds were known.

    So a measure that changes nobody's scores, or only those of some users, leaves the other feeds as they were.
    """
    low, high = kinds.spread(scores[:, np.searchsorted(view.platform.live, kinds.ids)])
    alike = (low == high).all(axis=1)
    drawn = _drawn(parts, low, kinds, view, depth)
    view.lists["best"] = tuple(  # type: ignore[assignment]
        np.where(alike[:, None], new, old) for new, old in zip(drawn, view.lists["best"], strict=True)
    )
