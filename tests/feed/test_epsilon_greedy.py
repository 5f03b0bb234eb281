import numpy as np
import pytest
from scipy.stats import chisquare

from cocoonsim.feed.epsilon_greedy import EpsilonGreedy
from cocoonsim.feed.top import Top


def test_nothing_is_left_to_chance_at_zero(fill):
    scores = np.random.default_rng(1).random((30, 12))
    assert (fill(EpsilonGreedy(explore=0.0), scores, 5) == fill(Top(), scores, 5)).all()


@pytest.mark.parametrize("epsilon", [0.1, 0.5, 1.0])
def test_share_of_the_favourite(fill, epsilon):
    """One-item feeds, K = 20 candidates: the favourite is shown with chance 1 - epsilon + epsilon / K, others epsilon / K."""
    n, k = 20_000, 20
    shown = fill(EpsilonGreedy(explore=epsilon), np.tile(np.arange(k, 0, -1), (n, 1)), 1)[:, 0]
    expected = np.full(k, epsilon / k)
    expected[0] += 1 - epsilon
    assert chisquare(np.bincount(shown, minlength=k), n * expected).pvalue > 1e-3


def test_second_place_by_derivation(fill):
    """Two places, K candidates in the order 0, 1, ...: the chance that the feed is exactly (0, 1).

    First place: q = 1 - e + e/K. Second, item 0 gone: the best left with 1 - e, or item 1 by lot with e / (K - 1).
    """
    n, k, e = 20_000, 5, 0.4
    feeds = fill(EpsilonGreedy(explore=e), np.tile(np.arange(k, 0, -1), (n, 1)), 2)
    chance = (1 - e + e / k) * (1 - e + e / (k - 1))
    hits = ((feeds[:, 0] == 0) & (feeds[:, 1] == 1)).sum()
    assert abs(hits - n * chance) < 4 * np.sqrt(n * chance * (1 - chance))


def test_no_item_twice_and_all_are_shown_where_there_are_few(fill):
    scores = np.random.default_rng(3).random((200, 6))
    for slate in (5, 6, 8):
        feeds = fill(EpsilonGreedy(explore=0.5), scores, slate)
        assert all(len(set(row[row >= 0])) == min(slate, 6) for row in feeds)
        assert (feeds[:, 6:] == -1).all()
    scores[:, 3] = -np.inf
    assert not (fill(EpsilonGreedy(explore=1.0), scores, 6) == 3).any()


def test_tiles_do_not_matter(fill):
    scores = np.random.default_rng(4).random((30, 40))
    assert (fill(EpsilonGreedy(explore=0.5), scores, 5) == fill(EpsilonGreedy(explore=0.5), scores, 5, tile=7)).all()
