"""Ten places without replacement from ten thousand one-topic items, weighted by exp(inverse_temperature x share of the topic).

That is the feed of Li, Piao et al. (2023), Human-AI adaptive dynamics drives the emergence of information cocoons, where an
item weighs exp(beta x estimated interest in its topic) and `numpy.random.choice(..., replace=False, p=...)` draws ten.
"""

from math import comb
from types import SimpleNamespace

import numpy as np
import pytest
from scipy.stats import chisquare

from cocoonsim.core.chance import Dice
from cocoonsim.feed.softmax import Softmax

SHARES = np.array([0.5, 0.2, 0.2, 0.1, 0.0])
SUPPLY = np.array([100, 4900, 1000, 3500, 500])  # 10,000 items
TOPIC = np.repeat(np.arange(5), SUPPLY)
N, SLATE = 3000, 10


def chances_of_counts(heat):
    """Chance that 0 ... 10 of the ten are about topic 0, without replacement, weights e^(heat x share), by dynamic programming.

    The other topics' weights differ, so the state is how many of each topic were drawn.
    """
    weight = np.exp(heat * SHARES)
    states = {(0,) * 5: 1.0}
    for _ in range(SLATE):
        following = {}
        for drawn, chance in states.items():
            left = (SUPPLY - drawn) * weight
            for topic, odds in enumerate(left / left.sum()):
                after = (*drawn[:topic], drawn[topic] + 1, *drawn[topic + 1 :])
                following[after] = following.get(after, 0.0) + chance * odds
        states = following
    assert len(states) == comb(SLATE + 4, 4)
    of_topic = np.zeros((5, SLATE + 1))
    for drawn, chance in states.items():
        of_topic[np.arange(5), drawn] += chance
    return of_topic


def by_item(fill, heat):
    """Topics shown by the lottery over all items."""
    return TOPIC[fill(Softmax(inverse_temperature=heat), np.broadcast_to(SHARES[TOPIC], (N, 10_000)), SLATE, tile=4096)]


def by_topic(fill, heat):
    """Topics shown by the lottery over topics."""
    view = SimpleNamespace(dice=Dice(1, 0), users=np.arange(N))
    return Softmax(inverse_temperature=heat).draw(np.tile(SHARES.astype(np.float32), (N, 1)), SUPPLY, view, SLATE)


@pytest.mark.parametrize("lottery", [by_item, by_topic])
@pytest.mark.parametrize("heat", [0.0, 4.0, 10.0])
def test_topics_drawn_have_the_chances_of_the_urn(fill, heat, lottery):
    shown = lottery(fill, heat)
    expected = chances_of_counts(heat)
    weight = SUPPLY * np.exp(heat * SHARES)
    first = np.bincount(shown[:, 0], minlength=5)
    some = N * weight / weight.sum() >= 5
    merged = np.append(first[some], first[~some].sum())
    chance = np.append((weight / weight.sum())[some], (weight / weight.sum())[~some].sum())
    assert chisquare(merged[chance > 0], N * chance[chance > 0]).pvalue > 1e-3
    for topic in range(5):
        counts = np.bincount((shown == topic).sum(axis=1), minlength=SLATE + 1)
        mean = (np.arange(SLATE + 1) * expected[topic]).sum()
        spread = np.sqrt(((np.arange(SLATE + 1) - mean) ** 2 * expected[topic]).sum() / N)
        assert abs((counts * np.arange(SLATE + 1)).sum() / N - mean) < 4 * spread
        often = N * expected[topic] >= 5
        observed, theory = counts[often], expected[topic][often]
        if (~often).any() and N * expected[topic][~often].sum() >= 1:
            observed = np.append(observed, counts[~often].sum())
            theory = np.append(theory, expected[topic][~often].sum())
        if len(theory) > 1:
            assert chisquare(observed, observed.sum() * theory / theory.sum()).pvalue > 1e-3


def test_a_topic_that_is_used_up_gives_way_whatever_its_weight():
    view = SimpleNamespace(dice=Dice(1, 0), users=np.arange(50))
    scores = np.tile(np.array([1.0, 0.5, 0.0, -np.inf], np.float32), (50, 1))
    drawn = Softmax(inverse_temperature=1e5).draw(scores, np.array([2, 1, 1, 9]), view, 6)
    assert (drawn == [0, 0, 1, 2, -1, -1]).all()


def test_items_of_a_topic_are_drawn_alike(fill):
    feeds = fill(Softmax(inverse_temperature=10.0), np.broadcast_to(SHARES[TOPIC], (N, 10_000)), SLATE, tile=4096)
    hits = np.bincount(feeds.ravel(), minlength=10_000)[:100]  # the favourite topic: 100 items
    assert chisquare(hits).pvalue > 1e-3
