"""proportional, ucb, thompson: against exact chances."""

from itertools import permutations

import numpy as np
import pytest
from scipy.special import ndtri
from scipy.stats import chisquare

from cocoonsim.core.chance import Dice
from cocoonsim.core.follows import Follows
from cocoonsim.core.history import History
from cocoonsim.core.view import View
from cocoonsim.core.world import PlatformView, World, content, people
from cocoonsim.feed.proportional import Proportional
from cocoonsim.feed.thompson import Thompson
from cocoonsim.feed.ucb import Ucb
from cocoonsim.testing.scoring import shortlist

N = 30_000


def feeds(rule, scores, slate, shown=None) -> np.ndarray:
    items = content(np.ones((len(scores), 1)))
    world = World(0, people(np.ones((N, 1))), items, Follows.none(N))
    history = History(N, 1, len(scores), 4)
    if shown is not None:
        history.item_shown = np.array(shown)
    view = View(PlatformView.of(world, history), np.arange(N), np.arange(len(scores), dtype=np.int32), Dice(7, 0))
    shortlist(rule, view, np.broadcast_to(np.array(scores, np.float32), (N, len(scores))), slate, 1000)
    best, view.items = view.lists["best"]
    return rule.fill(best, view.items, view, slate)


@pytest.mark.parametrize("exponent", [0.0, 1.0, 2.0])
def test_proportional_draws_one_after_another(exponent):
    """Chance of the ordered pair (i, j) without replacement: w_i/W x w_j/(W - w_i)."""
    scores = [0.1, 0.4, 1.5, 0.7]
    weight = np.array(scores) ** exponent
    pairs = list(permutations(range(4), 2))
    chances = [weight[i] / weight.sum() * weight[j] / (weight.sum() - weight[i]) for i, j in pairs]
    drawn = feeds(Proportional(exponent=exponent), scores, 2)
    counts = [int(((drawn[:, 0] == i) & (drawn[:, 1] == j)).sum()) for i, j in pairs]
    assert chisquare(counts, N * np.array(chances)).pvalue > 1e-3


def test_scores_of_nothing_come_last_and_in_any_order():
    drawn = feeds(Proportional(), [0.0, 2.0, -3.0, 1.0], 4)
    assert set(np.unique(drawn[:, :2])) == {1, 3}
    assert abs((drawn[:, 2] == 0).mean() - 0.5) < 4 * 0.5 / np.sqrt(N)


def test_ucb_is_auers_index():
    scores, shown = [0.5, 0.45, 0.1], [90, 9, 1]
    index = np.array(scores) + 0.3 * np.sqrt(2 * np.log(101) / (np.array(shown) + 1))
    assert (feeds(Ucb(exploration=0.3), scores, 3, shown) == np.argsort(-index)).all()
    assert (feeds(Ucb(exploration=0.0), scores, 3, shown) == [0, 1, 2]).all()


def test_thompson_shows_an_item_as_often_as_it_may_be_the_best():
    """Of two normal beliefs, P(first above second) = Phi(difference / sqrt(sum of variances))."""
    from scipy.stats import norm

    first = (feeds(Thompson(spread=0.5), [0.3, 0.2], 1, [3, 0])[:, 0] == 0).mean()
    chance = norm.cdf(0.1 / np.sqrt(0.25 / 4 + 0.25 / 1))
    assert abs(first - chance) <= 4 * np.sqrt(chance * (1 - chance) / N)
    assert (feeds(Thompson(spread=0.0), [0.3, 0.2], 2) == [0, 1]).all()
    assert ndtri(0.5) == 0
