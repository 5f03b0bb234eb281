from cocoonsim.publishing.none import NoPublishing
from cocoonsim.testing import tiny_worlds


def test_the_world_stays_the_very_same_and_the_catalogue_is_not_asked():
    def make(n: int):
        raise AssertionError("nothing is to be made")

    for tiny in tiny_worlds():
        assert NoPublishing().publish(tiny.world, make, tiny.dice, tiny.history) is tiny.world
