from cocoonsim.core.chance import Chance
from cocoonsim.core.world import people
from cocoonsim.network.none import NoNetwork
from cocoonsim.testing import tiny_worlds


def test_nobody_follows_anybody():
    for tiny in tiny_worlds():
        follows = NoNetwork().build(tiny.world.users, Chance(1))
        assert follows.n_users == tiny.world.n_users
        assert follows.n_arcs == 0
    assert NoNetwork().mean_degree(7) == 0


def test_a_world_of_one():
    assert NoNetwork().build(people([[1.0]]), Chance(1)).n_users == 1
