from math import dist

import numpy as np
import pytest

from cocoonsim.core.blocks import Blocks
from cocoonsim.influence.bounded_confidence import BoundedConfidence
from cocoonsim.testing import tiny_worlds


@pytest.mark.parametrize(
    ("rule", "opinion"),
    [
        (BoundedConfidence(rate=0.5, tolerance=0.5), 0.2),  # to 0.4 alone
        (BoundedConfidence(rate=0.5, tolerance=0.5, by="seen"), 0.05),  # to the mean of 0.4 and -0.2
        (BoundedConfidence(rate=1.0, tolerance=2.0), 0.65),  # to the mean of 0.4 and 0.9
        (BoundedConfidence(rate=0.5), 0.2),  # own tolerance of 0.5
        (BoundedConfidence(rate=0.5, tolerance=0.4), 0.0),  # 0.4 is not below 0.4
        (BoundedConfidence(rate=0.0, tolerance=2.0), 0.0),
    ],
    ids=str,
)
def test_by_hand(after, rule, opinion):
    world = after(rule, [[0, 1, 2, -1]], [[1, 1, 0, 0]], stance=[0.4, 0.9, -0.2], tolerance=0.5)
    assert world.users.opinion[0, 0] == pytest.approx(opinion)


def test_opinion_comes_to_a_stance_in_reach_and_stays_away_from_one_out_of_reach(after):
    """From x towards a fixed stance s within reach, the gap after t steps is (1 - rate)^t (x - s)."""
    near, far = 0.1, -0.9
    for step in range(1, 21):
        opinion = after(
            BoundedConfidence(rate=0.2, tolerance=0.7), [[0], [0]], [[1], [1]], opinion=[near, far], stance=[0.7]
        )
        near, far = opinion.users.opinion[:, 0]
        assert near - 0.7 == pytest.approx(0.8**step * (0.1 - 0.7))
        assert far == -0.9


def test_agreement_is_a_fixed_point_to_the_last_bit(after):
    for common in (0.1, -1 / 3, 0.7):
        world = after(
            BoundedConfidence(rate=0.37, by="seen"),
            [[0, 1, 2]] * 5,
            np.zeros((5, 3)),
            opinion=common,
            stance=[common] * 3,
        )
        assert (world.users.opinion == common).all()


def test_distance_in_two_dimensions_is_euclidean(after):
    # (0.3, 0.4) is 0.5 away: further in the plane than along either axis
    for tolerance, moved in ((0.45, False), (0.51, True)):
        rule = BoundedConfidence(rate=1.0, tolerance=tolerance)
        world = after(rule, [[0]], [[1]], opinion=[[0.0, 0.0]], stance=[[0.3, 0.4]])
        assert np.allclose(world.users.opinion, [[0.3, 0.4]] if moved else [[0.0, 0.0]])


@pytest.mark.parametrize("by", ["clicked", "seen"])
def test_same_as_a_plain_loop(by):
    rule = BoundedConfidence(rate=0.3, by=by)
    for tiny in tiny_worlds():
        after = rule.update(tiny.world, tiny.users, tiny.feed, tiny.clicks, tiny.dice, Blocks(users=5, threads=2))
        for user in tiny.users:
            mine = tiny.world.users.opinion[user]
            near = [
                tiny.world.items.stance[i]
                for i, c in zip(tiny.feed[user], tiny.clicks[user], strict=True)
                if (c or by == "seen") and dist(tiny.world.items.stance[i], mine) < tiny.world.users.tolerance[user]
            ]
            wanted = mine + 0.3 * (np.mean(near, axis=0) - mine) if near else mine
            assert np.allclose(after.users.opinion[user], wanted, atol=1e-12)
