import numpy as np
import pytest

from cocoonsim.core.chance import Chance
from cocoonsim.population.two_camps import TwoCamps


def test_sizes_and_opinions_of_the_camps():
    users = TwoCamps(users=20_000, right_share=0.3, centre=0.4, spread=0.1).build(6, Chance(1))
    assert np.bincount(users.group).tolist() == [14_000, 6_000]
    for group, centre in ((0, -0.4), (1, 0.4)):
        mine = users.opinion[users.group == group, 0]
        assert mine.mean() == pytest.approx(centre, abs=5 * 0.1 / np.sqrt(len(mine)))
        assert mine.std() == pytest.approx(0.1, rel=0.04)


def test_interests_have_the_stated_mean():
    # Dirichlet(c T w) has mean w, and w is proportional to exp(lean x side x place); places -1, -1/3, 1/3, 1
    users = TwoCamps(users=40_000, lean=1.5).build(4, Chance(2))
    weights = np.exp(1.5 * np.array([-1, -1 / 3, 1 / 3, 1]))
    right = users.interests[users.group == 1].mean(axis=0)
    left = users.interests[users.group == 0].mean(axis=0)
    assert right == pytest.approx(weights / weights.sum(), abs=0.01)
    assert left == pytest.approx(weights[::-1] / weights.sum(), abs=0.01)


def test_without_lean_the_camps_like_the_same():
    # a symmetric Dirichlet(0.5): mean 1/T, variance (1/T)(1 - 1/T) / (T/2 + 1)
    users = TwoCamps(users=40_000, lean=0.0, concentration=0.5).build(4, Chance(3))
    for group in (0, 1):
        mine = users.interests[users.group == group]
        assert mine.mean(axis=0) == pytest.approx(np.full(4, 0.25), abs=0.01)
        assert mine.var(axis=0) == pytest.approx(np.full(4, 0.25 * 0.75 / 3), rel=0.05)


def test_bounds_are_a_setting_and_all_dimensions_are_split():
    settings = {"users": 5000, "centre": 0.9, "spread": 0.3, "dimensions": 2}
    free, kept = (TwoCamps(**settings, bounded=bounded).build(3, Chance(4)) for bounded in (False, True))
    assert np.abs(free.opinion).max() > 1
    assert np.array_equal(kept.opinion, np.clip(free.opinion, -1, 1))
    assert (np.sign(free.opinion.mean(axis=0)) == np.sign(free.opinion.mean(axis=0)[0])).all()
    assert free.opinion[free.group == 1].mean(axis=0) == pytest.approx([0.9, 0.9], abs=0.03)


@pytest.mark.parametrize(("share", "counts"), [(0.0, [7, 0]), (1.0, [0, 7])])
def test_a_camp_may_be_empty(share, counts):
    assert np.bincount(TwoCamps(users=7, right_share=share).build(2, Chance(1)).group, minlength=2).tolist() == counts
