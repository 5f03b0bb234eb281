from math import exp

import numpy as np
import pytest
from scipy.stats import chisquare

from cocoonsim.choice.bernoulli import Bernoulli
from cocoonsim.core.chance import Dice

N = 40_000
UTILITIES, AROUSAL = [0.9, 0.2, 0.5], [0.0, 0.5, 1.0]


def clicks(world, model, feed):
    return model.choose(world, np.arange(N), np.tile(np.array(feed, np.int32), (N, 1)), Dice(5, 0))


def response(model, appeal):
    if model.response == "linear":
        return min(appeal, 1.0)
    return 1 / (1 + exp(-model.sensitivity * (appeal - model.midpoint)))


@pytest.mark.parametrize(
    "model",
    [
        Bernoulli(),
        Bernoulli(response="linear", most=1.0, attention_decay=0.0),
        Bernoulli(response="linear", most=0.7, attention_decay=1.5, arousal_pull=0.8),
        Bernoulli(sensitivity=4.0, midpoint=0.3, most=1.0, attention_decay=0.3, arousal_pull=0.5),
        Bernoulli(sensitivity=0.0, most=1.0, attention_decay=0.0),
    ],
    ids=str,
)
def test_chances_follow_the_formula(valued, model):
    clicked = clicks(valued(N, UTILITIES, AROUSAL), model, [0, 1, 2]).sum(axis=0)
    for place in range(3):
        appeal = UTILITIES[place] + model.arousal_pull * AROUSAL[place]
        chance = model.most * response(model, appeal) * (place + 1) ** -model.attention_decay
        assert abs(clicked[place] - N * chance) <= 4 * np.sqrt(N * chance * (1 - chance))


def test_items_are_clicked_independently(valued):
    model = Bernoulli(response="linear", most=1.0, attention_decay=0.0)
    both = clicks(valued(N, [0.6, 0.3]), model, [0, 1]) @ [2, 1]
    expected = [0.4 * 0.7, 0.4 * 0.3, 0.6 * 0.7, 0.6 * 0.3]
    assert chisquare(np.bincount(both, minlength=4), N * np.array(expected)).pvalue > 1e-3


def test_certain_and_impossible_clicks(valued):
    world = valued(N, [1.0, 0.0])
    sure = Bernoulli(response="linear", most=1.0, attention_decay=0.0)
    assert (clicks(world, sure, [0, 1, -1]) == [True, False, False]).all()
    steep = Bernoulli(sensitivity=1000.0, midpoint=0.5, most=1.0, attention_decay=0.0)
    assert (clicks(world, steep, [0, 1, -1]) == [True, False, False]).all()
    assert not clicks(world, Bernoulli(most=0.0), [0, 1]).any()
