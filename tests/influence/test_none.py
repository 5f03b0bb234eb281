from cocoonsim import Scenario, play
from cocoonsim.core.blocks import Blocks
from cocoonsim.influence.none import NoInfluence
from cocoonsim.testing import tiny_worlds


def test_nobody_changes():
    for tiny in tiny_worlds():
        after = NoInfluence().update(tiny.world, tiny.users, tiny.feed, tiny.clicks, tiny.dice, Blocks(threads=1))
        assert after is tiny.world


def test_it_is_what_happens_by_default():
    scenario = Scenario.from_dict({"steps": 3, "population": {"kind": "uniform", "users": 30}})
    first, *_, last = play(scenario)
    assert (first.world.users.interests == last.after.users.interests).all()
    assert (first.world.users.opinion == last.after.users.opinion).all()
