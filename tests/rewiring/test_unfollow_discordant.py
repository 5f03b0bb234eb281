from collections import Counter

import numpy as np
import pytest
from scipy.stats import chisquare

from cocoonsim.core.chance import Dice
from cocoonsim.rewiring.unfollow_discordant import UnfollowDiscordant
from cocoonsim.testing import tiny_worlds


def test_who_disagrees_is_swapped_for_a_stranger(small):
    # user 0 follows 1 (agrees), 2 (disagrees); strangers are 3, 4, 5
    before = small.world([0.0, 0.1, 0.9, 0.0, 0.0, 0.0], [(0, 1), (0, 2), (1, 0)], tolerance=0.5)
    seen = Counter()
    for seed in range(600):
        after = small.ties(small.played(UnfollowDiscordant(chance=1.0), before, seed=seed))
        assert after[1] == {0}
        assert 1 in after[0]
        (stranger,) = after[0] - {1}
        seen[stranger] += 1
    assert set(seen) == {3, 4, 5}
    assert chisquare(list(seen.values())).pvalue > 1e-3


def test_each_discordant_followee_is_as_likely_to_go(small):
    before = small.world([0.0, 0.9, -0.9, 0.8, 0.1, 0.0], [(0, 1), (0, 2), (0, 3), (0, 4)], tolerance=0.5)
    gone = Counter()
    for seed in range(600):
        (left,) = {1, 2, 3, 4} - small.ties(small.played(UnfollowDiscordant(chance=1.0), before, seed=seed))[0]
        gone[left] += 1
    assert set(gone) == {1, 2, 3}
    assert chisquare(list(gone.values())).pvalue > 1e-3


def test_by_feed_the_poster_of_what_was_seen_goes(small):
    # user 1 holds a far opinion but posts nothing far; user 2's item 1 is far, and so is item 2 by user 3, a stranger
    before = small.world(
        [0.0, 0.9, 0.1, 0.0, 0.0], [(0, 1), (0, 2)], 0.5, author=[1, 2, 3, -1], stance=[0.2, 0.8, 0.9, -1.0]
    )
    rule = UnfollowDiscordant(chance=1.0, by="feed")
    for seed in range(20):
        assert small.ties(small.played(rule, before, [0], [[0, 1]], seed=seed))[0] in ({1, 3}, {1, 4})
        assert small.ties(small.played(rule, before, [0], [[0, -1]], seed=seed)) == small.ties(before)
        assert small.ties(small.played(rule, before, [0], [[2, 3]], seed=seed)) == small.ties(before)


def test_chance_and_who_is_online(small):
    n = 4000
    before = small.world(np.where(np.arange(n) % 2, 1.0, -1.0), [(u, (u + 1) % n) for u in range(n)], tolerance=0.5)
    moved = (small.played(UnfollowDiscordant(chance=0.25), before).follows.targets != before.follows.targets).sum()
    assert abs(moved - 1000) < 4 * np.sqrt(n * 0.25 * 0.75)
    offline = small.played(UnfollowDiscordant(chance=1.0), before, users=range(0, n, 2))
    assert all(offline.follows.of(u).tolist() == before.follows.of(u).tolist() for u in range(1, n, 2))
    assert small.played(UnfollowDiscordant(chance=0.0), before) is before


def test_agreement_and_following_everybody_keep_ties(small):
    before = small.world([0.2, 0.3, 0.1], [(0, 1), (1, 2), (2, 0)], tolerance=0.5)
    assert small.played(UnfollowDiscordant(chance=1.0), before) is before
    everybody = small.world([-1.0, 1.0, 1.0], [(0, 1), (0, 2)], tolerance=0.5)
    assert small.played(UnfollowDiscordant(chance=1.0), everybody) is everybody


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


