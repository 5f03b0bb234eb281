"""What every way of making feeds has in common: checked scores, the words that break ties, and the feed rule at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from cocoonsim.core.arrays import check_shape
from cocoonsim.core.view import View
from cocoonsim.interventions import Intervention

if TYPE_CHECKING:
    from cocoonsim.assemble import Parts
    from cocoonsim.ranking import Ranking


def scores_of(ranking: Ranking, view: View) -> np.ndarray:
    """The policy's scores, float32 (n, w), not to be written to; NaN is a mistake of the policy and named as such."""
    given = np.asarray(ranking.score(view), np.float32)
    most = given.max(initial=-np.inf)
    if most != most:  # a maximum of anything and NaN is NaN, which is unlike itself
        raise ValueError(f"ranking {ranking.name}: a score is not a number (step {view.step})")
    if given.shape == view.shape:
        return given
    if len(view.users) == 1 and given.shape == view.shape[1:]:
        return given[None]
    try:
        return np.broadcast_to(given, view.shape)
    except ValueError:
        raise ValueError(
            f"ranking {ranking.name}: scores {given.shape} do not fit (users, items) {view.shape}"
        ) from None


def lists_of(
    parts: Parts, ranking: Ranking, view: View, hidden: Any = None
) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Scores (n, w) of the view's candidates, and by what each short list of the feed rule and the measures orders them."""
    scores = scores_of(ranking, view)
    if hidden is not None:
        scores = np.where(view.pick(hidden) != 0, np.float32(-np.inf), scores)
    for intervention in parts.interventions:
        scores = intervention.change_scores(scores, view)
    lists = parts.feed.shortlists(scores, view)
    order = order_of(scores, lists)
    for intervention in parts.interventions:
        lists = lists | intervention.extra_lists(order, view)
    return scores, lists


def order_of(scores: np.ndarray, lists: dict[str, np.ndarray]) -> np.ndarray:
    """float32 (n, w): by what the feed rule puts items in order: its lottery where it draws by lot, else the scores.

    Measures that reserve places choose by it too: a quota is no reason to stop drawing by lot.
    """
    drawn = lists.get("best", scores)
    return scores if drawn is scores else np.where(drawn > -np.inf, drawn, scores)


def salts_of(view: View) -> np.ndarray:
    """uint32 (n,): the word of each user by which ties are broken."""
    return view.each("words that break ties", _salts)


def _salts(view: View) -> np.ndarray:
    return (view.dice.bits("tie", view.users)[:, 0] >> np.uint64(32)).astype(np.uint32)


def depth_of(parts: Parts) -> int:
    """How many of the best items the feed rule wants."""
    return max(parts.feed.depth(parts.slate), parts.slate)


def fill(parts: Parts, view: View) -> np.ndarray:
    """The feed rule fills from the short lists; then the interventions."""
    best_scores, best_items = view.lists["best"]
    view.items = best_items
    feed = parts.feed.fill(best_scores, best_items, view, parts.slate)
    if feed.shape != (len(view.users), parts.slate):
        check_shape(f"feed of {parts.feed.name}", feed, (len(view.users), parts.slate))
    for intervention in parts.interventions:
        feed = intervention.change_feed(feed, view)
    return feed.astype(np.int32, copy=False)


def has_own(part: object, base: type, *names: str) -> bool:
    """Whether a component does not leave these methods as its stage has them."""
    return any(getattr(type(part), name) is not getattr(base, name) for name in names)


def touches_scores(parts: Parts, step: int) -> bool:
    """Whether a measure wants to see, or changes, the score of every candidate."""
    measures = [part for part in parts.interventions if part.active(step)]
    doors = "on_scores", "change_scores", "shortlists", "extra_lists"
    return any(has_own(part, Intervention, *doors) for part in measures)
