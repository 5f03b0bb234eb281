from collections import Counter
from itertools import permutations
from math import exp

import numpy as np
import pytest
from scipy.stats import chisquare

from cocoonsim.feed.softmax import Softmax
from cocoonsim.feed.top import Top


@pytest.mark.parametrize("inverse_temperature", [0.0, 1.0, 2.5])
def test_feeds_are_plackett_luce_draws(fill, inverse_temperature):
    """The chance of an order is the product of weight / remaining weight (Luce 1959; Plackett 1975)."""
    scores, n = np.array([0.9, 0.5, 0.1, -0.4]), 20_000
    weight = [exp(inverse_temperature * score) for score in scores]
    expected = {}
    for first, second in permutations(range(4), 2):
        expected[first, second] = weight[first] / sum(weight) * weight[second] / (sum(weight) - weight[first])
    feeds = fill(Softmax(inverse_temperature=inverse_temperature), np.tile(scores, (n, 1)), 2)
    counts = Counter(map(tuple, feeds.tolist()))
    assert chisquare([counts[pair] for pair in expected], [n * chance for chance in expected.values()]).pvalue > 1e-3


def test_turns_into_top_and_never_shows_what_is_forbidden(fill):
    scores = np.random.default_rng(1).permuted(np.tile(np.arange(6.0), (50, 1)), axis=1)
    assert (fill(Softmax(inverse_temperature=1e5), scores, 4) == fill(Top(), scores, 4)).all()
    scores[:, 2] = -np.inf
    for heat in (0.0, 1.0):
        feeds = fill(Softmax(inverse_temperature=heat), scores, 6)
        assert not (feeds[:, :5] == 2).any()
        assert (feeds[:, 5] == -1).all()


def test_tiles_do_not_matter(fill):
    scores = np.random.default_rng(2).random((30, 40))
    assert (fill(Softmax(), scores, 5) == fill(Softmax(), scores, 5, tile=7)).all()
