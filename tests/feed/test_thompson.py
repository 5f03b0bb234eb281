import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import betaincinv
from scipy.stats import beta, kstest, norm

from cocoonsim.core.chance import Dice
from cocoonsim.core.history import History
from cocoonsim.feed.thompson import Thompson, beta_log_odds, draw
from cocoonsim.feed.top import Top


def counts(clicks, shown, n_users=1):
    history = History(n_users, 1, len(clicks))
    history.item_clicks[:], history.item_shown[:] = clicks, shown
    return history


@pytest.mark.parametrize(
    ("a", "b"), [(1, 1), (0.5, 0.5), (1, 20), (2, 3), (50, 50), (11, 991), (300, 2), (1, 5000), (3000, 40_000)]
)
def test_draws_are_those_of_the_beta_distribution(a, b):
    """Against scipy's exact inverse: odds within 1 %, rates within 1 % of the standard deviation, as the docstring says."""
    luck = ((np.arange(0, 2**23, 997) + 0.5) / 2**23).astype(np.float32)
    odds = draw(beta_log_odds(np.array([float(a)]), np.array([float(b)])), np.zeros(1, np.int64), luck[None])[0]
    rate = 1 / (1 + np.exp(-odds.astype(np.float64)))
    exact = betaincinv(a, b, luck.astype(np.float64))
    assert np.abs(rate - exact).max() < 0.01 * beta.std(a, b)
    inside = (exact > 0) & (exact < 0.999)  # nearer to 1, the exact rate has lost the digits of its odds
    difference = odds[inside] - np.log(exact[inside] / (1 - exact[inside]))
    assert np.abs(difference).max() < 0.01
    assert (np.diff(odds) >= 0).all()


def test_rates_of_one_item_over_many_people():
    table = beta_log_odds(np.array([3.0, 8.0]), np.array([9.0, 2.0]))
    odds = draw(table, np.array([0, 1]), Dice(1, 0).pairs("thompson", np.arange(5000), np.arange(2)))
    for item, (a, b) in enumerate([(3, 9), (8, 2)]):
        assert kstest(1 / (1 + np.exp(-odds[:, item])), beta(a, b).cdf).pvalue > 1e-3


def test_is_shown_as_often_as_it_is_likely_to_be_the_best(fill):
    """P(X > Y) for X ~ Beta(a, b), Y ~ Beta(c, d): the integral of X's density times Y's distribution function."""
    n = 20_000
    history = counts([3, 10], [10, 50], n)
    better, _ = quad(lambda x: beta.pdf(x, 4, 8) * beta.cdf(x, 11, 41), 0, 1)
    first = fill(Thompson(), np.zeros((n, 2)), 1, history=history)[:, 0]
    assert abs((first == 0).sum() - n * better) < 4 * np.sqrt(n * better * (1 - better))


def test_same_feeds_as_with_exact_draws(fill):
    """Each place goes to an item whose exact draw is as good as the best left, give or take the error of the table."""
    rng = np.random.default_rng(5)
    views = rng.integers(0, 80, 25)
    clicks = rng.binomial(views, 0.3)
    scores = rng.random((40, 25)).astype(np.float32)
    scores[:, 7] = -np.inf
    luck = Dice(1, 0).pairs("thompson", np.arange(40), np.arange(25)).astype(np.float64)
    exact = betaincinv(0.5 + clicks, 2.0 + views - clicks, luck)
    error = 0.01 * beta.std(0.5 + clicks, 2.0 + views - clicks).max()
    for weight in (0.0, 0.4):
        rule = Thompson(prior_clicks=0.5, prior_passes=2.0, score_weight=weight)
        feeds = fill(rule, scores, 6, history=counts(clicks, views, 40))
        assert not (feeds == 7).any()
        for user in range(40):
            value = {i: exact[user, i] + weight * float(scores[user, i]) for i in range(25) if i != 7}
            for item in feeds[user]:
                assert value.pop(int(item)) > max(value.values()) - 2 * error


def test_belief_in_the_score(fill):
    """Of two normal beliefs, the first is above the second with chance Phi(difference / sqrt(sum of the variances))."""
    n, history = 20_000, counts([0, 0], [3, 0], 20_000)
    scores = np.tile([0.3, 0.2], (n, 1))
    first = (fill(Thompson(belief="score", spread=0.5), scores, 1, history=history)[:, 0] == 0).sum()
    chance = norm.cdf(0.1 / np.sqrt(0.25 / 4 + 0.25 / 1))
    assert abs(first - n * chance) < 4 * np.sqrt(n * chance * (1 - chance))
    assert (fill(Thompson(belief="score", spread=0.0), scores, 2, history=history) == [0, 1]).all()


def test_much_weight_on_the_score_is_top(fill):
    scores = np.random.default_rng(1).permuted(np.tile(np.arange(12.0), (30, 1)), axis=1)
    assert (fill(Thompson(score_weight=100.0), scores, 5) == fill(Top(), scores, 5)).all()


def test_tiles_do_not_matter(fill):
    scores, history = np.zeros((30, 40)), counts(np.arange(40) // 4, np.arange(40), 30)
    rule = Thompson(score_weight=0.3)
    assert (fill(rule, scores, 5, history=history) == fill(rule, scores, 5, tile=7, history=history)).all()
