"""Feeds are the same bits whether the catalogue is pruned or scanned in full; and it is pruned only where that is sound."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from cocoonsim import Scenario, play, serve
from cocoonsim.core import clusters
from cocoonsim.core.arrays import exact_products, gather, unit_rows
from cocoonsim.core.blocks import Blocks
from cocoonsim.core.component import build
from cocoonsim.core.pruning import Prunable
from cocoonsim.core.view import View
from cocoonsim.core.world import PlatformView, item_vectors
from cocoonsim.feed.top import Top
from cocoonsim.ranking.content import Content
from cocoonsim.testing.worlds import lonely_user

ALWAYS, NEVER = (1, 1), (10**9, 10**9)


@pytest.fixture(autouse=True)
def many_tiles(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clusters, "_PER_CLUSTER", 8)


def feeds(scenario: Scenario, prune: tuple[int, int], patch: pytest.MonkeyPatch, **cut: int) -> tuple[list[Any], int]:
    """The feeds and clicks of a run, and how often the pruned search was asked."""
    asked = 0
    plain = serve.best

    def counted(*args: Any) -> Any:
        nonlocal asked
        asked += 1
        return plain(*args)

    with patch.context() as here:
        here.setattr(serve, "_PRUNE_FROM", prune)
        here.setattr(serve, "best", counted)
        run = [(moment.feed, moment.clicks) for moment in play(scenario, blocks=Blocks(**cut))]
    return run, asked


def same(ours: list[Any], theirs: list[Any]) -> bool:
    return all((a == b).all() for one, other in zip(ours, theirs, strict=True) for a, b in zip(one, other, strict=True))


def world(**changed: Any) -> Scenario:
    return Scenario.from_dict(
        {
            "steps": 6, "slate": 5, "population": {"kind": "uniform", "users": 70},
            "catalogue": {"kind": "topic_mix", "items": 260, "topics": 6, "quality_spread": 0.8}, **changed,
        }
    )  # fmt: skip


@pytest.mark.parametrize("ranking", ["content", "oracle", "factorisation"])
@pytest.mark.parametrize("feed", ["top", {"kind": "maximal_marginal"}])
def test_pruned_and_full_are_the_same(ranking: str, feed: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    scenario = world(ranking=ranking, feed=feed)
    full, never = feeds(scenario, NEVER, monkeypatch, users=1000, threads=1)
    assert never == 0
    for cut in ({"users": 7, "items": 50, "threads": 2}, {"users": 33, "items": 1000, "threads": 1}):
        pruned, asked = feeds(scenario, ALWAYS, monkeypatch, **cut)
        assert asked >= scenario.steps
        assert same(pruned, full)


def test_items_that_come_and_go(monkeypatch: pytest.MonkeyPatch) -> None:
    scenario = world(publishing={"kind": "releases", "items": 20, "lifespan": 4, "steady": True}, ranking="content")
    full, _ = feeds(scenario, NEVER, monkeypatch)
    pruned, asked = feeds(scenario, ALWAYS, monkeypatch, users=20)
    assert asked
    assert same(pruned, full)


@pytest.mark.parametrize(
    "changed",
    [
        {"ranking": "popularity"},
        {"feed": {"kind": "softmax", "inverse_temperature": 3}},
        {"feed": "epsilon_greedy"},
        {"candidates": {"kind": "sampled", "size": 40}},
        {"candidates": {"kind": "cohort_pool", "size": 40}},
        {"candidates": "unseen"},
        {"interventions": [{"kind": "diversity_quota", "quota": 0.4}]},
    ],
)
def test_where_something_looks_at_all_scores_they_are_all_worked_out(
    changed: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert feeds(world(**changed), ALWAYS, monkeypatch)[1] == 0


def test_a_measure_that_has_ended_is_no_hindrance(monkeypatch: pytest.MonkeyPatch) -> None:
    scenario = world(interventions=[{"kind": "diversity_quota", "quota": 0.4, "start": 2, "stop": 4}])
    full, _ = feeds(scenario, NEVER, monkeypatch)
    pruned, asked = feeds(scenario, ALWAYS, monkeypatch, users=1000, threads=1)
    assert asked == 4 * 1  # of six steps, one block each
    assert same(pruned, full)


class Contrary(Content):
    """A score of its own, but what `Content` says of its score by inheritance."""

    def score(self, view: View) -> np.ndarray:
        return -super().score(view)


class Broken(Content):
    """Its profiles are no numbers; what it says of its score is true."""

    def score(self, view: View) -> np.ndarray:
        return view.affinity(self.prunable(view).profile)

    def prunable(self, view: View) -> Prunable:
        topics = view.platform.items.topics.shape[1]
        return Prunable(np.full((len(view.users), topics), np.nan), item_vectors(view.platform.items))


def simple_parts() -> Any:
    everything = build("candidates", {"kind": "everything"})
    return SimpleNamespace(candidates=everything, feed=Top(), interventions=(), slate=3)


@pytest.mark.parametrize(("ranking", "pruned"), [(Content(), True), (Contrary(), False)])
def test_a_policy_with_a_score_of_its_own_does_not_inherit_the_promise(
    ranking: Content, pruned: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(serve, "_PRUNE_FROM", ALWAYS)
    tiny = lonely_user()
    view = View(tiny.platform, np.arange(1), np.empty(0, np.int32), tiny.dice)
    assert (serve._tiles(simple_parts(), ranking, view) is not None) == pruned


def test_a_mistake_of_the_policy_is_named_as_in_a_full_scan(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serve, "_PRUNE_FROM", ALWAYS)
    tiny = lonely_user()
    everybody = np.arange(tiny.world.n_users)
    with pytest.raises(ValueError, match="a score is not a number"):
        serve.serve(simple_parts(), Broken(), None, tiny.world, tiny.platform, everybody, tiny.dice, Blocks())


def test_few_users_or_items_are_not_worth_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert feeds(world(), serve._PRUNE_FROM, monkeypatch)[1] == 0
    assert feeds(world(), (71, 1), monkeypatch)[1] == 0
    assert feeds(world(), (70, 53), monkeypatch)[1] == 0  # 5 places, 260 items
    assert feeds(world(), (70, 52), monkeypatch)[1] > 0


@pytest.mark.parametrize("name", ["content", "oracle", "factorisation"])
def test_what_a_policy_says_of_its_score_is_its_score(name: str) -> None:
    """To the last bit: the promise on which pruning rests."""
    scenario = world(ranking=name, steps=3)
    for moment in play(scenario):
        last = moment
    ranking: Any = build("ranking", {"kind": name})
    platform = PlatformView.of(last.world, last.state.history)
    model = ranking.learn(platform, last.dice)
    items = np.arange(0, 260, 3, dtype=np.int32)
    view = View(platform, np.arange(5, 60), items, last.dice, model, _world=last.world if ranking.sees_minds else None)
    given = ranking.prunable(view)
    expected = exact_products(unit_rows(given.profile), given.vectors, items)
    if given.factor is not None:
        expected = expected * gather(given.factor, items)
    assert expected.any()
    assert (ranking.score(view).view(np.int32) == expected.view(np.int32)).all()
