from itertools import combinations

import numpy as np
import pytest
from scipy.stats import chisquare

from cocoonsim.core.follows import Follows
from cocoonsim.core.world import World, content, people
from cocoonsim.feed.interleaved import Interleaved
from cocoonsim.feed.top import Top

N = 6000


def world_of(created, step=5, n_users=N):
    items = content(np.ones((len(created), 1)), created=np.array(created))
    return World(step, people(np.ones((n_users, 1))), items, Follows.none(n_users))


def test_new_items_stand_at_random_places_and_the_rest_by_score(fill):
    created = [0, 1, 2, 3, 4, 4, 5, 5, 5]
    scores = np.tile([6, 5, 4, 3, 2, 1, 9, 0, -3], (N, 1))
    feeds = fill(Interleaved(places=2), scores, 5, world=world_of(created))
    is_new = feeds >= 6
    assert (is_new.sum(axis=1) == 2).all()
    assert (feeds[~is_new].reshape(N, 3) == [0, 1, 2]).all()
    pairs = list(combinations(range(5), 2))  # every two of the five places alike
    seen = [(is_new[:, a] & is_new[:, b]).sum() for a, b in pairs]
    assert chisquare(seen).pvalue > 1e-3
    orders = feeds[is_new].reshape(N, 2)  # every ordered pair of the three new items alike, whatever their scores
    assert (
        chisquare([(orders == [a, b]).all(axis=1).sum() for a in (6, 7, 8) for b in (6, 7, 8) if a != b]).pvalue > 1e-3
    )


@pytest.mark.parametrize(
    ("places", "slate", "shown_new", "shown_old"),
    [(0, 4, 0, 4), (1, 4, 1, 3), (3, 4, 2, 2), (4, 4, 2, 2), (1, 7, 2, 5), (2, 9, 2, 5)],
)
def test_how_many_of_each(fill, places, slate, shown_new, shown_old):
    """Two new and five older items: the rest of the places falls to the other kind where one runs out."""
    created = [0, 0, 1, 1, 4, 5, 5]
    scores = np.tile([7, 6, 5, 4, 3, 2, 1], (300, 1))
    feeds = fill(Interleaved(places=places), scores, slate, world=world_of(created, n_users=300))
    assert ((feeds >= 5).sum(axis=1) == shown_new).all()
    assert (((feeds >= 0) & (feeds < 5)).sum(axis=1) == shown_old).all()
    assert (feeds[:, shown_new + shown_old :] == -1).all()
    for feed in feeds:
        old = [i for i in feed if 0 <= i < 5]
        assert old == list(range(len(old)))


def test_age(fill):
    created, scores = [0, 1, 2, 3, 4, 5], np.tile([6, 5, 4, 3, 2, 1], (200, 1))
    for age in (1, 2, 3):
        feeds = fill(Interleaved(places=6, age=age), scores, 3, world=world_of(created, n_users=200))
        new = {5 - back for back in range(age)}
        assert set(feeds[feeds >= 3].tolist()) == new
        assert ((feeds >= 6 - age).sum(axis=1) == age).all()


def test_nothing_new_is_top_and_forbidden_stays_forbidden(fill):
    scores = np.random.default_rng(1).random((30, 12))
    top = fill(Top(), scores, 5)
    old = world_of([0] * 12, n_users=30)
    assert (fill(Interleaved(), scores, 5, world=old) == top).all()
    assert (fill(Interleaved(places=0), scores, 5) == top).all()
    scores[:, 3] = -np.inf
    feeds = fill(Interleaved(places=5), scores, 12, world=world_of([5] * 12, n_users=30))
    assert not (feeds == 3).any()
    assert (np.sort(feeds, axis=1)[:, 1:] == [i for i in range(12) if i != 3]).all()
