import numpy as np

from cocoonsim.activity.everyone import Everyone
from cocoonsim.testing import tiny_worlds


def test_one_batch_with_everybody_in_it():
    for tiny in tiny_worlds():
        (batch,) = Everyone().batches(tiny.world, tiny.dice)
        assert batch.tolist() == list(range(tiny.world.n_users))
        assert batch.dtype == np.int64
