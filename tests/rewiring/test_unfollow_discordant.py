from collections import Counter

import numpy as np
import pytest
from scipy.stats import chisquare

from cocoonsim.core.chance import Dice
from cocoonsim.core.follows import Follows
from cocoonsim.core.world import World, content, people
from cocoonsim.rewiring.unfollow_discordant import UnfollowDiscordant
from cocoonsim.testing import tiny_worlds


def world(opinion, arcs, tolerance=1.0, author=(), stance=()):
    n = len(opinion)
    users = people(np.ones((n, 1)), opinion=np.array(opinion, float), tolerance=np.full(n, tolerance))
    items = content(np.ones((max(len(author), 1), 1)))
    if author:
        items = content(np.ones((len(author), 1)), author=np.array(author), stance=np.array(stance, float))
    sources, targets = np.array(arcs).T
    return World(0, users, items, Follows.from_arcs(n, sources, targets))


def ties(world):
    return {user: set(world.follows.of(user).tolist()) for user in range(world.n_users)}


def played(rule, world, users=None, feed=None, seed=1):
    users = np.arange(world.n_users) if users is None else np.array(users)
    feed = np.full((len(users), 2), -1, np.int32) if feed is None else np.array(feed, np.int32)
    return rule.update(world, users, feed, np.zeros(feed.shape, bool), Dice(seed, 0))


def test_who_disagrees_is_swapped_for_a_stranger():
    # user 0 follows 1 (agrees), 2 (disagrees); strangers are 3, 4, 5
    before = world([0.0, 0.1, 0.9, 0.0, 0.0, 0.0], [(0, 1), (0, 2), (1, 0)], tolerance=0.5)
    seen = Counter()
    for seed in range(600):
        after = ties(played(UnfollowDiscordant(chance=1.0), before, seed=seed))
        assert after[1] == {0}
        assert 1 in after[0]
        (stranger,) = after[0] - {1}
        seen[stranger] += 1
    assert set(seen) == {3, 4, 5}
    assert chisquare(list(seen.values())).pvalue > 1e-3


def test_each_discordant_followee_is_as_likely_to_go():
    before = world([0.0, 0.9, -0.9, 0.8, 0.1, 0.0], [(0, 1), (0, 2), (0, 3), (0, 4)], tolerance=0.5)
    gone = Counter()
    for seed in range(600):
        (left,) = {1, 2, 3, 4} - ties(played(UnfollowDiscordant(chance=1.0), before, seed=seed))[0]
        gone[left] += 1
    assert set(gone) == {1, 2, 3}
    assert chisquare(list(gone.values())).pvalue > 1e-3


def test_by_feed_the_poster_of_what_was_seen_goes():
    # user 1 holds a far opinion but posts nothing far; user 2's item 1 is far, and so is item 2 by user 3, a stranger
    before = world([0.0, 0.9, 0.1, 0.0, 0.0], [(0, 1), (0, 2)], 0.5, author=[1, 2, 3, -1], stance=[0.2, 0.8, 0.9, -1.0])
    rule = UnfollowDiscordant(chance=1.0, by="feed")
    for seed in range(20):
        assert ties(played(rule, before, [0], [[0, 1]], seed))[0] in ({1, 3}, {1, 4})
        assert ties(played(rule, before, [0], [[0, -1]], seed)) == ties(before)
        assert ties(played(rule, before, [0], [[2, 3]], seed)) == ties(before)


def test_chance_and_who_is_online():
    n = 4000
    before = world(np.where(np.arange(n) % 2, 1.0, -1.0), [(u, (u + 1) % n) for u in range(n)], tolerance=0.5)
    moved = (played(UnfollowDiscordant(chance=0.25), before).follows.targets != before.follows.targets).sum()
    assert abs(moved - 1000) < 4 * np.sqrt(n * 0.25 * 0.75)
    offline = played(UnfollowDiscordant(chance=1.0), before, users=range(0, n, 2))
    assert all(offline.follows.of(u).tolist() == before.follows.of(u).tolist() for u in range(1, n, 2))
    assert played(UnfollowDiscordant(chance=0.0), before) is before


def test_agreement_and_following_everybody_keep_ties():
    before = world([0.2, 0.3, 0.1], [(0, 1), (1, 2), (2, 0)], tolerance=0.5)
    assert played(UnfollowDiscordant(chance=1.0), before) is before
    everybody = world([-1.0, 1.0, 1.0], [(0, 1), (0, 2)], tolerance=0.5)
    assert played(UnfollowDiscordant(chance=1.0), everybody) is everybody


@pytest.mark.parametrize("tolerance", [0.0, 0.3])
def test_only_discordant_go_only_strangers_come_and_degrees_stay(tolerance):
    rule = UnfollowDiscordant(chance=1.0, tolerance=tolerance)
    for tiny in tiny_worlds():
        before, changed = tiny.world, 0
        for step in range(10):
            after = rule.update(before, tiny.users, tiny.feed, tiny.clicks, Dice(3, step))
            for user in tiny.users:
                old, new = before.follows.of(user), after.follows.of(user)
                assert (np.diff(new) > 0).all()  # sorted, no double
                assert len(new) == len(old)
                assert user not in new
                gone = set(old.tolist()) - set(new.tolist())
                reach = tolerance or before.users.tolerance[user]
                far = [o for o in old if abs(before.users.opinion[o, 0] - before.users.opinion[user, 0]) >= reach]
                assert len(gone) == (1 if far and len(old) < 47 else 0)
                assert gone <= set(far)
                changed += len(gone)
            before = after
        assert changed > 0 or tiny.name in ("monoculture", "two_camps")