# ---------------------------------------------------------------------------------------------------- whom to follow instead
def test_what_was_not_clicked_is_what_one_disagrees_with(small):
    """As many chances to go as messages: 1 posted one that was not clicked, 2 two, 3 one that was clicked."""
    before = small.world([0.0] * 6, [(0, 1), (0, 2), (0, 3)], author=[1, 2, 2, 3], stance=[0.0] * 4)
    gone = Counter()
    for seed in range(900):
        rule = UnfollowDiscordant(chance=1.0, by="clicks")
        after = small.played(rule, before, [0], [[0, 1, 2, 3]], [[False, False, False, True]], seed)
        gone.update({1, 2, 3} - small.ties(after)[0])
    assert set(gone) == {1, 2}
    assert chisquare([gone[1], gone[2]], [300, 600]).pvalue > 1e-3


def test_rules_to_follow_by_are_mixed_with_their_weights(small):
    """0 leaves 1; 2's friend 3 by friend_of_friend, 4 alike by follow_similar, or else a stranger."""
    before = small.world([0.0, 0.9, 0.1, 0.8, 0.05, 0.7, 0.6], [(0, 1), (0, 2), (2, 3)], tolerance=0.5)
    rule = UnfollowDiscordant(
        chance=1.0, follow=("friend_of_friend", {"kind": "follow_similar", "by": "opinion"}), weights=(1.0, 2.0)
    )
    found = Counter()
    for seed in range(900):
        (new,) = small.ties(small.played(rule, before, [0], seed=seed))[0] - {2}
        found[new] += 1
    assert set(found) == {3, 4}
    assert chisquare([found[3], found[4]], [300, 600]).pvalue > 1e-3
    nobody = small.world([0.0, 0.9, 0.8, 0.8], [(0, 1)], tolerance=0.5)
    strangers = {min(small.ties(small.played(rule, nobody, [0], seed=seed))[0]) for seed in range(30)}
    assert strangers == {2, 3}


@pytest.mark.parametrize(
    ("given", "place"),
    [
        ({"follow": [{"kind": "friend_of_friend", "chance": 0.5}]}, "follow.0.chance"),
        ({"follow": ["none"]}, "follow.0"),
        ({"follow": ["same_label"], "weights": [1.0, 2.0]}, "weights"),
        ({"start": 5, "stop": 5}, "stop"),
    ],
)
def test_settings_that_do_not_go_together(given, place):
    assert place in [name for name, _ in UnfollowDiscordant(**given).problems()]


def test_ties_end_one_by_one_the_likelier_the_further_apart(small):
    """Geschke et al.: chance x (1 - D^k / (d^k + D^k)); at the distance of the reach that is half the chance."""
    n = 3000
    opinion = np.zeros(2 * n)
    opinion[n:] = 0.3
    before = small.world(opinion, [(u, n + u) for u in range(n)], tolerance=0.3)
    rule = UnfollowDiscordant(by="distance", chance=0.6, sharpness=20.0, tolerance=0.3)
    moved = sum(after != n + u for u, after in enumerate(small.played(rule, before).follows.targets.tolist()))
    assert abs(moved - 0.3 * n) < 4 * np.sqrt(n * 0.3 * 0.7)
    near = UnfollowDiscordant(by="distance", chance=1.0, sharpness=20.0, tolerance=1.0)
    assert small.played(near, before) is before  # .3^20 is nothing


def test_friendships_end_and_begin_on_both_sides(small):
    rng = np.random.default_rng(3)
    pairs = {(u, v) for u, v in rng.integers(0, 30, (120, 2)).tolist() if u < v}
    before = small.world(rng.uniform(-1, 1, 30), [*pairs, *((v, u) for u, v in pairs)])
    rule = UnfollowDiscordant(by="distance", chance=1.0, tolerance=0.3, mutual=True, follow=("friend_of_friend",))
    after = small.played(rule, before)
    arcs = {(u, v) for u, friends in small.ties(after).items() for v in friends}
    assert arcs == {(v, u) for u, v in arcs}
    assert len(arcs) == 2 * len(pairs)
    kept = sum((u, v) in arcs for u, v in pairs if abs(before.users.opinion[u, 0] - before.users.opinion[v, 0]) < 0.1)
    assert kept == sum(abs(before.users.opinion[u, 0] - before.users.opinion[v, 0]) < 0.1 for u, v in pairs)
    assert len(arcs - {(u, v) for u, friends in small.ties(before).items() for v in friends}) > 50
