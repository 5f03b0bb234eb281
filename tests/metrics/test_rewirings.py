import numpy as np
import pytest

from cocoonsim import Scenario, play
from cocoonsim.metrics.rewirings import Rewirings

TINY = {
    "steps": 4,
    "slate": 1,
    "population": {"kind": "uniform", "users": 30},
    "network": {"kind": "erdos_renyi", "degree": 5},
}


@pytest.mark.parametrize("drop", ["anybody", "nobody"])
def test_every_change_is_counted_once(drop):
    """With chance 1 everybody changes one tie in every step (nobody here follows everybody)."""
    rule = {"kind": "follow_stranger", "chance": 1.0, "drop": drop}
    for moment in play(Scenario.from_dict({**TINY, "rewiring": rule}), seed=2):
        (reading,) = Rewirings().measure(moment)
        who = 30 if drop == "nobody" else int((moment.world.follows.degree > 0).sum())
        assert reading.values[0] == pytest.approx(who * moment.step / moment.world.follows.n_arcs)


def test_nothing_changed_is_0_and_no_ties_are_undefined():
    moment = next(play(Scenario.from_dict(TINY)))
    assert Rewirings().measure(moment)[0].values[0] == 0
    moment = next(play(Scenario.from_dict({**TINY, "network": "none"})))
    assert np.isnan(Rewirings().measure(moment)[0].values[0])
