"""Follow one person: what they are shown and why, what they like, what the platform takes them for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from cocoonsim.core.errors import UserError
from cocoonsim.explanations import explain
from cocoonsim.whatif import would_show

if TYPE_CHECKING:
    from cocoonsim.app.panel import Panel
    from cocoonsim.core.world import World

MOST_PARTS = 4
"""Of a score, the largest so many parts are told; the rest is summed up."""


@dataclass(frozen=True)
class Card:
    """An item in a feed."""

    item: int
    topic: str
    stance: float
    harmful: bool
    clicked: bool = False
    score: float | None = None
    parts: tuple[tuple[str, float], ...] = ()
    """(why, how much it adds), the largest first."""


@dataclass(frozen=True)
class Feed:
    """What a person is shown; `note` says in words what else there is to know, such as why there is nothing."""

    cards: tuple[Card, ...]
    note: str = ""


def feed_of(panel: Panel, user: int) -> Feed:
    """The feed of a person in the last step, each item with the parts of its score."""
    moment = panel.moment
    if moment is None:
        return Feed((), "Nothing has been shown yet. Press Play or Step.")
    row = np.flatnonzero(moment.users == user)
    if not row.size:
        return Feed((), "Was not online in this step.")
    feed, clicks = moment.feed[row[0]], moment.clicks[row[0]]
    cards = [card(moment.world, int(item), bool(click)) for item, click in zip(feed, clicks, strict=True) if item >= 0]
    try:
        told = explain(panel.parts, moment, np.array([user]))
    except UserError as error:
        return Feed(tuple(cards), f"Why these items: {error.message}.")
    places, ranking = np.flatnonzero(feed >= 0), panel.parts.ranking_at(moment.step).name
    explained = [
        Card(**{**vars(one), "score": float(told.scores[0, place]), "parts": _largest(told.of(0, int(place)), ranking)})
        for one, place in zip(cards, places, strict=True)
    ]
    return Feed(tuple(explained), f"After scoring: {told.afterwards}." if told.afterwards else "")


def feed_elsewhere(panel: Panel, other: Panel, user: int) -> Feed:
    """What the policy of `other` would have shown this person today, knowing what the platform of `panel` knows."""
    moment = panel.moment
    if moment is None or user not in moment.users:
        return Feed((), "Nothing was shown in this step.")
    try:
        items = would_show(other.parts, moment, np.array([user]))[0]
    except UserError as error:
        return Feed((), f"Cannot be told: {error.message}.")
    shown = set(moment.feed[np.flatnonzero(moment.users == user)[0]].tolist())
    same = sum(int(item) in shown for item in items if item >= 0)
    cards = tuple(card(moment.world, int(item)) for item in items if item >= 0)
    return Feed(cards, f"{same} of these {len(cards)} are in the feed above.")


def card(world: World, item: int, clicked: bool = False) -> Card:
    """An item as it is shown on the page."""
    items = world.items
    topic = topic_names(world)[int(items.topics[item].argmax())]
    return Card(item, topic, float(items.stance[item, 0]), bool(items.harmful[item]), clicked)


def _largest(parts: list[tuple[str, float]], ranking: str) -> tuple[tuple[str, float], ...]:
    named = [(ranking.replace("_", " ") if name == "score" else name, value) for name, value in parts]
    ordered = sorted(named, key=lambda part: -abs(part[1]))
    rest = sum(value for _, value in ordered[MOST_PARTS:])
    more = ((f"{len(ordered) - MOST_PARTS} more", rest),) if len(ordered) > MOST_PARTS else ()
    return (*ordered[:MOST_PARTS], *more) or ((ranking.replace("_", " "), 0.0),)


def topic_names(world: World) -> list[str]:
    """A name for every topic."""
    return [world.topic_names[at] if at < len(world.topic_names) else f"topic {at}" for at in range(world.n_topics)]


@dataclass(frozen=True)
class Portrait:
    """A person's interests and the platform's idea of them, at first and now, and how wide each has been by step."""

    topics: tuple[str, ...]
    """The topics that matter most in any of the three, most important first."""
    first: np.ndarray
    now: np.ndarray
    idea: np.ndarray
    steps: list[int]
    wide: np.ndarray
    """(steps,): effective number of topics of the interests."""
    idea_wide: np.ndarray
    """(steps,): of the platform's idea; NaN before the first click."""


def portrait(panel: Panel, user: int, most: int = 6) -> Portrait | None:
    """The portrait of a person who is drawn; None before the first step."""
    kept = panel.record.portraits
    at = int(np.searchsorted(panel.drawn, user))
    if not len(kept) or at >= len(panel.drawn) or panel.drawn[at] != user:
        return None
    values: list[Any] = kept.values
    pairs = [(interests[at].astype(float), idea[at].astype(float)) for interests, idea in values]
    first, (now, idea) = panel.start.users.interests[user].astype(float), pairs[-1]
    top = np.argsort(-np.max([first, now, idea], axis=0), kind="stable")[:most]
    names = topic_names(panel.world)
    return Portrait(
        tuple(names[topic] for topic in top), first[top], now[top], idea[top], kept.steps,
        np.array([width(one) for one, _ in pairs]), np.array([width(other) for _, other in pairs]),
    )  # fmt: skip


def width(shares: np.ndarray) -> float:
    """The effective number of topics: 2 to the entropy in bits; NaN of nothing.

    >>> float(width(np.array([0.5, 0.5, 0.0])))
    2.0
    """
    total = shares.sum()
    if total <= 0:
        return float("nan")
    p = shares[shares > 0] / total
    return float(np.exp2(-(p * np.log2(p)).sum()))
