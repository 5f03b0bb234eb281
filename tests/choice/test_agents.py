import sys

import numpy as np
import pytest

from cocoonsim import Scenario, play
from cocoonsim.choice.agents import Agents
from cocoonsim.core import component
from cocoonsim.core.component import allow_plugin
from cocoonsim.scenario import ScenarioError
from cocoonsim.testing import tiny_worlds

CODE = '''
import mesa

class Picky(mesa.Agent):
    """Clicks what leans its way; one in two of them, by its own dice."""
    def decide(self, items):
        return [i["place"] for i in items if i["stance"][0] * self.opinion[0] > 0 and self.model.rng.random() < 0.5]

class Careless(mesa.Agent):
    def decide(self, items):
        return [99]

class Mute(mesa.Agent):
    pass
'''


@pytest.fixture
def module(tmp_path, monkeypatch):
    (tmp_path / "my_people.py").write_text(CODE, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(component, "_modules", [])  # what is allowed here is not allowed in the tests that follow
    yield "my_people"
    sys.modules.pop("my_people", None)


def test_the_built_in_example_clicks_what_is_closest():
    for tiny in tiny_worlds():
        clicks = Agents().choose(tiny.world, tiny.users, tiny.feed, tiny.dice)
        liking = np.einsum("ut,ust->us", tiny.world.users.interests, tiny.world.items.topics[tiny.feed])
        assert (clicks.argmax(axis=1) == liking.argmax(axis=1)).all()
        assert (clicks.sum(axis=1) == 1).all()


def test_a_class_of_ones_own(module):
    spec = {"kind": "agents", "agent": f"{module}:Picky"}
    common = {"steps": 3, "slate": 6, "population": {"kind": "two_camps", "users": 40}, "catalogue": "partisan_news"}
    with pytest.raises(ScenarioError, match="allow it with --plugin my_people"):
        Scenario.from_dict({**common, "choice": spec})
    allow_plugin(module)
    moments = list(play(Scenario.from_dict({**common, "choice": spec})))
    again = list(play(Scenario.from_dict({**common, "choice": spec})))
    clicked = right = 0
    for moment, twin in zip(moments, again, strict=True):
        assert (moment.clicks == twin.clicks).all()
        lean = moment.world.items.stance[moment.feed, 0] * moment.world.users.opinion[moment.users, 0, None] > 0
        assert not (moment.clicks & ~lean).any()
        clicked, right = clicked + moment.clicks.sum(), right + lean.sum()
    assert abs(clicked - right / 2) <= 4 * np.sqrt(right) / 2
    with pytest.raises(ScenarioError, match="has no method decide"):
        Scenario.from_dict({**common, "choice": {"kind": "agents", "agent": f"{module}:Mute"}})
    with pytest.raises(ScenarioError, match="has no class called 'Nobody'"):
        Scenario.from_dict({**common, "choice": {"kind": "agents", "agent": f"{module}:Nobody"}})
    with pytest.raises(ValueError, match="clicked place 99"):
        list(play(Scenario.from_dict({**common, "choice": {"kind": "agents", "agent": f"{module}:Careless"}})))
