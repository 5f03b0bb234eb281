from math import log, sqrt

import numpy as np
import pytest

from cocoonsim.core.follows import Follows
from cocoonsim.core.history import History
from cocoonsim.core.world import World, content, people
from cocoonsim.feed.top import Top
from cocoonsim.feed.ucb import Ucb


def shown(*views, n_users=1):
    history = History(n_users, 1, len(views))
    history.item_shown[:] = views
    return history


@pytest.mark.parametrize("exploration", [0.1, 1.0, 3.0])
@pytest.mark.parametrize("head_start", [0.0, 2.5])
def test_same_order_as_the_formula(fill, exploration, head_start):
    """Auer et al. (2002), figure 1: the mean plus sqrt(2 ln n / n_j)."""
    rng = np.random.default_rng(3)
    views = rng.integers(1, 60, 20)
    scores = rng.random((15, 20)).astype(np.float32)
    feeds = fill(Ucb(exploration=exploration, head_start=head_start), scores, 7, history=shown(*views, n_users=15))
    for user in range(15):
        value = [
            float(scores[user, i]) + exploration * sqrt(2 * log(views.sum()) / (views[i] + head_start))
            for i in range(20)
        ]
        assert feeds[user].tolist() == sorted(range(20), key=lambda i: -value[i])[:7]


def test_by_hand(fill):
    # N = 20: bonuses sqrt(2 ln 20 / n) = 0.632 for n = 15 and 1.224 for n = 4, 2.448 for n = 1
    history = shown(15, 4, 1)
    assert fill(Ucb(), [[0.9, 0.2, 0.0]], 3, history=history).tolist() == [[2, 0, 1]]
    assert fill(Ucb(exploration=0.1), [[0.9, 0.2, 0.0]], 3, history=history).tolist() == [[0, 1, 2]]


def test_what_was_never_shown_comes_first(fill):
    scores = np.tile([0.9, 0.5, 0.0, -np.inf], (200, 1))
    history = shown(10, 0, 0, 0, n_users=200)
    feeds = fill(Ucb(), scores, 4, history=history)
    assert (np.sort(feeds[:, :2], axis=1) == [1, 2]).all()
    assert (feeds[:, 2:] == [0, -1]).all()
    # 200 tosses between the two: 100, give or take 4 standard deviations of 7
    assert abs((feeds[:, 0] == 1).sum() - 100) < 4 * 7.1
    # with a head start of 10: 0.9 + sqrt(2 ln 10 / 20) = 1.38; 0.5 + sqrt(2 ln 10 / 10) = 1.18
    assert (fill(Ucb(head_start=10.0), scores, 4, history=history) == [0, 1, 2, -1]).all()


def test_scores_alone_before_anything_was_shown_or_without_exploration(fill):
    scores = np.random.default_rng(1).random((30, 12))
    top = fill(Top(), scores, 5)
    assert (fill(Ucb(head_start=1.0), scores, 5) == top).all()
    assert (fill(Ucb(exploration=0.0), scores, 5, history=shown(*range(12), n_users=30)) == top).all()


def test_views_of_items_that_are_gone_do_not_count(fill):
    gone = content(np.ones((3, 1)), lifespan=np.array([9, 9, 1]))
    world = World(1, people(np.ones((1, 1))), gone, Follows.none(1))
    # N = 2 + 1 = 3, not 1003: bonuses 1.05 and 1.48 leave the better score ahead; ln 1003 would make them 2.63 and 3.72
    feed = fill(Ucb(), [[0.6, 0.0, -np.inf]], 2, world=world, history=shown(2, 1, 1000))
    assert feed.tolist() == [[0, 1]]
