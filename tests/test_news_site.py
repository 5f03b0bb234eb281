"""The news site: a page for all keeps people together, a page for each does not."""

from pathlib import Path

import numpy as np

from cocoonsim import Scenario, play
from cocoonsim.metrics.user_overlap import UserOverlap

FILE = Path(__file__).parents[1] / "scenarios" / "news_site.yaml"


def test_common_ground_is_lost_where_each_has_a_page_of_their_own() -> None:
    scenario = Scenario.from_file(FILE, ["population.users=200", "steps=15"])
    overlap, pool = {}, set()
    for name, arm in scenario.arms().items():
        found = []
        for moment in play(arm, seed=1):
            (reading,) = UserOverlap().measure(moment)
            found.append(reading.values[0])
            pool.add(len(moment.live))
            central = np.flatnonzero((moment.world.items.created == moment.step) & (moment.world.items.turn == 1))
            assert len(central) == 3  # the lead stories, after the releases
            assert moment.world.items.quality[central].min() > moment.world.items.quality[moment.live].mean()
        overlap[name] = np.mean(found[5:])
    assert overlap["front page for all"] > 0.95  # one order for all; only near ties in quality are broken at random
    assert overlap["one for each"] < 0.3 < overlap["most clicked"]
    assert overlap["one for each"] < overlap["half and half"]
    assert pool == {153, 156}  # 5 x 30 releases, and the lead stories of one step, then of two
