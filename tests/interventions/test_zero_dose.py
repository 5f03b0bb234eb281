"""A whole run: no dose of a measure is the run without it, bit for bit; who has no contact to the treated is untouched."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from cocoonsim import Scenario, play
from cocoonsim.core.component import find
from cocoonsim.core.moment import Moment

BASE: dict[str, Any] = {
    "steps": 6, "slate": 5, "population": {"kind": "two_camps", "users": 60}, "ranking": "content",
    "catalogue": {"kind": "partisan_news", "items": 120, "topics": 6}, "choice": "bernoulli",
    "network": {"kind": "blocks", "degree": 6}, "influence": "reinforcement", "publishing": {"kind": "releases", "items": 4},
}  # fmt: skip
CLOSED = {"catalogue": {"kind": "multilingual", "items": 120, "topics": 6, "bridges": 0.1}}
"""A world in which there is something to translate."""
MEASURES: dict[str, Any] = dict(find("interventions"))
STRONG: dict[str, dict[str, Any]] = {
    "warning_label": {"heed": 1.0, "threshold": 0.3},
    "media_literacy": {"mute": 0.5},
    "private_clicks": {"privacy_budget": 0.0},
    "retention_limit": {"keep": 1},
    "chronological_hours": {"every": 2},
}
"""Doses at which something is sure to happen."""
WATCHERS = {"audit", "panel"}


def played(kind: str, *measures: dict[str, Any], **more: Any) -> list[Moment]:
    world = CLOSED if kind == "translation" else {}
    return list(play(Scenario.from_dict({**BASE, **world, **more, "interventions": list(measures)})))


def same(one: list[Moment], other: list[Moment], who: np.ndarray | slice = slice(None)) -> bool:
    """The same bits in every step: feeds, clicks, every column of the people, and whom they follow."""
    return all(
        (a.feed[who] == b.feed[who]).all()
        and (a.clicks[who] == b.clicks[who]).all()
        and all(np.array_equal(column[who], b.after.users[name][who]) for name, column in a.after.users.items())
        and all(
            np.array_equal(a.after.follows.of(user), b.after.follows.of(user))
            for user in np.arange(a.world.n_users)[who].tolist()
        )
        for a, b in zip(one, other, strict=True)
    )


@pytest.mark.parametrize("kind", MEASURES)
def test_no_dose_is_the_run_without_it(kind: str) -> None:
    plain = played(kind)
    for none in ({"share": 0.0}, {"compliance": 0.0}, {"start": 6, "stop": 7}, MEASURES[kind].idle):
        if none:
            assert same(plain, played(kind, {"kind": kind, **none})), f"{kind} {none}"


@pytest.mark.parametrize("kind", sorted(set(MEASURES) - WATCHERS))
def test_a_full_dose_is_not(kind: str) -> None:
    assert not same(played(kind), played(kind, {"kind": kind, **STRONG.get(kind, {})}))


@pytest.mark.parametrize("kind", sorted(WATCHERS))
def test_who_only_watches_changes_nothing(kind: str) -> None:
    assert same(played(kind), played(kind, {"kind": kind}))


@pytest.mark.parametrize("kind", MEASURES)
def test_the_untreated_are_untouched_where_nobody_learns_from_anybody(kind: str) -> None:
    """A content ranking looks at nobody else, and tastes follow one's own clicks: no path leads from one to another."""
    measure = {"kind": kind, **STRONG.get(kind, {}), "share": 0.5}
    plain, half = played(kind), played(kind, measure)
    settings = {name: value for name, value in measure.items() if name != "kind"}
    left = ~np.any([MEASURES[kind](**settings).treated(m.users, m.dice) for m in half], axis=0)
    assert 10 < left.sum() < 50
    assert same(plain, half, left)
