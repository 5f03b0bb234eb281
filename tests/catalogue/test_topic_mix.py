import numpy as np
import pytest

from cocoonsim.catalogue.topic_mix import TopicMix
from cocoonsim.core.chance import Chance


def test_topics_have_the_moments_of_a_symmetric_dirichlet():
    # Dirichlet(a, ..., a) over T topics: mean 1/T, variance (1/T)(1 - 1/T) / (T a + 1)
    items = TopicMix(items=40_000, topics=4, concentration=0.1).build(Chance(1))
    assert items.topics.mean(axis=0) == pytest.approx(np.full(4, 0.25), abs=0.01)
    assert items.topics.var(axis=0) == pytest.approx(np.full(4, 0.25 * 0.75 / 1.4), rel=0.03)


def test_without_noise_the_stance_is_the_mean_place_of_the_topics():
    items = TopicMix(items=50, topics=5, noise=0.0, leaning=0.5).build(Chance(2))
    by_hand = [0.5 * sum(share * place for share, place in zip(row, (-1, -0.5, 0, 0.5, 1), strict=True))
               for row in items.topics.tolist()]  # fmt: skip
    assert items.stance[:, 0] == pytest.approx(by_hand, abs=1e-6)


def test_stances_stay_between_the_ends_and_noise_has_its_spread():
    items = TopicMix(items=20_000, leaning=0.0, noise=0.3).build(Chance(3))
    inside = np.abs(items.stance) < 1
    assert np.abs(items.stance).max() <= 1
    # normal(0, 0.3) passes an end with chance 2 (1 - Phi(1 / 0.3)) = 0.00086
    assert (~inside).mean() == pytest.approx(0.00086, abs=0.001)
    assert items.stance.std() == pytest.approx(0.3, rel=0.03)


def test_qualities_lie_evenly_below_one():
    quality = TopicMix(items=20_000, quality_spread=0.4).build(Chance(4)).quality
    assert quality.min() >= 0.6
    assert quality.max() <= 1
    assert quality.mean() == pytest.approx(0.8, abs=0.01)
    assert (TopicMix(items=5).build(Chance(4)).quality == 1).all()


def test_a_single_topic_has_no_side():
    items = TopicMix(items=10, topics=1, noise=0.0).build(Chance(5))
    assert (items.stance == 0).all()


def test_more_items_are_like_the_first_ones():
    kind = TopicMix(items=5, topics=4, concentration=0.1)
    more = kind.make(40_000, Chance(6).generator("catalogue", 3))
    assert more.size == 40_000
    assert more.topics.var(axis=0) == pytest.approx(np.full(4, 0.25 * 0.75 / 1.4), rel=0.03)


def test_one_topic_items_can_be_shared_out_evenly():
    items = TopicMix(items=103, topics=10, one_topic=True, even=True).build(Chance(1)).topics
    assert ((items > 0).sum(axis=1) == 1).all()
    assert sorted(items.sum(axis=0).tolist()) == [10] * 7 + [11] * 3
    assert TopicMix(even=True).problems()[0][0] == "even"
