from collections import Counter

import numpy as np
import pytest
from scipy.stats import chisquare

from cocoonsim.candidates.followed import Followed
from cocoonsim.core.chance import Dice
from cocoonsim.testing import tiny_worlds


def offered(source, view, user, step=5, seed=1):
    row = source.offer(view, np.array([user]), Dice(seed, step))[0]
    return row[row >= 0].tolist()


def test_newest_items_by_followees_come_first(platform):
    view = platform(
        4, 7, step=5, arcs=[(0, 1), (0, 2), (1, 3)], author=[1, 2, 1, 3, 2, 1, 0], created=[0, 1, 2, 3, 4, 6, 5]
    )
    assert offered(Followed(last=9), view, 0) == [4, 2, 1, 0]  # item 5 is not out yet, 6 is the user's own
    assert offered(Followed(last=2), view, 0) == [4, 2]
    assert offered(Followed(), view, 1) == [3]
    assert offered(Followed(), view, 2) == []  # follows nobody
    both = Followed(last=9).offer(view, np.array([1, 0]), Dice(1, 5))
    assert both.tolist() == [[3, -1, -1, -1], [4, 2, 1, 0]]


def test_items_past_their_life_are_left_out(platform):
    view = platform(2, 3, step=5, arcs=[(0, 1)], author=[1, 1, 1], created=[0, 3, 4], lifespan=[99, 2, 99])
    assert offered(Followed(), view, 0) == [2, 0]


def test_own_content_does_not_come_back_unless_wanted(platform):
    view = platform(2, 2, step=5, arcs=[(0, 1)], author=[1, 1], originator=[0, 1], created=[4, 3])
    assert offered(Followed(), view, 0) == [1]
    assert offered(Followed(returning=True), view, 0) == [0, 1]


def test_only_what_is_unread_if_so_wanted(platform):
    view = platform(
        3, 3, step=5, arcs=[(0, 1), (2, 1)], author=[1, 1, 1], created=[2, 4, 3],
        seen=[(0, 1, False), (1, 0, True), (2, 2, True)],
    )  # fmt: skip
    assert offered(Followed(), view, 0) == [1, 2, 0]
    assert offered(Followed(unread=True), view, 0) == [2, 0]
    assert Followed(unread=True).offer(view, np.array([0, 2]), Dice(1, 5)).tolist() == [[2, 0], [1, 0]]
    long_ago = [(0, item, True) for item in [1] + [2] * 10]  # the log of exposures holds ten
    view = platform(2, 3, step=5, arcs=[(0, 1)], author=[1, 1, 1], created=[2, 4, 3], seen=long_ago)
    assert offered(Followed(unread=True), view, 0) == [1, 0]


def test_of_items_of_one_age_each_is_as_likely_to_make_it(platform):
    # one author with six items of the same age and two older ones: two of the six are drawn, whatever their ids
    view = platform(2, 8, step=5, arcs=[(0, 1)], author=[1] * 8, created=[4, 4, 1, 4, 4, 1, 4, 4])
    drawn = Counter(item for seed in range(600) for item in offered(Followed(last=2), view, 0, seed=seed))
    assert set(drawn) == {0, 1, 3, 4, 6, 7}
    assert chisquare(list(drawn.values())).pvalue > 1e-3


def test_without_authors_the_clicks_of_followees_are_passed_on(platform):
    seen = [(1, 0, True), (1, 1, False), (1, 2, True), (2, 3, True), (2, 2, True), (3, 4, True)]
    view = platform(4, 5, arcs=[(0, 1), (0, 2), (1, 2)], seen=seen)
    # latest clicks: user 1 item 2 then 0, user 2 item 2 then 3
    assert offered(Followed(last=1), view, 0) == [2]
    three = offered(Followed(last=3), view, 0)
    assert three[0] == 2
    assert sorted(three[1:]) == [0, 3]
    assert offered(Followed(), view, 1) == [2, 3]
    assert offered(Followed(), view, 3) == []


@pytest.mark.parametrize("last", [1, 3, 100])
def test_same_as_a_plain_loop_over_followees(last):
    for tiny in tiny_worlds():
        view, items = tiny.platform, tiny.world.items
        offer = Followed(last=last).offer(view, tiny.users, tiny.dice)
        for user in tiny.users:
            followees = set(tiny.world.follows.of(user).tolist())
            mine = [int(i) for i in view.live if items.author[i] in followees and items.originator[i] != user]
            ages = sorted(-int(items.created[i]) for i in mine)[:last]
            got = [int(i) for i in offer[user] if i >= 0]
            assert set(got) <= set(mine)
            assert len(set(got)) == len(got)
            assert [-int(items.created[i]) for i in got] == ages
