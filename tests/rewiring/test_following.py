"""Whom people follow next, rule by rule: small worlds in which it can be read off who may be found."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import chisquare

from cocoonsim import Scenario, play
from cocoonsim.core.chance import Dice
from cocoonsim.core.errors import UserError
from cocoonsim.core.follows import Follows
from cocoonsim.rewiring._changes import one_of, strangers
from cocoonsim.rewiring.cross_group_links import CrossGroupLinks
from cocoonsim.rewiring.follow_originator import FollowOriginator
from cocoonsim.rewiring.follow_similar import FollowSimilar
from cocoonsim.rewiring.follow_stranger import FollowStranger
from cocoonsim.rewiring.friend_of_friend import FriendOfFriend
from cocoonsim.rewiring.same_label import SameLabel
from cocoonsim.testing import tiny_worlds

ALWAYS = {"chance": 1.0}


def found(small, rule, world, times=400, **more):
    """How often each person was found by user 0."""
    seen = Counter()
    for seed in range(times):
        new = small.ties(small.played(rule, world, [0], seed=seed, **more))[0] - small.ties(world)[0]
        assert len(new) <= 1
        seen[next(iter(new), None)] += 1
    return seen


def evenly(seen, expected):
    return set(seen) == set(expected) and chisquare(list(seen.values())).pvalue > 1e-3


def test_a_friend_of_friends(small):
    # 0 follows 1 and 2; they follow 3 (both), 4, and 0 itself; 5 is nobody's friend
    world = small.world([0.0] * 6, [(0, 1), (0, 2), (1, 3), (2, 3), (1, 4), (2, 0), (1, 2)])
    assert evenly(found(small, FriendOfFriend(**ALWAYS), world), {3, 4})
    by_paths = found(small, FriendOfFriend(**ALWAYS, by_paths=True), world, 900)
    assert set(by_paths) == {3, 4}
    assert chisquare([by_paths[3], by_paths[4]], [600, 300]).pvalue > 1e-3


def test_a_stranger_where_no_friend_has_a_friend(small):
    world = small.world([0.0] * 5, [(0, 1), (0, 2)])
    assert found(small, FriendOfFriend(**ALWAYS), world, 20) == {None: 20}
    assert evenly(found(small, FriendOfFriend(**ALWAYS, otherwise="stranger"), world), {3, 4})


def test_an_originator_of_what_was_clicked(small):
    # item 0: a post of 1 (followed); 1: made by 3, passed on by 1; 2: made by 4, not clicked; 3: made by 0 itself
    world = small.world([0.0] * 6, [(0, 1), (0, 2)], author=[1, 1, 2, 2], originator=[1, 3, 4, 0], stance=[0.0] * 4)
    feed, clicks = [[0, 1, 2, 3]], [[True, True, False, True]]
    assert found(small, FollowOriginator(**ALWAYS), world, 20, feed=feed, clicks=clicks) == {3: 20}
    both = [[True, True, True, True]]
    assert evenly(found(small, FollowOriginator(**ALWAYS), world, feed=feed, clicks=both), {3, 4})


def test_who_says_what_one_said_last(small):
    # 0 said 0.9 and then 0.1; within .3 of that lie 3 (twice) and 4 (once), while 5 is too far and 1 is followed
    world = small.world(
        [0.9] * 6, [(0, 1)], 0.3, author=[0, 3, 3, 5, 0, 4, 1], stance=[0.9, 0.2, 0.0, 0.4000001, 0.1, 0.1, 0.1]
    )
    seen = found(small, FollowSimilar(**ALWAYS), world, 900)
    assert set(seen) == {3, 4}
    assert chisquare([seen[3], seen[4]], [600, 300]).pvalue > 1e-3
    silent = small.world([0.9] * 4, [(0, 1)], 0.3, author=[2, 3], stance=[0.9, 0.9])
    assert found(small, FollowSimilar(**ALWAYS), silent, 20) == {None: 20}


def test_who_thinks_alike(small):
    world = small.world([0.0, 0.1, 0.2, -0.2, 0.4], [(0, 1), (1, 4)], tolerance=0.3)
    assert evenly(found(small, FollowSimilar(**ALWAYS, by="opinion"), world), {2, 3})
    assert set(found(small, FollowSimilar(**ALWAYS, by="opinion", tolerance=0.41), world)) == {2, 3, 4}


def test_one_of_the_own_group_or_of_another(small):
    group = [1, 0, 1, 2, 1, 0, 1]
    world = small.world([0.0] * 7, [(0, 1), (0, 2)], group=group)
    assert evenly(found(small, SameLabel(**ALWAYS), world), {4, 6})
    assert evenly(found(small, CrossGroupLinks(**ALWAYS), world), {3, 5})
    alone = small.world([0.0] * 3, [(0, 1)], group=[1, 0, 0])
    assert found(small, SameLabel(**ALWAYS), alone, 20) == {None: 20}
    assert found(small, CrossGroupLinks(**ALWAYS), alone, 20) == {2: 20}


def test_a_stranger(small):
    world = small.world([0.0] * 6, [(0, 1), (0, 2)])
    assert evenly(found(small, FollowStranger(**ALWAYS), world), {3, 4, 5})
    everybody = small.world([0.0] * 3, [(0, 1), (0, 2)])
    assert small.played(FollowStranger(**ALWAYS), everybody) is everybody


def test_the_group_rules_agree_with_a_naive_count():
    """On tiny worlds: whoever is found is of the right group and new; nobody is found only where nobody is left."""
    tried = 0
    for tiny in tiny_worlds("melting_pot", "two_camps", "lonely_user"):
        group, follows = tiny.world.users.group, tiny.world.follows
        for rule, right in ((SameLabel(), True), (CrossGroupLinks(), False)):
            whom = rule.whom(tiny.world, tiny.users, tiny.feed, tiny.clicks, tiny.dice, None)
            for user, person in zip(tiny.users, whom, strict=True):
                left = {v for v in range(tiny.world.n_users) if (group[v] == group[user]) == right and v != user}
                left -= set(follows.of(user).tolist())
                assert (person in left) if left else person == -1
                tried += 1
    assert tried == 2 * 3 * 48


def test_drawing_one_of_some_people():
    follows = Follows.from_arcs(5, np.array([0, 2]), np.array([1, 3]))
    users = np.array([0, 2, 4])
    row, person = np.array([0, 0, 1, 1, 2]), np.array([1, 4, 2, 3, -1])
    drawn = one_of(row, person, follows, users, Dice(1, 0), distinct=True)
    assert drawn.tolist() == [4, -1, -1]  # 1 is followed already; 2 is oneself, 3 followed; -1 is nobody
    assert set(strangers(follows, users, Dice(1, 0)).tolist()) <= set(range(5))


@pytest.mark.parametrize("drop", ["anybody", "nobody"])
def test_the_new_tie_is_in_exchange_or_on_top(small, drop):
    world = small.world([0.0] * 8, [(0, 1), (0, 2), (0, 3)])
    gone = Counter()
    for seed in range(300):
        after = small.ties(small.played(FollowStranger(chance=1.0, drop=drop), world, [0], seed=seed))[0]
        assert len(after) == (3 if drop == "anybody" else 4)
        gone.update({1, 2, 3} - after)
    assert (evenly(gone, {1, 2, 3})) if drop == "anybody" else not gone


POSTS = {
    "steps": 2, "slate": 3, "population": {"kind": "uniform", "users": 30},
    "network": {"kind": "erdos_renyi", "degree": 4, "exact": True}, "candidates": "followed", "choice": "accepts_all",
    "rewiring": {"kind": "unfollow_discordant", "by": "clicks", "follow": ["follow_originator", "follow_similar"]},
}  # fmt: skip


def test_posts_of_the_run_are_items_with_authors():
    """A rule that needs authors fits a catalogue without any when people post; else it is refused before the run."""
    for moment in play(Scenario.from_dict({**POSTS, "publishing": "user_posts"})):
        assert moment.after.follows.n_arcs == 120
    with pytest.raises(UserError, match="follow_originator needs items with authors"):
        next(play(Scenario.from_dict(POSTS)))


def test_whoever_is_new_is_noted(small):
    world = small.world([0.0] * 6, [(0, 1), (0, 2), (1, 2)])
    after = small.played(FollowStranger(**ALWAYS), world, [0])
    (new,) = small.ties(after)[0] - {1, 2}
    assert after.users["newest"].tolist() == [new, -1, -1, -1, -1, -1]
    assert after.users["rewired"].tolist() == [1, 0, 0, 0, 0, 0]
    again = small.played(FollowStranger(**ALWAYS), after, [0, 1], seed=9)
    assert again.users["rewired"].tolist() == [2, 1, 0, 0, 0, 0]


def test_weighted_ties_take_no_more(small):
    world = small.world([0.0] * 4, [(0, 1), (0, 2)])
    follows = Follows(world.follows.starts, world.follows.targets, np.array([0.3, 0.7]))
    heavy = replace(world, follows=follows)
    assert FollowStranger(drop="nobody").misfits(heavy, 1)[0][0] == "drop"
    assert FollowStranger(mutual=True).misfits(heavy, 1)[0][0] == "mutual"
    assert not FollowStranger().misfits(heavy, 1)
