"""Small pools, each for a cohort of users: scored one by one, put in order for many cohorts at once.

Calls are what small cohorts cost, and what threads wait for each other with. So whatever can be done for all users of a
block is done once, and only the scores are worked out cohort by cohort.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from cocoonsim.core.topk import Hopefuls, TopK
from cocoonsim.core.view import View
from cocoonsim.filling import depth_of, fill, lists_of, salts_of

if TYPE_CHECKING:
    from cocoonsim.assemble import Parts
    from cocoonsim.ranking import Ranking


def serve_pools(
    parts: Parts, ranking: Ranking, view: View, cohorts: Sequence[slice], pools: Sequence[np.ndarray], cells: int
) -> np.ndarray:
    """int32 (n, slate): feeds of the view's users, of whom `cohorts` are slices that each have a pool of their own.

    A pool is a row of ids, none of them empty. About `cells` scores are worked on at once.
    """
    salts = salts_of(view)
    teams = _teams(cohorts, pools, cells)
    found = [_hopefuls(parts, ranking, view, salts, cohorts[team], pools[team]) for team in teams]
    for name in _names(found):
        top = TopK(depth_of(parts), salts)
        top.take_in(*map(np.concatenate, zip(*(lists[name] for lists in found), strict=True)))
        view.lists[name] = top.result()
    return fill(parts, view)


def _teams(cohorts: Sequence[slice], pools: Sequence[np.ndarray], most: int) -> Iterator[slice]:
    """Neighbouring cohorts with pools of one size, as many as have room for their scores in one table of `most`."""
    low = cells = 0
    for at, (users, pool) in enumerate(zip(cohorts, pools, strict=True)):
        more = (users.stop - users.start) * pool.size
        cells += more
        if at > low and (cells > most or pool.size != pools[low].size):
            yield slice(low, at)
            low, cells = at, more
    yield slice(low, len(pools))


def _hopefuls(
    parts: Parts, ranking: Ranking, view: View, salts: np.ndarray, cohorts: Sequence[slice], pools: Sequence[np.ndarray]
) -> dict[str, Hopefuls]:
    """What of the pools of some cohorts of the view may be among the best of each short list."""
    found = [lists_of(parts, ranking, view.some(some, pool))[1] for some, pool in zip(cohorts, pools, strict=True)]
    ids, which = pools[0], None
    if len(pools) > 1:
        ids, which = np.stack(pools), np.repeat(np.arange(len(pools)), [some.stop - some.start for some in cohorts])
    top = TopK(depth_of(parts), salts[cohorts[0].start : cohorts[-1].stop])
    tables = {name: [lists[name] for lists in found] for name in _names(found)}
    return {
        name: top.hopefuls(rows[0] if len(rows) == 1 else np.concatenate(rows), ids, which)
        for name, rows in tables.items()
    }


def _names(found: Sequence[dict[str, Any]]) -> dict[str, None]:
    """The short lists that some cohorts have, in order; all have the same."""
    return dict.fromkeys(name for lists in found for name in lists)
