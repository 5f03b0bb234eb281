import numpy as np
import pytest

from cocoonsim import Scenario, play
from cocoonsim.interventions.chronological_hours import ChronologicalHours
from cocoonsim.testing.worlds import lonely_user


def run(*interventions, **parts):
    scenario = Scenario.from_dict(
        {
            "steps": 7, "slate": 4, "population": {"kind": "uniform", "users": 20}, "ranking": "content",
            "catalogue": {"kind": "topic_mix", "items": 40, "topics": 4}, "interventions": list(interventions), **parts,
        }
    )  # fmt: skip
    return [moment.feed.copy() for moment in play(scenario)]


def test_hours_come_round():
    measure = ChronologicalHours(start=3, stop=12, length=2, every=4)
    assert [step for step in range(20) if measure.active(step)] == [3, 4, 7, 8, 11]


@pytest.mark.parametrize("feed", ["top", "softmax", "epsilon_greedy", "maximal_marginal"])
def test_in_its_hours_the_feed_is_that_of_newest_first(feed):
    measure = {"kind": "chronological_hours", "length": 1, "every": 7}
    newest = run(ranking="newest")[0]
    assert (run(measure, feed=feed)[0] == newest).all()


def test_no_hours_no_change():
    plain = run()
    for none in ({"length": 0}, {"share": 0.0}, {"start": 7}, {"compliance": 0.0}):
        for one, other in zip(run({"kind": "chronological_hours", **none}), plain, strict=True):
            assert (one == other).all()


def test_newest_item_is_on_top_even_where_the_ranking_hides_it():
    tiny = lonely_user()
    view = tiny.view()
    created = tiny.world.items.created
    measure = ChronologicalHours(length=1, every=1)
    scores = np.where(np.arange(len(view.items)) % 3 == 0, -np.inf, -created[view.items].astype(float))
    scores = np.broadcast_to(scores.astype(np.float32), view.shape)
    (wanted,) = measure.shortlists(scores, view).values()
    assert (wanted[:, ::3] == -np.inf).all()  # what may not be shown stays hidden
    assert (np.delete(wanted, np.s_[::3], axis=1) == np.delete(created[view.items], np.s_[::3])).all()


def test_hours_longer_than_the_day_are_refused():
    assert ChronologicalHours(length=5, every=4).problems()[0][0] == "length"
    assert ChronologicalHours(length=4, every=4).problems() == []
