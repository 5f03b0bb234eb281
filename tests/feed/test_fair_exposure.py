from collections import Counter
from types import SimpleNamespace

import numpy as np
import pytest
from scipy.stats import chisquare

from cocoonsim.core.follows import Follows
from cocoonsim.core.history import History
from cocoonsim.core.world import World, content, people
from cocoonsim.feed.fair_exposure import FairExposure, drawn_groups

N = 6000
GROUP = np.repeat([0, 3, 7], [20, 12, 8])  # shares 0.5, 0.3 and 0.2 of 40 items
SCORES = np.where(GROUP == 0, 2.0, np.where(GROUP == 3, 1.0, 0.0)) + np.random.default_rng(1).random((N, 40)) / 2


def world_of(n_users=N, **columns):
    return World(0, people(np.ones((n_users, 1))), content(np.ones((40, 1)), **columns), Follows.none(n_users))


def counts_at(feeds, place):
    return np.array([(GROUP[feeds[:, place]] == one).sum() for one in (0, 3, 7)])


@pytest.mark.parametrize("target", [(0.5, 0.3, 0.2), (0.55, 0.05, 0.4), (1.0, 0.0, 0.0)])
@pytest.mark.parametrize("slate", [1, 4, 7, 10])
def test_every_place_has_the_target_and_every_feed_nearly(target, slate):
    """Over all values of the random number, evenly taken: the mean is the expectation."""
    n = 100_000
    drawn = drawn_groups(np.array(target), (np.arange(n) + 0.5) / n, slate)
    for group, share in enumerate(target):
        assert (drawn == group).mean(axis=0) == pytest.approx(np.full(slate, share), abs=3e-5)
        held = (drawn == group).sum(axis=1)
        assert held.min() >= np.floor(share * slate - 1e-9)
        assert held.max() <= np.ceil(share * slate + 1e-9)


@pytest.mark.parametrize("target", ["pool", "equal"])
def test_groups_have_their_share_of_every_place_whatever_the_scores(fill, target):
    feeds = fill(FairExposure(target=target), SCORES, 6, world=world_of(group=GROUP))
    share = np.array([0.5, 0.3, 0.2]) if target == "pool" else np.full(3, 1 / 3)
    for place in range(6):
        assert chisquare(counts_at(feeds, place), N * share).pvalue > 1e-3
    for user in range(0, N, 40):
        for one in (0, 3, 7):
            mine = [i for i in feeds[user] if GROUP[i] == one]
            best = sorted(np.flatnonzero(one == GROUP), key=lambda i, u=user: -SCORES[u, i])
            assert mine == best[: len(mine)]


def test_merit_is_the_share_of_click_rates(fill):
    history = History(N, 1, 40)
    history.item_shown[:] = 100
    history.item_clicks[:] = np.where(GROUP == 0, 10, np.where(GROUP == 3, 20, 60))
    # with a prior of next to nothing, rates 0.1, 0.2, 0.6 times 20, 12, 8 items: 2, 2.4 and 4.8
    rule = FairExposure(target="merit", prior=1e-9)
    feeds = fill(rule, SCORES, 5, world=world_of(group=GROUP), history=history)
    for place in range(5):
        assert chisquare(counts_at(feeds, place), N * np.array([2.0, 2.4, 4.8]) / 9.2).pvalue > 1e-3
    # before any click there is no merit to tell apart
    feeds = fill(rule, SCORES, 5, world=world_of(group=GROUP))
    assert chisquare(counts_at(feeds, 0), N * np.array([0.5, 0.3, 0.2])).pvalue > 1e-3


def test_merit_with_a_prior(fill):
    history = History(N, 1, 40)
    history.item_shown[:20], history.item_clicks[:20] = (
        40,
        10,
    )  # group 0: 200 of 800 views clicked, the others never shown
    # rates: (10 + 10 x 0.25) / 50 = 0.25 for all: merit is the share of the pool
    feeds = fill(FairExposure(target="merit"), SCORES, 5, world=world_of(group=GROUP), history=history)
    assert chisquare(counts_at(feeds, 2), N * np.array([0.5, 0.3, 0.2])).pvalue > 1e-3


def test_one_group_against_all_others(fill):
    feeds = fill(FairExposure(group=7, target="share", part=0.6), SCORES, 5, world=world_of(group=GROUP))
    held = (GROUP[feeds] == 7).sum(axis=1)
    assert set(held.tolist()) == {3}  # 0.6 x 5 in every single feed
    for place in range(5):
        taken = (GROUP[feeds[:, place]] == 7).sum()
        assert abs(taken - N * 0.6) < 4 * np.sqrt(N * 0.24)
    assert (GROUP[feeds[GROUP[feeds] != 7]] == 0).all()  # the best of the others are all of group 0


def test_items_that_are_gone_do_not_count(fill):
    lifespan = np.where(np.arange(40) < 10, 1, 9)
    world = World(
        1, people(np.ones((N, 1))), content(np.ones((40, 1)), group=GROUP, lifespan=lifespan), Follows.none(N)
    )
    scores = np.where(np.arange(40) < 10, -np.inf, SCORES)
    feeds = fill(FairExposure(), scores, 4, world=world)
    assert chisquare(counts_at(feeds, 0), N * np.array([10, 12, 8]) / 30).pvalue > 1e-3


def test_who_runs_out_leaves_the_place_to_the_best(fill):
    scores = np.full((200, 40), -np.inf)
    scores[:, [0, 1, 2, 20, 32]] = [5, 4, 3, 2, 1]
    feeds = fill(FairExposure(target="equal"), scores, 7, world=world_of(200, group=GROUP))
    assert (np.sort(feeds[:, :5], axis=1) == [0, 1, 2, 20, 32]).all()
    assert (feeds[:, 5:] == -1).all()
    order = Counter(tuple(i for i in feed if i in (0, 1, 2)) for feed in feeds.tolist())
    assert set(order) == {(0, 1, 2)}


def test_groups_by_topic(fill):
    topics = np.eye(3)[np.repeat([0, 1, 2], [20, 12, 8])]
    by_topic = World(0, people(np.ones((N, 3)) / 3), content(topics), Follows.none(N))
    same = fill(FairExposure(by="topic"), SCORES, 6, world=by_topic)
    assert (same == fill(FairExposure(), SCORES, 6, world=world_of(group=GROUP))).all()


def test_bad_settings_are_refused():
    assert FairExposure(target="share").problems() == [
        ("group", "target: share is the share of one group. Say which, or use another target")
    ]
    assert FairExposure(target="share", group=1).problems() == []

    def misfit(rule, group):
        world = SimpleNamespace(items=content(np.ones((len(group), 1)), group=group))
        return rule.misfits(world, 10)

    one = "by = group, but all items are of one group. Use a catalogue with more of them"
    assert misfit(FairExposure(), np.zeros(5)) == [("by", one)]
    many = "by = group makes 65 groups, which is too many. Use at most 64, or one `group`"
    assert misfit(FairExposure(), np.arange(65)) == [("by", many)]
    assert misfit(FairExposure(group=4), np.arange(65)) == []
    nobody = "group = 5, but no item is of that group. Use one that items have"
    assert misfit(FairExposure(group=5), np.arange(3)) == [("group", nobody)]
