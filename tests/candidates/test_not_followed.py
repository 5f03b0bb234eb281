import numpy as np

from cocoonsim import Scenario, play
from cocoonsim.candidates.not_followed import NotFollowed
from cocoonsim.testing import tiny_worlds


def test_what_is_left_is_exactly_by_people_one_does_not_follow():
    """Counted one by one, on every tiny world with authors."""
    checked = 0
    for tiny in tiny_worlds():
        platform, source = tiny.platform, NotFollowed()
        offer = set(source.offer(platform, tiny.users, tiny.dice).tolist())
        hidden = source.hidden(platform, tiny.users).toarray()
        for user in tiny.users:
            known = {int(user), *platform.follows.of(user).tolist()}
            left = {item for item in offer if not hidden[user, item]}
            author = platform.items.author
            assert left == {item for item in platform.live.tolist() if author[item] >= 0 and author[item] not in known}
            checked += len(left)
    assert checked > 1000


def test_nobody_is_shown_a_followee_in_a_run():
    scenario = Scenario.from_dict(
        {
            "steps": 3, "slate": 3, "population": {"kind": "two_camps", "users": 40},
            "catalogue": {"kind": "topic_mix", "items": 60}, "network": {"kind": "blocks", "degree": 6},
            "candidates": "not_followed",
        }
    )  # fmt: skip
    for moment in play(scenario):
        assert (moment.feed == -1).all()  # items without authors come from nobody
    rng = np.random.default_rng(1)
    tiny = next(tiny_worlds("melting_pot"))
    some = rng.permutation(tiny.users)[:7]
    part = NotFollowed().hidden(tiny.platform, some).toarray()
    assert (part == NotFollowed().hidden(tiny.platform, tiny.users).toarray()[some]).all()
