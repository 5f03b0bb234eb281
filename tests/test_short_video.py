"""The short-video scenario: strong matching makes cocoons, and each remedy opens them (after Li, Piao et al. 2023)."""

from pathlib import Path

import numpy as np
import pytest
from scipy.stats import ttest_rel

from cocoonsim import Scenario, play
from cocoonsim.metrics.relative_entropy import RelativeEntropy
from cocoonsim.metrics.true_utility import TrueUtility

pytestmark = pytest.mark.slow
FILE = Path(__file__).parents[1] / "scenarios" / "short_video.yaml"
SEEDS = range(1, 7)


def test_each_remedy_opens_the_cocoon_and_costs_utility():
    breadth, utility = {}, {}
    for name, arm in Scenario.from_file(FILE).arms().items():
        ends = [_last(arm, seed) for seed in SEEDS]
        breadth[name] = [RelativeEntropy(window=100).measure(end)[0].values for end in ends]
        utility[name] = [TrueUtility().measure(end)[0].values.mean() for end in ends]
    cocoons = {name: np.mean([(values < 0.4).mean() for values in runs]) for name, runs in breadth.items()}
    assert cocoons["as it is"] > 0.5
    assert cocoons["random"] == 0.0
    means = {name: [values.mean() for values in runs] for name, runs in breadth.items()}
    for remedy in ("heeds dislikes", "explores", "matches less", "quota of other topics"):
        assert cocoons[remedy] < cocoons["as it is"] / 2
        assert ttest_rel(means[remedy], means["as it is"], alternative="greater").pvalue < 0.01
        assert ttest_rel(utility["as it is"], utility[remedy], alternative="greater").pvalue < 0.01


def _last(arm, seed):
    """The last moment of a run."""
    for moment in play(arm, seed):
        last = moment
    return last
