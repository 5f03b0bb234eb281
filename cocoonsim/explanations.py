"""Why an item was shown: the parts of its score, which add up to it exactly.

First the parts that the ranking names, then what each measure in force has added or taken away. Their sum, in this order and
rounded to float32, is the score by which the feed rule went, to the last bit. What a feed rule or a measure did with the feed
afterwards (luck, diversity, reserved places) is not a matter of score; it is told in words.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from cocoonsim.core.errors import UserError
from cocoonsim.core.moment import Moment
from cocoonsim.core.view import View
from cocoonsim.interventions import Intervention

if TYPE_CHECKING:
    from cocoonsim.assemble import Parts


@dataclass(frozen=True)
class Explanation:
    """Of the feeds of some users at one moment.

    `users` int64 (n,), `items` int32 (n, slate) padded with -1, `scores` float32 (n, slate), `parts` float64 (n, slate) by
    name; in an empty place all are 0. `afterwards` says in words what happened to the feed after scoring.
    """

    step: int
    users: np.ndarray
    items: np.ndarray
    scores: np.ndarray
    parts: dict[str, np.ndarray]
    afterwards: str

    def of(self, row: int, place: int) -> list[tuple[str, float]]:
        """(part, what it adds) for one place, as they add up; parts that are 0 are left out."""
        found = [(name, float(values[row, place])) for name, values in self.parts.items()]
        return [(name, value) for name, value in found if value != 0.0]

    def in_words(self, row: int, place: int, most: int = 4) -> str:
        """The largest parts of one place's score, largest first."""
        found = sorted(self.of(row, place), key=lambda part: -abs(part[1]))
        told = [f"{name} {value:+.3g}" for name, value in found[:most]]
        rest = sum(value for _, value in found[most:])
        return "; ".join(told + ([f"{len(found) - most} more {rest:+.3g}"] if len(found) > most else [])) or "score 0"


def explain(parts: Parts, moment: Moment, users: np.ndarray | None = None) -> Explanation:
    """Explain the feeds of `users` (ids; by default all who were online) at a moment that was just handed over.

    Raises UserError where people came one after another: the platform has learnt in between.
    """
    if parts.activity.in_turns:
        raise UserError(f"feeds cannot be explained afterwards under the schedule {parts.activity.name}: the platform learns "
                        "between one visitor and the next. Use an activity in which all act at once", "activity")  # fmt: skip
    rows = np.arange(len(moment.users)) if users is None else rows_of(moment.users, users, moment.world.n_users)
    ranking = parts.ranking_at(moment.step)
    feed = moment.feed[rows]
    model = moment.state.model if moment.state is not None else None
    view = View(moment.platform, moment.users[rows], feed, moment.dice, model)
    view._world = moment.world if ranking.sees_minds else None
    empty = feed < 0
    total = np.zeros(feed.shape, np.float64)
    found: dict[str, np.ndarray] = {}
    for name, part in ranking.explain(view).items():
        found[name] = np.where(empty, 0.0, np.broadcast_to(np.asarray(part, np.float64), feed.shape))
        total = total + found[name]
    scores = total.astype(np.float32)
    for intervention in parts.interventions:
        after = intervention.change_scores(scores, view)
        if after is not scores:
            with np.errstate(invalid="ignore"):  # what a measure rules out after all has no finite part
                change = np.where(np.isfinite(after), after.astype(np.float64) - total, 0.0)
            found[f"measure {intervention.name}"] = np.where(empty, 0.0, change)
            total = total + found[f"measure {intervention.name}"]
            scores = np.where(empty, np.float32(0), after).astype(np.float32)
    return Explanation(moment.step, view.users, feed, scores, found, _afterwards(parts, moment.step))


def rows_of(online: np.ndarray, users: np.ndarray, n_users: int) -> np.ndarray:
    """int64: at which places of `online` the people asked for are. Where few are asked for, far quicker than `np.isin`.

    >>> rows_of(np.array([4, 2, 9]), np.array([9, 4, 1]), 10)
    array([0, 2])
    """
    asked = np.zeros(n_users, bool)
    asked[np.asarray(users, np.int64)] = True
    return np.flatnonzero(asked[online])


def exact(parts: Parts, moment: Moment, told: Explanation) -> np.ndarray:
    """bool (n, slate): which scores, asked of the ranking and the measures once more, are what the parts add up to.

    To the last bit; an empty place has nothing to explain and counts as right.
    """
    ranking = parts.ranking_at(moment.step)
    model = moment.state.model if moment.state is not None else None
    view = View(moment.platform, told.users, told.items, moment.dice, model)
    view._world = moment.world if ranking.sees_minds else None
    scores = np.broadcast_to(np.asarray(ranking.score(view), np.float32), told.items.shape)
    for intervention in parts.interventions:
        scores = intervention.change_scores(scores, view)
    total = np.zeros(told.items.shape, np.float64)
    for part in told.parts.values():
        total = total + part
    return np.asarray((told.items < 0) | (total.astype(np.float32) == scores))


def shares(told: Explanation) -> dict[str, float]:
    """How much each part weighs in the scores of what was shown: its size over the sizes of all, a mean over places."""
    sizes = {name: np.abs(part) for name, part in told.parts.items()}
    whole = np.sum(list(sizes.values()), axis=0) if sizes else np.zeros(told.items.shape)
    known = (told.items >= 0) & (whole > 0)
    return {name: float((size[known] / whole[known]).mean()) if known.any() else np.nan for name, size in sizes.items()}


def _afterwards(parts: Parts, step: int) -> str:
    words = [] if parts.feed.name == "top" else [f"filled by the feed rule {parts.feed.name}"]
    for intervention in parts.interventions:
        if intervention.active(step) and type(intervention).on_feed is not Intervention.on_feed:
            words.append(f"changed by {intervention.name}")
    return ", ".join(words)
