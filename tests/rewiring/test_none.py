from cocoonsim.rewiring.none import NoRewiring
from cocoonsim.testing import tiny_worlds


def test_no_tie_changes():
    for tiny in tiny_worlds():
        assert NoRewiring().update(tiny.world, tiny.users, tiny.feed, tiny.clicks, tiny.dice) is tiny.world
