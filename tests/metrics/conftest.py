"""Moments made by hand, and the naive oracles, for the tests of the metrics."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from cocoonsim.core.chance import Chance
from cocoonsim.core.follows import Follows
from cocoonsim.core.history import History
from cocoonsim.core.moment import Moment
from cocoonsim.core.world import PlatformView, World, content, people

ORACLES = Path(__file__).parents[2].parent / "shared" / "oracles" / "metrics"


@pytest.fixture(scope="session")
def moment_of() -> Callable[..., Moment]:
    """`moment_of(topics, feed, clicks, before=[(feed, clicks), ...], arcs=[(follower, followee), ...], ...)`."""

    def make(
        topics: Any, feed: Any, clicks: Any = None, *, before: Sequence[tuple[Any, Any]] = (), users: Any = None,
        n_users: int | None = None, interests: Any = None, opinion: Any = None, arcs: Any = (), memory: int = 100,
        step: int = 3, seed: int = 1, item_clicks: Any = None, **items: Any,
    ) -> Moment:  # fmt: skip
        topics, feed = np.asarray(topics, np.float32), np.asarray(feed, np.int32)
        who = np.arange(len(feed)) if users is None else np.asarray(users)
        n_users = n_users or len(feed)
        clicks = np.zeros(feed.shape, bool) if clicks is None else np.asarray(clicks, bool)
        if interests is None:
            interests = np.full((n_users, topics.shape[1]), 1 / topics.shape[1])
        given = {} if opinion is None else {"opinion": np.asarray(opinion, float)}
        pairs = np.asarray(arcs, np.int64).reshape(-1, 2)
        world = World(
            step,
            people(np.asarray(interests), **given),
            content(topics, **{name: np.asarray(column) for name, column in items.items()}),
            Follows.from_arcs(n_users, pairs[:, 0], pairs[:, 1]),
        )
        history = History(n_users, topics.shape[1], len(topics), memory, pairs=True)
        for old_feed, old_clicks in before:
            shown = np.asarray(old_feed)
            clicked = np.broadcast_to(np.asarray(old_clicks, bool), shown.shape) & (shown >= 0)
            history.add(np.arange(n_users), shown, clicked, topics)
        if item_clicks is not None:
            history.item_clicks[:] = item_clicks
        return Moment(
            step, world, world, history, who, feed, clicks, PlatformView.of(world, history), Chance(seed).at(step)
        )

    return make


@pytest.fixture(scope="session")
def oracle() -> Callable[[str], ModuleType]:
    """`oracle("exposure")`: one of the naive oracles; the test is skipped where they are not at hand."""

    def load(name: str) -> ModuleType:
        path = ORACLES / f"oracle_{name}.py"
        if not path.exists():
            pytest.skip(f"the naive oracles are not there: {path.name}")
        spec = importlib.util.spec_from_file_location(path.stem, path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    return load


@pytest.fixture(scope="session")
def standard_errors() -> Callable[[np.ndarray], float]:
    """`standard_errors(excess)`: how many standard errors the mean excess is from 0."""

    def z(excess: np.ndarray) -> float:
        excess = excess[~np.isnan(excess)]
        return float(excess.mean() / (excess.std(ddof=1) / np.sqrt(len(excess))))

    return z
