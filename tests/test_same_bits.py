"""The same scenario and seed give the same bytes, however the work is cut and on however many threads.

Feeds, clicks and the state of the people are hashed as they come; what the recorder measures must be equal too. The
models are chosen so that every way a number may be computed is there: tiles and own candidates, learning, pairs, friends,
random lists, some users only, people who change, items that appear.
"""

import hashlib
from typing import Any

import numpy as np
import pytest

from cocoonsim import Scenario, play, simulate
from cocoonsim.core.blocks import Blocks

CUTS = {
    "small blocks": Blocks(users=64, items=33, threads=1),
    "two threads": Blocks(users=64, items=200, threads=2),
    "odd blocks": Blocks(users=1000, items=77, threads=2),
    "one block": Blocks(users=4096, items=4096, threads=1),
    "many tiny tiles": Blocks(users=257, items=16, threads=2),
    "as it comes, three threads": Blocks(threads=3),
}

PEOPLE = {"kind": "uniform", "users": 1100}
MODELS: dict[str, dict[str, Any]] = {
    "content": {},
    "popularity of fresh items": {"ranking": "popularity", "publishing": "releases", "candidates": "recent"},
    "friends in a small world": {"ranking": "social", "network": "small_world", "influence": "reinforcement"},
    "factors, unseen only": {"ranking": "factorisation", "candidates": "unseen", "feed": "softmax"},
    "engagement in camps": {
        "population": {"kind": "two_camps", "users": 1100}, "catalogue": "partisan_news", "network": "blocks",
        "ranking": "engagement", "influence": "bounded_confidence", "rewiring": "unfollow_discordant",
    },
    "random candidates, some users": {
        "candidates": {"kind": "sampled", "size": 40}, "activity": "share", "feed": "epsilon_greedy",
        "choice": "bernoulli", "retrain_every": 2, "control_steps": 1,
    },
    "cohorts and a quota": {
        "candidates": {"kind": "cohort_pool", "size": 60, "cohort": 100}, "ranking": "content",
        "feed": "maximal_marginal", "choice": "argmax",
        "interventions": [{"kind": "diversity_quota", "share": 0.5}],
    },
    "an oracle": {"ranking": "oracle", "population": {"kind": "clustered", "users": 1100}},
    "posts and news": {
        "ranking": "newest", "network": "erdos_renyi", "catalogue": "partisan_news",
        "choice": {"kind": "confidence_gate", "tolerance": 0.5}, "influence": "bounded_confidence",
        "candidates": {"kind": "mixture", "parts": ["followed", "popular_and_fresh", "sampled"], "numbers": [20, 10, 5]},
        "publishing": {"kind": "combined", "parts": [
            "central", "reposts", "polluters", {"kind": "adaptive_creators", "window": 900},
        ]},
    },
    "finds and memories": {
        "population": {"kind": "uniform", "users": 1100, "dimensions": 2}, "ranking": "newest", "choice": "accepts_all",
        "catalogue": {"kind": "scattered", "items": 0}, "network": {"kind": "erdos_renyi", "degree": 4.0, "mutual": True},
        "influence": {"kind": "memory", "capacity": 3, "tolerance": 0.5, "repeats": "forget"},
        "candidates": {"kind": "mixture", "parts": ["direct", "followed"]},
        "publishing": {"kind": "combined", "parts": ["from_memory", {"kind": "finds", "how": "close", "reach": 0.5}]},
    },
    "shuffled": {"ranking": "shuffled", "network": "erdos_renyi", "candidates": "followed", "catalogue": "partisan_news"},
    "one by one, who post and hold on to what they read": {
        "activity": {"kind": "one_at_a_time", "events": 80}, "influence": "memory", "ranking": "newest",
        "network": "erdos_renyi", "candidates": "followed", "publishing": {"kind": "reposts", "window": 60},
        "choice": {"kind": "confidence_gate", "tolerance": 0.9}, "rewiring": {"kind": "unfollow_discordant", "chance": 0.5},
    },
    "so many that threads share a step's notes": {
        "population": {"kind": "uniform", "users": 9000}, "ranking": "content", "influence": "reinforcement",
        "candidates": {"kind": "cohort_pool", "size": 60, "cohort": 700}, "memory": 9,
    },
    "beliefs, and estimates that carry on": {
        "influence": "belief_update", "choice": "risk_averse", "ranking": "adaptive_estimate", "retrain_every": 1,
    },
    "weighted ties": {
        "network": {
            "kind": "listed", "ties": [[n, (7 * n + 1) % 1100, 0.05 + n % 5 / 20] for n in range(1100)], "mutual": True,
        },
        "influence": "degroot", "activity": "individual", "ranking": "social",
    },
}  # fmt: skip


def scenario(model: dict[str, Any]) -> Scenario:
    return Scenario.from_dict({"name": "bits", "steps": 4, "slate": 6, "population": PEOPLE} | model)


def digest(of: Scenario, blocks: Blocks) -> str:
    seen = hashlib.sha256()
    for moment in play(of, seed=11, blocks=blocks):
        follows = moment.after.follows
        weights = np.empty(0) if follows.weights is None else follows.weights
        for array in (moment.users, moment.feed, moment.clicks, follows.targets, weights):
            seen.update(np.ascontiguousarray(array).tobytes())
        for _, column in sorted(moment.after.users.items()):
            seen.update(column.tobytes())
    blocks.close()
    return seen.hexdigest()


@pytest.mark.parametrize("name", MODELS)
def test_a_run_is_the_same_bytes_however_it_is_cut(name: str) -> None:
    digests = {cut: digest(scenario(MODELS[name]), blocks) for cut, blocks in CUTS.items()}
    assert len(set(digests.values())) == 1, digests


@pytest.mark.parametrize("name", ["content", "engagement in camps"])
def test_what_is_measured_is_the_same_however_it_is_cut(name: str) -> None:
    tables = [simulate(scenario(MODELS[name]), seeds=[3], blocks=blocks).metrics for blocks in CUTS.values()]
    assert tables[0].height > 0
    for table in tables[1:]:
        assert table.equals(tables[0], null_equal=True)


def test_other_seeds_give_other_bytes() -> None:
    runs = [next(play(scenario({}), seed=seed)).feed.tobytes() for seed in (1, 2, 3)]
    assert len(set(runs)) == 3
