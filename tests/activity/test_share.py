import numpy as np
import pytest

from cocoonsim.activity.share import Share
from cocoonsim.core.chance import Chance
from cocoonsim.core.follows import Follows
from cocoonsim.core.world import World, content, people


def world(n: int) -> World:
    return World(0, people(np.ones((n, 1))), content(np.ones((1, 1))), Follows.none(n))


def online(share: float, n: int, step: int = 0, seed: int = 1) -> np.ndarray:
    (batch,) = Share(share=share).batches(world(n), Chance(seed).at(step))
    return batch


def test_the_share_is_met_and_ids_ascend():
    n = 50_000
    users = online(0.3, n)
    assert users.dtype == np.int64
    assert (np.diff(users) > 0).all()
    assert len(users) / n == pytest.approx(0.3, abs=5 * np.sqrt(0.21 / n))


def test_steps_are_independent():
    n = 50_000
    both = np.intersect1d(online(0.3, n, step=1), online(0.3, n, step=2))
    assert len(both) / n == pytest.approx(0.09, abs=5 * np.sqrt(0.09 * 0.91 / n))


def test_a_user_is_online_whoever_else_there_is_and_more_share_adds_only():
    few, many = online(0.4, 100), online(0.4, 5000)
    assert np.array_equal(many[many < 100], few)
    assert np.isin(few, online(0.7, 100)).all()


@pytest.mark.parametrize(("share", "count"), [(0.0, 0), (1.0, 100)])
def test_nobody_and_everybody(share, count):
    assert len(online(share, 100)) == count
