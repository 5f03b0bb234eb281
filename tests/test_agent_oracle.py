"""The model against the same rules told agent by agent, in plain Python that shares no code with the package.

Feeds, clicks, interests and counts must be equal to the last bit, in every step. Measures are sums in another order, so
they are compared to 12 digits.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from cocoonsim import Scenario, play
from cocoonsim.core.blocks import Blocks
from cocoonsim.core.component import build

SOURCE = Path(__file__).parents[1] / "benchmarks" / "agents.py"


def load() -> ModuleType:
    """The agents' file, wherever the tests are started from."""
    spec = importlib.util.spec_from_file_location("agents_oracle", SOURCE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up by name
    spec.loader.exec_module(module)
    return module


agents = load()

VARIANTS: dict[str, dict[str, Any]] = {
    "everything": {},
    "a pool for each cohort": {"candidates": {"kind": "cohort_pool", "size": 30, "cohort": 16}},
    "a sample for each user": {"candidates": {"kind": "sampled", "size": 25}},
    "a sample of nearly all": {"candidates": {"kind": "sampled", "size": 60}},
    "feeds that differ": {"feed": {"kind": "maximal_marginal", "shortlist": 20, "balance": 0.6}},
    "a pool, feeds that differ": {
        "candidates": {"kind": "cohort_pool", "size": 40, "cohort": 10}, "feed": {"kind": "maximal_marginal"},
    },
    "arousal and quality": {
        "catalogue": {"kind": "partisan_news", "items": 80, "topics": 6}, "slate": 7,
        "choice": {"kind": "logit", "arousal_pull": 1.5, "sensitivity": 3.0, "outside": 1.0, "attention_decay": 0.3},
        "influence": {"kind": "reinforcement", "rate": 0.3},
    },
}  # fmt: skip
BLOCKS = Blocks(users=13, items=32, threads=1)


def rules_of(scenario: Scenario) -> Any:
    """The agents' rules, from the parts of a scenario."""
    candidates = scenario.spec("candidates")
    feed = scenario.spec("feed")
    settings = {"candidates": candidates.pop("kind"), "feed": feed.pop("kind"), "slate": scenario.slate}
    settings |= candidates | feed | scenario.spec("choice") | scenario.spec("influence")
    known = agents.Rules.__dataclass_fields__
    return agents.Rules(**{name: value for name, value in settings.items() if name in known})


@pytest.mark.parametrize("name", VARIANTS)
@pytest.mark.parametrize("seed", [1, 2])
def test_agent_by_agent_gives_the_same_bits(name: str, seed: int) -> None:
    model: dict[str, Any] = {
        "name": "agents", "steps": 6, "slate": 5, "ranking": "content", "influence": "reinforcement",
        "population": {"kind": "uniform", "users": 45},
        "catalogue": {"kind": "topic_mix", "items": 80, "topics": 6, "quality_spread": 0.4},
    }  # fmt: skip
    scenario = Scenario.from_dict(model | VARIANTS[name])
    gini, engagement = (build("metrics", {"kind": kind}) for kind in ("gini_simpson", "engagement"))
    told = None
    changed = 0
    for moment in play(scenario, seed=seed, blocks=BLOCKS):
        if told is None:
            items = moment.world.items
            told = agents.Platform(
                moment.world.users.interests, items.topics, items.quality, items.arousal, rules_of(scenario), seed
            )
        people = list(told.agents)
        # what the platform knew when it ranked today: what happened up to yesterday
        knew = moment.history
        assert knew.item_shown.tolist() == told.item_shown
        assert knew.item_clicks.tolist() == told.item_clicks
        assert knew.shown.tolist() == [user.shown for user in people]
        assert knew.clicks.tolist() == [user.clicks for user in people]
        assert np.array_equal(knew.clicked_topics, np.array([user.clicked_topics for user in people], np.float32))

        told.step()
        assert np.array_equal(moment.feed, np.array([user.feed for user in people]))
        assert np.array_equal(moment.clicks, np.array([user.clicked for user in people]))
        after = np.array([user.interests for user in people], np.float32)
        assert np.array_equal(moment.after.users.interests, after)
        changed += int((after != moment.world.users.interests).any(axis=1).sum())
        for metric, theirs in ((gini, "gini_simpson"), (engagement, "engagement")):
            mine = metric.measure(moment)[0].values  # type: ignore[attr-defined]
            assert mine == pytest.approx([getattr(user, theirs)() for user in people], rel=1e-12, abs=1e-12)
    assert moment.step == 5
    assert changed > 50, "somebody must have clicked, or nothing was compared"


def test_known_numbers_of_the_generator() -> None:
    # the first outputs of SplitMix64 from seed 0, as in the reference implementation of Vigna (2015)
    outputs = [agents.mix(agents.GOLD * n & agents.MASK) for n in (1, 2, 3)]
    assert outputs == [0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F]
