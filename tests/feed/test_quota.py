from types import SimpleNamespace

import numpy as np
import pytest

from cocoonsim.core.follows import Follows
from cocoonsim.core.history import History
from cocoonsim.core.world import World, content, people
from cocoonsim.feed.quota import Quota
from cocoonsim.testing import tiny_worlds
from cocoonsim.testing.scoring import Table
from cocoonsim.testing.scoring import fill as fill_tiny

SLATE = 6


def table(tiny):
    live = tiny.platform.live
    return Table(live, tiny.dice.pairs("scores of the test", tiny.users, live))


def lies_outside(tiny, user, item, by):
    """The definition in the docstring, for one pair, in plain Python."""
    items, history = tiny.world.items, tiny.history
    if by == "group":
        return items.group[item] != tiny.world.users.group[user]
    if by == "topic":
        clicked = history.clicked_topics[user]
        return bool(clicked.any()) and items.topics[item].argmax() != clicked.argmax()
    seen = zip(history.recent[user], history.recent_clicked[user], strict=True)
    liked = [items.stance[i, 0] for i, click in seen if click]
    return items.stance[item, 0] * (np.mean(liked) if liked else 0.0) < 0


def naive_end(ranked, outside, quota):
    """The last of the usual items give way to the best of those from outside, one for one; the others stay where they are."""
    feed = ranked[:SLATE]
    reserves = [i for i in ranked[SLATE:] if outside[i]]
    missing = int(np.ceil(quota * SLATE - 1e-9)) - sum(outside[i] for i in feed)
    usual = [place for place in range(SLATE) if not outside[feed[place]]]
    entering = reserves[: max(missing, 0)]
    for place, item in zip(usual[len(usual) - len(entering) :], entering, strict=True):
        feed[place] = item
    return feed


def naive_spread(ranked, outside, quota):
    """At each place, the best of all, unless the first n places would hold too few from outside."""
    kept = int(np.ceil(quota * SLATE - 1e-9))
    left, feed = list(ranked), []
    for place in range(SLATE):
        due = int(kept * (place + 1) / SLATE + 1e-9)
        from_outside = [i for i in left if outside[i]]
        short = sum(outside[i] for i in feed) < due
        feed.append(from_outside[0] if short and from_outside else left[0])
        left.remove(feed[-1])
    return feed


@pytest.mark.parametrize("place", ["end", "spread"])
@pytest.mark.parametrize("by", ["topic", "stance", "group"])
@pytest.mark.parametrize("quota", [0.0, 0.34, 0.5, 1.0])
def test_same_feeds_as_the_rule_in_plain_python(quota, by, place):
    for tiny in tiny_worlds("two_camps", "lonely_user", "cold_start"):
        given = table(tiny)
        feeds = fill_tiny(Quota(quota=quota, by=by, place=place), tiny, given, SLATE)
        for user in tiny.users:
            ranked = given.items[np.argsort(-given.scores[user], kind="stable")].tolist()
            outside = {i: lies_outside(tiny, user, i, by) for i in ranked}
            naive = naive_spread if place == "spread" else naive_end
            assert feeds[user].tolist() == naive(ranked, outside, quota)


def test_by_hand(fill):
    # items 0 to 4 are of the user's own group, 5 to 9 of another; the better the smaller the id
    world = World(0, people(np.ones((1, 1))), content(np.ones((10, 1)), group=np.arange(10) // 5), Follows.none(1))
    scores = [np.arange(10, 0, -1)]
    feed = fill(Quota(quota=0.5, by="group"), scores, 4, world=world)
    assert feed.tolist() == [[0, 1, 5, 6]]
    feed = fill(Quota(quota=0.5, by="group", place="spread"), scores, 4, world=world)
    assert feed.tolist() == [[0, 5, 1, 6]]
    # two candidates are from outside, and three places are kept for such
    few = [[10, 9, 8, 7, 6, 5, 4, -np.inf, -np.inf, -np.inf]]
    assert fill(Quota(quota=0.75, by="group"), few, 4, world=world).tolist() == [[0, 1, 5, 6]]
    assert fill(Quota(quota=0.75, by="group", place="spread"), few, 4, world=world).tolist() == [[0, 5, 6, 1]]


@pytest.mark.parametrize("by", ["topic", "stance"])
def test_nothing_is_outside_before_the_first_click(fill, by):
    stance = np.array([-0.5, 0.5] * 3)
    world = World(0, people(np.ones((2, 2)) / 2), content(np.eye(2)[[0, 1] * 3], stance=stance), Follows.none(2))
    history = History(2, 2, 6)
    scores = np.tile(np.arange(6, 0, -1), (2, 1))
    assert (fill(Quota(quota=1.0, by=by), scores, 3, world=world, history=history) == [0, 1, 2]).all()


def test_refuses_a_catalogue_where_nothing_can_lie_outside():
    same = World(0, people(np.ones((1, 1))), content(np.ones((3, 1))), Follows.none(1))
    for by in ("topic", "stance", "group"):
        ((where, message),) = Quota(by=by).misfits(same, 5)
        assert where == "by"
        assert message == f"by = {by}, but all items have the same {by}. Use another, or a catalogue where they differ"
        assert Quota(by=by, quota=0.0).misfits(same, 5) == []
    items = content(np.eye(3), group=np.arange(3), stance=np.array([0.1, 0.2, -0.1]))
    for by in ("topic", "stance", "group"):
        assert Quota(by=by).misfits(SimpleNamespace(items=items), 5) == []
