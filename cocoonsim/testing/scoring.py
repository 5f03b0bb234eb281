"""How a ranking policy and a feed rule are run on a tiny world: as in a real run, but for one block and in plain sight."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from cocoonsim.core.topk import TopK
from cocoonsim.core.view import View
from cocoonsim.feed import Feed
from cocoonsim.ranking import Ranking
from cocoonsim.testing.broken import calls, require
from cocoonsim.testing.worlds import TinyWorld


def scores(
    policy: Ranking,
    tiny: TinyWorld,
    users: np.ndarray | None = None,
    items: np.ndarray | None = None,
    model: Any = None,
) -> np.ndarray:
    """float32 (n, w): the scores of these users (default: all) and candidates (default: all live items).

    The policy learns from the world first, unless the `model` it learnt is given.
    """
    if model is None:
        model = learned(policy, tiny)
    view = replace(tiny.view(users, items, minds=policy.sees_minds), model=model)
    given = np.asarray(calls(policy, f"on {tiny.name}", policy.score, view))
    try:
        return np.broadcast_to(given, view.shape).astype(np.float32)
    except ValueError:
        require(False, policy, f"scores {given.shape} do not fit (users, candidates) {view.shape} on {tiny.name}")
        raise


def learned(policy: Ranking, tiny: TinyWorld) -> Any:
    """What the policy learns from a world."""
    return calls(policy, f"on {tiny.name}", policy.learn_on, tiny.platform, tiny.dice, None)


@dataclass(frozen=True)
class Table:
    """Candidates and their scores: `items` int32 (w,) or (n, w) padded with -1, `scores` float32 (n, w)."""

    items: np.ndarray
    scores: np.ndarray


def fill(
    rule: Feed, tiny: TinyWorld, table: Table, slate: int, users: np.ndarray | None = None, tile: int = 1000
) -> np.ndarray:
    """int32 (n, slate): the feeds that a rule makes of a table of scores, its candidates offered `tile` at a time."""
    view = tiny.view(users, table.items)
    shortlist(rule, view, table.scores, slate, tile)
    best_scores, view.items = view.lists["best"]
    return np.asarray(calls(rule, f"on {tiny.name}", rule.fill, best_scores, view.items, view, slate))


def shortlist(rule: Feed, view: View, scores: np.ndarray, slate: int, tile: int) -> None:
    """Put the short lists that a rule asks for into `view.lists`."""
    depth = max(rule.depth(slate), slate)
    salts = (view.dice.bits("tie", view.users)[:, 0] >> np.uint64(32)).astype(np.uint32)
    items, tops = view.items, dict[str, TopK]()
    for low in range(0, items.shape[-1], tile):
        view.items, part = items[..., low : low + tile], scores[:, low : low + tile].copy()
        for name, values in calls(rule, "on a tile of candidates", rule.shortlists, part, view).items():
            tops.setdefault(name, TopK(depth, salts, items.ndim == 1)).push(np.asarray(values, np.float32), view.items)
    view.lists = {name: top.result() for name, top in tops.items()}
    require("best" in view.lists, rule, "shortlists() must give a list called 'best'")
