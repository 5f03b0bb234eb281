import numpy as np
from scipy.stats import chisquare

from cocoonsim.catalogue.scattered import Scattered
from cocoonsim.core.chance import Chance


def test_items_are_scattered_evenly_over_the_plane():
    items = Scattered(items=4000, topics=4, dimensions=2, low=-2.0, high=1.0).build(Chance(1))
    assert chisquare(np.histogram2d(*items.stance.T, bins=4, range=[[-2, 1], [-2, 1]])[0].ravel()).pvalue > 1e-3
    assert chisquare(items.topics.sum(axis=0)).pvalue > 1e-3
    assert Scattered(low=1.0, high=1.0).problems()[0][0] == "low"
    assert Scattered(items=0).build(Chance(1)).size == 0
