import numpy as np
import pytest

from cocoonsim.catalogue.partisan_news import PartisanNews
from cocoonsim.core.chance import Chance


def test_stances_are_two_sided():
    items = PartisanNews(items=20_000, right_share=0.3, centre=0.4, spread=0.1).build(Chance(1))
    assert items.group.mean() == pytest.approx(0.3, abs=5 * np.sqrt(0.21 / 20_000))
    for side, centre in ((0, -0.4), (1, 0.4)):
        mine = items.stance[items.group == side, 0]
        assert mine.mean() == pytest.approx(centre, abs=0.01)
        assert mine.std() == pytest.approx(0.1, rel=0.04)


def test_extremity_raises_arousal_and_lowers_quality_by_the_settings():
    # far from the bounds, the least-squares line through the items is the formula
    settings = {"arousal_base": 0.3, "arousal_rise": 0.3, "quality_base": 0.7, "quality_fall": 0.3, "noise": 0.05}
    items = PartisanNews(items=20_000, centre=0.5, spread=0.2, **settings).build(Chance(2))
    extremity = np.abs(items.stance[:, 0])
    slope, base = np.polyfit(extremity, items.arousal, 1)
    assert (slope, base) == (pytest.approx(0.3, abs=0.01), pytest.approx(0.3, abs=0.01))
    slope, base = np.polyfit(extremity, items.quality, 1)
    assert (slope, base) == (pytest.approx(-0.3, abs=0.01), pytest.approx(0.7, abs=0.01))
    assert np.std(items.arousal - 0.3 - 0.3 * extremity) == pytest.approx(0.05, rel=0.03)


def test_without_noise_and_slopes_all_are_alike():
    items = PartisanNews(arousal_rise=0.0, quality_fall=0.0, noise=0.0).build(Chance(3))
    assert (items.arousal == np.float32(0.2)).all()
    assert (items.quality == np.float32(0.9)).all()
    assert not items.harmful.any()


def test_the_harmful_are_the_inflammatory_and_poor():
    items = PartisanNews(items=5000).build(Chance(4))
    # float32 columns: no item is so near a threshold that rounding could matter
    assert np.array_equal(items.harmful, (items.arousal >= 0.6) & (items.quality < 0.5))
    assert 0.02 < items.harmful.mean() < 0.4
    extremity = np.abs(items.stance[:, 0])
    assert extremity[items.harmful].mean() > extremity[~items.harmful].mean() + 0.1


def test_topics_lean_to_the_side():
    # Dirichlet(c T w) has mean w, proportional to exp(lean x side x place); places -1, 0, 1
    items = PartisanNews(items=30_000, topics=3, lean=1.0).build(Chance(5))
    weights = np.exp([-1.0, 0.0, 1.0]) / np.exp([-1.0, 0.0, 1.0]).sum()
    assert items.topics[items.group == 1].mean(axis=0) == pytest.approx(weights, abs=0.02)
    assert items.topics[items.group == 0].mean(axis=0) == pytest.approx(weights[::-1], abs=0.02)


def test_further_items_have_the_same_columns():
    catalogue = PartisanNews(items=10)
    assert set(catalogue.make(3, Chance(1).generator("more"))) == set(catalogue.build(Chance(1)))
