import numpy as np
import pytest

from cocoonsim import Scenario, play
from cocoonsim.candidates.unseen import Unseen
from cocoonsim.core.chance import Dice


@pytest.mark.parametrize(("what", "hidden"), [("shown", [[0, 1, 1], [1, 0, 0]]), ("clicked", [[0, 1, 0], [0, 0, 0]])])
def test_hides_what_was_had_before(platform, what, hidden):
    view = platform(2, 3, seen=[(0, 1, True), (0, 2, False), (1, 0, False)])
    source = Unseen(what=what)
    assert source.offer(view, np.arange(2), Dice(1, 0)).tolist() == [0, 1, 2]
    assert (source.hidden(view, np.arange(2)).toarray() > 0).astype(int).tolist() == hidden
    assert (source.hidden(view, np.array([1])).toarray() > 0).astype(int).tolist() == hidden[1:]


def test_nobody_is_shown_anything_twice_and_feeds_run_dry():
    scenario = Scenario.from_dict(
        {
            "steps": 4, "slate": 4, "population": {"kind": "uniform", "users": 12}, "candidates": "unseen",
            "catalogue": {"kind": "topic_mix", "items": 10, "topics": 3}, "ranking": "popularity",
        }
    )  # fmt: skip
    feeds = np.concatenate([moment.feed.copy() for moment in play(scenario)], axis=1)
    for row in feeds:
        assert sorted(row[:12][row[:12] >= 0]) == list(range(10))  # 4 + 4 + 2: each item once
    assert (feeds[:, 10:] == -1).all()  # everybody has had everything


def test_what_was_passed_over_may_come_back():
    scenario = Scenario.from_dict(
        {
            "steps": 6, "slate": 4, "population": {"kind": "uniform", "users": 30},
            "candidates": {"kind": "unseen", "what": "clicked"},
            "catalogue": {"kind": "topic_mix", "items": 10, "topics": 3}, "ranking": "shuffled",
        }
    )  # fmt: skip
    clicked, repeated = [set() for _ in range(30)], 0
    shown = [set() for _ in range(30)]
    for moment in play(scenario):
        for user, feed, clicks in zip(moment.users, moment.feed, moment.clicks, strict=True):
            assert not clicked[user] & set(feed.tolist())
            repeated += len(shown[user] & set(feed.tolist()))
            shown[user] |= set(feed.tolist())
            clicked[user] |= set(feed[clicks].tolist())
    assert repeated > 0


def test_gaps_keep_the_place_of_what_was_clicked():
    """Ranked by quality, everybody's feed is the same list with holes where they have clicked: who stands where is known."""
    settings = {
        "steps": 4, "slate": 10, "population": {"kind": "uniform", "users": 20}, "ranking": "quality",
        "catalogue": {"kind": "topic_mix", "items": 10, "topics": 3, "quality_spread": 1.0},
        "choice": {"kind": "bernoulli", "most": 0.5},
    }  # fmt: skip
    had = [set() for _ in range(20)]
    for moment in play(
        Scenario.from_dict(settings | {"candidates": {"kind": "unseen", "what": "clicked", "gaps": True}})
    ):
        order = np.argsort(-moment.world.items.quality)
        for user, feed, clicks in zip(moment.users, moment.feed, moment.clicks, strict=True):
            assert feed.tolist() == [-1 if item in had[user] else item for item in order.tolist()]
            had[user] |= set(feed[clicks].tolist())
    assert any(had)
