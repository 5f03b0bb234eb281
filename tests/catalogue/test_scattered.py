import numpy as np
import pytest
from scipy.stats import chisquare

from cocoonsim.catalogue.scattered import Scattered
from cocoonsim.core.chance import Chance


def test_items_are_scattered_evenly_over_the_plane():
    items = Scattered(items=4000, topics=4, dimensions=2, low=-2.0, high=1.0).build(Chance(1))
    assert chisquare(np.histogram2d(*items.stance.T, bins=4, range=[[-2, 1], [-2, 1]])[0].ravel()).pvalue > 1e-3
    assert chisquare(items.topics.sum(axis=0)).pvalue > 1e-3
    assert Scattered(low=1.0, high=1.0).problems()[0][0] == "low"
    assert Scattered(items=0).build(Chance(1)).size == 0


def test_with_a_spread_stances_are_normal_around_the_middle():
    stance = Scattered(items=20_000, low=0.0, high=2.0, spread=0.25).build(Chance(1)).stance
    assert stance.mean(axis=0) == pytest.approx([1.0, 1.0], abs=0.008)
    assert stance.std(axis=0) == pytest.approx([0.25, 0.25], rel=0.02)
    assert (np.abs(stance - 1.0) < 0.25).mean() == pytest.approx(0.6827, abs=0.008)  # within one standard deviation
    assert stance.min() >= 0.0
