from collections import Counter
from itertools import permutations

import numpy as np
import pytest
from scipy.stats import chisquare

from cocoonsim.core.chance import Dice
from cocoonsim.feed.proportional import Proportional
from cocoonsim.feed.softmax import Softmax
from cocoonsim.testing.broken import BrokenPromise


@pytest.mark.parametrize("exponent", [0.0, 1.0, 2.0])
def test_feeds_are_successive_draws(fill, exponent):
    """The chance of an order is the product of score / remaining score (Efraimidis & Spirakis 2006, proposition 2)."""
    given, n = np.array([4.0, 2.0, 1.0, 0.5]), 20_000
    scores = given**exponent
    total = scores.sum()
    expected = {
        (i, j): scores[i] / total * scores[j] / (total - scores[i]) for i, j in permutations(range(4), 2)
    }  # 12 orders of two
    feeds = fill(Proportional(exponent=exponent), np.tile(given, (n, 1)), 2)
    counts = Counter(map(tuple, feeds.tolist()))
    assert chisquare([counts[pair] for pair in expected], [n * chance for chance in expected.values()]).pvalue > 1e-3
    first = np.bincount(feeds[:, 0], minlength=4)
    assert chisquare(first, n * scores / total).pvalue > 1e-3
    for item in range(4):
        chance = sum(value for pair, value in expected.items() if item in pair)
        assert abs((feeds == item).sum() - n * chance) < 4 * np.sqrt(n * chance * (1 - chance))


def test_is_the_order_of_the_published_keys(fill):
    """Algorithm A: the largest U^(1 / weight) are drawn."""
    weights = np.random.default_rng(1).gamma(1.0, size=(300, 12)).astype(np.float32)
    luck = Dice(1, 0).pairs("softmax", np.arange(300), np.arange(12)).astype(np.float64)
    keys = luck ** (1 / weights.astype(np.float64))
    assert (fill(Proportional(), weights, 6) == np.argsort(-keys, axis=1)[:, :6]).all()


def test_is_softmax_of_the_logarithm(fill):
    scores = np.random.default_rng(2).gamma(1.0, size=(500, 30)).astype(np.float32)
    same = fill(Softmax(inverse_temperature=1.0), np.log(scores), 8)
    assert (fill(Proportional(), scores, 8) == same).all()
    same = fill(Softmax(inverse_temperature=2.5), np.log(scores), 8)
    assert (fill(Proportional(exponent=2.5), scores, 8) == same).all()


def test_no_odds_no_place_while_others_are_left(fill):
    scores = np.tile([1e-30, 0.0, 3.0, -2.0, -np.inf], (400, 1))
    feeds = fill(Proportional(), scores, 6)
    assert (np.sort(feeds[:, :2], axis=1) == [0, 2]).all()
    assert (np.sort(feeds[:, 2:4], axis=1) == [1, 3]).all()
    assert (feeds[:, 4:] == -1).all()
    # 400 tosses between the two without odds: 200, give or take 4 standard deviations of 10
    assert abs((feeds[:, 2] == 1).sum() - 200) < 40


def test_refuses_scores_below_zero(fill):
    with pytest.raises(
        BrokenPromise, match=r"score of -2 has no odds \(step 0\)\. Use a ranking that scores 0 or more"
    ):
        fill(Proportional(negative="refuse"), [[1.0, -2.0]], 2)
    assert sorted(fill(Proportional(negative="refuse"), [[1.0, 0.0, -np.inf]], 3)[0]) == [-1, 0, 1]


def test_tiles_do_not_matter(fill):
    scores = np.random.default_rng(2).random((30, 40))
    assert (fill(Proportional(), scores, 5) == fill(Proportional(), scores, 5, tile=7)).all()
