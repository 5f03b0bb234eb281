from math import exp

import numpy as np
import pytest
from scipy.stats import chisquare

from cocoonsim.choice.logit import Logit
from cocoonsim.core.chance import Dice

N = 40_000
NEVER = -1e9


def counts(world, model, feed):
    """How often each place was clicked, and how often nothing was."""
    users = np.arange(N)
    clicks = model.choose(world, users, np.tile(np.array(feed, np.int32), (N, 1)), Dice(11, 0))
    assert clicks.sum(axis=1).max() <= 1
    return [*clicks.sum(axis=0).tolist(), int((~clicks.any(axis=1)).sum())]


# shared/oracles/o01_linear_opinion.out: "logit choice beta=... u=(1,.5,0,-1)"
ORACLE = {
    0.0: [0.25, 0.25, 0.25, 0.25],
    1.0: [0.4739908463, 0.2874899807, 0.1743714876, 0.0641476854],
    5.0: [0.9183846735, 0.0753856047, 0.0061880273, 0.0000416946],
}


@pytest.mark.parametrize("sensitivity", ORACLE)
def test_chances_of_the_oracle(valued, sensitivity):
    world = valued(N, [1.0, 0.5, 0.0, -1.0])
    model = Logit(sensitivity=sensitivity, outside=NEVER, attention_decay=0.0)
    *clicked, nothing = counts(world, model, [0, 1, 2, 3])
    assert nothing == 0
    expected = N * np.array(ORACLE[sensitivity])
    if sensitivity == 5.0:  # the rarest is expected 1.7 times: too few for the test, so it joins its neighbour
        clicked, expected = [*clicked[:2], clicked[2] + clicked[3]], np.array([*expected[:2], expected[2:].sum()])
    assert chisquare(clicked, expected * sum(clicked) / expected.sum()).pvalue > 1e-3


def test_attention_of_the_oracle(valued):
    # the same: "rank-discount attention rank^-0.8, 5 slots, equal utility: proportional P = [...]"
    share = [0.3852947283, 0.2212937103, 0.159991188, 0.1270998605, 0.106320513]
    *clicked, _ = counts(valued(N, [0.4] * 5), Logit(outside=NEVER, attention_decay=0.8), range(5))
    assert chisquare(clicked, N * np.array(share) / sum(share)).pvalue > 1e-3


def test_not_clicking_is_one_more_option(valued):
    """Chance of place r: r^-a exp(s u + p arousal) / (exp(outside) + sum of these), by McFadden (1974)."""
    utilities, arousal = [0.9, 0.1, 0.6], [0.0, 1.0, 0.5]
    model = Logit(sensitivity=3.0, outside=1.5, attention_decay=0.5, arousal_pull=2.0)
    weights = [(r + 1) ** -0.5 * exp(3 * utilities[r] + 2 * arousal[r]) for r in range(3)] + [exp(1.5)]
    given = counts(valued(N, utilities, arousal), model, [0, 1, 2])
    assert chisquare(given, N * np.array(weights) / sum(weights)).pvalue > 1e-3


def test_empty_places_are_no_options(valued):
    *clicked, nothing = counts(
        valued(N, [0.5, 0.5]), Logit(outside=0.0, sensitivity=0.0, attention_decay=0.0), [-1, 1, -1]
    )
    assert clicked[0] == clicked[2] == 0
    assert abs(clicked[1] - nothing) < 4 * N**0.5  # a fair coin
    assert counts(valued(N, [0.5]), Logit(outside=NEVER), [-1, -1]) == [0, 0, N]
