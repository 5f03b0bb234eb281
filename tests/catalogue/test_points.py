import numpy as np
import pytest

from cocoonsim.catalogue.points import Points
from cocoonsim.core.chance import Chance


def test_points_are_scattered_as_asked():
    normal = Points(items=20_000, spread=0.2).build(Chance(1)).stance
    assert normal.shape == (20_000, 2)
    assert normal.std(axis=0) == pytest.approx([0.2, 0.2], rel=0.02)
    assert normal.mean(axis=0) == pytest.approx([0, 0], abs=0.006)
    even = Points(items=20_000, spread=0.5, distribution="uniform", dims=3).build(Chance(1)).stance
    assert even.std(axis=0) == pytest.approx(np.full(3, 0.5 / np.sqrt(3)), rel=0.02)
    assert np.abs(even).max() <= 0.5
