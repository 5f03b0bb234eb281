"""The step against a bare one: the same kernels, written for one model and nothing else.

What a step costs in µs says as much about the machine and its hour as about the loop. A bare step, timed in turns with ours,
takes the machine out: it draws candidates, scores, finds the ten best, chooses by logit, moves interests and counts, in plain
NumPy, block by block into buffers that are used again. It has no settings, no history, no measures; it breaks ties by place,
and an item that a user draws twice may be shown twice. So the ratio is what a general loop costs over a special one.

The bounds are those that a step was asked to keep on the machine for which they were set, over what a bare loop like this one
took on that machine: pool 4 / 3.1, sampled 9 / 7.7, all of 1k items 6 / 4.4, MMR 5 / 3.9 (µs per user and step, one core).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.runs import MMR, POOL, SAMPLED, TOPICS, Run, model
from benchmarks.timing import Section, Size, goal, in_turns
from cocoonsim.core.arrays import unit_rows
from cocoonsim.core.chance import Chance, Dice

SLATE, SHORTLIST, BLOCK, GATHERED = 10, 50, 2048, 256
SENSITIVITY, OUTSIDE, ATTENTION, RATE, BALANCE = map(np.float32, (5.0, 2.0, 0.8, 0.05, 0.7))

SHAPES: list[tuple[str, int, int, Any, float, float | None]] = [
    ("pool 500 of 100k", 60_000, 100_000, POOL, 4.0 / 3.1, 5.0 / 3.9),
    ("sampled 200 of 100k", 30_000, 100_000, SAMPLED, 9.0 / 7.7, None),
    ("all of 1k items", 30_000, 1_000, "everything", 6.0 / 4.4, None),
]
"""name, users, items, candidates, how many bare steps a step may take, and how many times what MMR adds to a bare one"""


class Bare:
    """A population and a catalogue in arrays, and a step over them."""

    def __init__(self, users: int, items: int, candidates: Any, reranked: bool = False) -> None:
        generator = np.random.Generator(np.random.Philox(1))
        interests, topics = (generator.dirichlet(np.full(TOPICS, 0.5), n).astype(np.float32) for n in (users, items))
        self.interests, self.topics = interests, topics
        self.clicked = interests.copy()  # all have clicked something, so few scores tie
        self.rows = unit_rows(topics)
        self.columns = np.ascontiguousarray(self.rows.T)
        self.quality = generator.random(items, np.float32)
        self.shown, self.day = np.zeros(items, np.int64), 0
        self.kind = candidates if isinstance(candidates, str) else candidates["kind"]
        self.size = items if isinstance(candidates, str) else candidates["size"]
        self.depth, self.reranked = SHORTLIST if reranked else SLATE, reranked
        self.scores = np.empty(BLOCK * self.size, np.float32)
        self.gathered = np.empty(GATHERED * self.size * TOPICS if self.kind == "sampled" else 0, np.float32)
        self.places = ATTENTION * np.log(np.arange(1, SLATE + 1, dtype=np.float32))

    def step(self) -> None:
        """Everyone is shown ten items and may click one."""
        self.day += 1
        dice = Chance(1).at(self.day)
        for low in range(0, len(self.interests), BLOCK):
            self._block(np.arange(low, min(low + BLOCK, len(self.interests))), dice)

    def _block(self, users: np.ndarray, dice: Dice) -> None:
        part = slice(int(users[0]), int(users[-1]) + 1)
        ids, scores = self._scored(users, unit_rows(self.clicked[part]), dice)
        best = _largest(scores, self.depth)
        worth = np.take_along_axis(scores, best, axis=1)
        order = np.argsort(-worth, axis=1, kind="stable")
        best, worth = np.take_along_axis(best, order, axis=1), np.take_along_axis(worth, order, axis=1)
        feed = ids[best] if ids.ndim == 1 else np.take_along_axis(ids, best, axis=1)
        if self.reranked:
            feed = self._spread(feed, worth)
        vectors = self.rows.take(feed, axis=0, mode="clip")
        appeal = SENSITIVITY * np.matvec(vectors, unit_rows(self.interests[part])) * self.quality.take(feed)
        luck = dice.gumbel("choice", users, SLATE + 1)
        appeal += luck[:, :SLATE] - self.places
        place = appeal.argmax(axis=1)
        row = np.flatnonzero(appeal[np.arange(len(users)), place] > OUTSIDE + luck[:, SLATE])
        topics = self.topics.take(feed[row, place[row]], axis=0)
        self.clicked[users[row]] += topics
        self.interests[users[row]] += RATE * (topics - self.interests[users[row]])
        self.shown += np.bincount(feed.reshape(-1), minlength=len(self.shown))

    def _scored(self, users: np.ndarray, profile: np.ndarray, dice: Dice) -> tuple[np.ndarray, np.ndarray]:
        """Candidates (w,) or (n, w), and their scores (n, w)."""
        scores = self.scores[: len(users) * self.size].reshape(len(users), self.size)
        if self.kind == "everything":
            return np.arange(self.size), np.matmul(profile, self.columns, out=scores)
        if self.kind == "cohort_pool":
            ids = np.unique(dice.below("pool", users[:1] // BLOCK, self.size, len(self.rows)))
            return ids, np.matmul(profile, self.columns[:, ids])
        ids = dice.below("sample", users, self.size, len(self.rows))
        for low in range(0, len(users), GATHERED):
            some = ids[low : low + GATHERED]
            vectors = self.gathered[: some.size * TOPICS].reshape(*some.shape, TOPICS)
            np.take(self.rows, some, axis=0, out=vectors, mode="clip")
            np.matvec(vectors, profile[low : low + GATHERED], out=scores[low : low + GATHERED])
        return ids, scores

    def _spread(self, short: np.ndarray, worth: np.ndarray) -> np.ndarray:
        """Maximal marginal relevance: ten of the short list, place by place."""
        feeds = []
        for low in range(0, len(short), GATHERED):
            items, own = short[low : low + GATHERED], BALANCE * worth[low : low + GATHERED]
            vectors, row = self.rows.take(items, axis=0, mode="clip"), np.arange(len(items))
            likeness, feed = np.zeros_like(own), np.empty((len(items), SLATE), items.dtype)
            for place in range(SLATE):
                best = (own - (1 - BALANCE) * likeness).argmax(axis=1)
                feed[:, place] = items[row, best]
                own[row, best] = -np.inf
                np.maximum(likeness, np.matvec(vectors, vectors[row, best]), out=likeness)
            feeds.append(feed)
        return np.concatenate(feeds)


def _largest(scores: np.ndarray, k: int) -> np.ndarray:
    """int64 (n, k): the places of the k largest of each row, by the quickest plain way there is."""
    n, wide = scores.shape
    hits = scores >= np.partition(scores, wide - k, axis=1)[:, wide - k, None]
    found = np.flatnonzero(hits)
    if found.size == n * k:  # no tie at the edge
        return (found % wide).reshape(n, k)
    return np.argpartition(scores, wide - k, axis=1)[:, wide - k :]


def bare(size: Size) -> Section:
    """Ours over the bare one, in turns."""
    section = Section(
        "bare", "Against a bare step in plain NumPy",
        "µs of processor time per user and step, one thread, smallest of the rounds. A bare step knows one model and keeps no "
        "history; see `benchmarks/bare.py`, also for where the bounds come from.",
    )  # fmt: skip
    for name, users, items, candidates, most, most_added in size.shapes(SHAPES):
        users, items = size.users(users), size.items(items)
        runs = {False: Run(model(users, items, candidates=candidates))}
        if most_added is not None:
            runs[True] = Run(model(users, items, candidates=candidates, feed=MMR))
        cases: dict[str, Callable[[], object]] = {}
        for reranked, run in runs.items():
            cases |= {f"ours {reranked}": run.step, f"bare {reranked}": Bare(users, items, candidates, reranked).step}
        times = {case: 1e6 * one.cpu / users for case, one in in_turns(cases, 2 * size.rounds, warm=2).items()}
        for run in runs.values():
            run.close()
        ours, plain = times["ours False"], times["bare False"]
        section.add(shape=name, users=users, ours=ours, bare=plain, ratio=ours / plain, **goal(ours / plain, most))
        if most_added is not None:
            ours, plain = times["ours True"] - ours, times["bare True"] - plain
            section.add(
                shape=f"{name}: what MMR 50 → 10 adds", users=users, ours=ours, bare=plain, ratio=ours / plain,
                **goal(ours / plain, most_added),
            )  # fmt: skip
    return section
