"""Small pictures of a run, as columns: opinion histograms, a few people's feeds, the people and ties at the end."""

from __future__ import annotations

from typing import Any

import numpy as np

from cocoonsim.core.chance import Chance
from cocoonsim.core.moment import Moment
from cocoonsim.core.world import Columns, World
from cocoonsim.explanations import Explanation, rows_of

OPINION_BINS = 40
SHOWN_NETWORK = 500
"""At most this many users of the final network are kept to be drawn."""


def opinion_histogram(seed: int, step: int, world: World) -> dict[str, Any]:
    """How many users hold which opinion (first dimension), in even bins over [-1, 1] or wider where needed."""
    opinion = world.users.opinion[:, 0]
    reach = max(1.0, float(np.abs(opinion).max(initial=0.0)))
    edges = np.linspace(-reach, reach, OPINION_BINS + 1)
    count = np.histogram(opinion, edges)[0]
    fixed = {"seed": np.full(OPINION_BINS, seed), "step": np.full(OPINION_BINS, step)}
    return fixed | {"low": edges[:-1], "high": edges[1:], "count": count}


def followed(n_users: int, follow: int) -> np.ndarray:
    """int64: the few users whom the report follows, spread evenly, the same in every step."""
    return np.linspace(0, n_users - 1, min(follow, n_users)).astype(np.int64)


def followed_feeds(seed: int, moment: Moment, follow: int, why: Explanation | None) -> dict[str, Any]:
    """The feeds of the few users whom the report follows, and why they hold what they hold (empty where it is not known)."""
    row = rows_of(moment.users, followed(moment.world.n_users, follow), moment.world.n_users)
    place, rank = np.nonzero(moment.feed[row] >= 0)
    item = moment.feed[row][place, rank]
    names = np.array(moment.world.topic_names, dtype=str)
    topic = moment.world.items.topics[item].argmax(axis=1)
    return {
        "seed": np.full(item.size, seed),
        "step": np.full(item.size, moment.step),
        "user": moment.users[row][place].astype(np.int64),
        "rank": rank + 1,
        "item": item.astype(np.int64),
        "topic": names[topic],
        "stance": moment.world.items.stance[item, 0],
        "clicked": moment.clicks[row][place, rank],
        "score": why.scores[place, rank].astype(np.float64) if why else np.full(item.size, np.nan),
        "why": np.array(
            [why.in_words(int(p), int(r)) for p, r in zip(place, rank, strict=True)] if why else [""] * item.size, str
        ),
    }


def final_users(seed: int, users: Columns, clicks: np.ndarray, shown: np.ndarray) -> dict[str, np.ndarray]:
    """Every column of the people at the end; a column with several numbers per user becomes several columns."""
    out: dict[str, np.ndarray] = {"seed": np.full(users.size, seed), "user": np.arange(users.size)}
    for name, column in users.items():
        if column.ndim == 1:
            out[name] = column
        else:
            for j in range(column.shape[1]):
                first = name if name.endswith("opinion") and j == 0 else f"{name}_{j + 1}"
                out[first] = column[:, j]
    return out | {"clicks": clicks, "shown": shown}


def final_network(seed: int, world: World) -> dict[str, np.ndarray]:
    """The final ties among a random sample of users, small enough to be drawn."""
    follows = world.follows
    kept = drawn_people(seed, follows.n_users, SHOWN_NETWORK)
    source, target = follows.sources(), follows.targets
    both = kept[source] & kept[target]
    source, target = source[both], target[both]
    return {"seed": np.full(source.size, seed), "source": source.astype(np.int64), "target": target.astype(np.int64)}


def drawn_people(seed: int, n_users: int, most: int) -> np.ndarray:
    """bool (n_users,): a random sample of at most `most` users, the same whenever it is asked for."""
    if n_users <= most:
        return np.ones(n_users, bool)
    lots = Chance(seed).always.uniform("drawn network", np.arange(n_users))[:, 0]
    return lots <= np.partition(lots, most - 1)[most - 1]
