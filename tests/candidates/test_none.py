import numpy as np

from cocoonsim import Scenario, play
from cocoonsim.candidates.none import Nothing


def scenario(**parts):
    return Scenario.from_dict(
        {"steps": 5, "slate": 3, "population": {"kind": "uniform", "users": 40}, "catalogue": {"kind": "topic_mix", "items": 9}}
        | {"influence": {"kind": "pairwise", "tolerance": 0.5}} | parts
    )  # fmt: skip


def test_feeds_stay_empty_and_the_platform_learns_nothing():
    for moment in play(scenario(candidates="none", choice="accepts_all", ranking="popularity"), seed=1):
        assert (moment.feed == -1).all()
        assert moment.feed.shape == (40, 3)
        assert not moment.clicks.any()
    assert moment.history.shown.sum() == moment.history.item_shown.sum() == 0
    assert Nothing.shows_nothing


def test_people_who_mind_no_feed_become_what_they_become_with_one():
    *_, without = play(scenario(candidates="none"), seed=3)
    *_, with_feeds = play(scenario(), seed=3)
    assert (without.after.users.opinion == with_feeds.after.users.opinion).all()
    assert not np.array_equal(without.after.users.opinion, without.world.users.opinion)
