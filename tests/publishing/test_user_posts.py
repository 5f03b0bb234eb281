import numpy as np
import pytest
from scipy.stats import binom, chisquare

from cocoonsim import Scenario, play
from cocoonsim.core.chance import Chance
from cocoonsim.core.follows import Follows
from cocoonsim.core.history import History
from cocoonsim.core.world import Columns, World, content, people
from cocoonsim.publishing.reposts import Reposts
from cocoonsim.publishing.user_posts import UserPosts

NOTHING = History(1, 1, 1)


def world_of(users: int = 4, items: int = 3) -> World:
    opinion = np.linspace(-0.9, 0.9, users)
    interests = np.tile([0.25, 0.75], (users, 1))
    persons = people(interests, opinion=opinion, group=np.arange(users) % 2)
    return World(5, persons, content(np.full((items, 2), 0.5)), Follows.none(users), ("a", "b"))


def no_catalogue(n: int) -> Columns:
    raise AssertionError("a post is no item of the catalogue")


def new(before: World, after: World) -> dict[str, np.ndarray]:
    return {name: column[before.n_items :] for name, column in after.items.items()}


def test_everybody_says_what_they_think():
    world = world_of()
    posts = new(world, UserPosts().publish(world, no_catalogue, Chance(1).at(5), NOTHING))
    assert posts["author"].tolist() == posts["originator"].tolist() == [0, 1, 2, 3]
    assert posts["stance"].ravel().tolist() == world.users.opinion.ravel().tolist()
    assert posts["created"].tolist() == [5] * 4
    assert posts["group"].tolist() == [0, 1, 0, 1]
    whole = new(world, UserPosts(topics="mixture").publish(world, no_catalogue, Chance(1).at(5), NOTHING))
    assert np.array_equal(whole["topics"], world.users.interests)


def test_topics_are_drawn_from_interests():
    world = world_of(users=4000)
    posts = new(world, UserPosts().publish(world, no_catalogue, Chance(1).at(5), NOTHING))
    assert set(posts["topics"].ravel().tolist()) == {0.0, 1.0}
    second = int(posts["topics"][:, 1].sum())
    assert 1e-3 < binom.cdf(second, 4000, 0.75) < 1 - 1e-3


@pytest.mark.parametrize("rate", [0.3, 2.5])
def test_so_many_posts_on_each_occasion(rate):
    world, users = world_of(users=3000), np.arange(3000)
    rule = UserPosts(rate=rate, when="reading")
    assert rule.publish(world, no_catalogue, Chance(1).at(5), NOTHING) is world
    feed, clicks = np.zeros((3000, 1), np.int32), np.zeros((3000, 1), bool)
    posts = new(world, rule.after_reading(world, users, feed, clicks, Chance(1).at(5), NOTHING))
    each = np.bincount(posts["author"], minlength=3000)
    assert set(each.tolist()) == {int(rate), int(rate) + 1}
    # each person draws for themselves: 3000 draws, spread sqrt(3000 p (1-p))
    assert abs(each.sum() - 3000 * rate) < 4 * (3000 * (rate % 1) * (1 - rate % 1)) ** 0.5


def test_only_the_last_posts_of_the_platform_exist():
    world, users = world_of(), np.array([2])
    rule = UserPosts(when="reading", window=3)
    for event in range(5):
        dice = Chance(1).at(5, event)
        world = rule.after_reading(world, users, np.full((1, 1), -1), np.zeros((1, 1), bool), dice, NOTHING)
    assert world.n_items == 8
    assert world.live().tolist() == [0, 1, 2, 5, 6, 7]  # the catalogue stays; ids are never given twice
    assert world.items.turn.tolist() == [0, 0, 0, 1, 2, 3, 4, 5]
    fresh = World(6, world.users, Columns(**world.items), world.follows)
    assert fresh.live().tolist() == world.live().tolist()  # it is in the columns, not in what was remembered
    many = UserPosts(rate=5, window=3).publish(world, no_catalogue, Chance(1).at(5), NOTHING)
    assert many.n_items == 8 + 5 * world.n_users
    assert many.live().tolist() == [0, 1, 2, *range(many.n_items - 3, many.n_items)]  # of many at once the last
    passing = UserPosts(lifespan=2).publish(world, no_catalogue, Chance(1).at(5), NOTHING)
    assert World(7, passing.users, passing.items, passing.follows).live().tolist() == [0, 1, 2, 5, 6, 7]


def test_a_repost_keeps_all_but_the_author():
    world = world_of()
    made = content([[1.0, 0.0], [0.0, 1.0]], stance=[0.3, -0.4], author=[3, 1], originator=[3, 0], quality=[0.5, 0.6])
    world = world.publish(made)
    feed = np.array([[3, 4, 0], [4, 3, 0], [3, 4, -1]], np.int32)
    clicks = np.array([[False, True, False], [False, False, False], [True, False, False]])
    rule = Reposts(repost=1.0)
    posts = new(world, rule.after_reading(world, np.array([0, 2, 3]), feed, clicks, Chance(1).at(5), NOTHING))
    assert posts["author"].tolist() == [0, 2, 3]
    assert posts["originator"].tolist() == [0, 2, 3]  # what one made oneself comes back to its maker; 2 clicked nothing
    assert posts["stance"].ravel().tolist() == [-0.4, world.users.opinion[2, 0], 0.3]
    assert posts["quality"].tolist() == pytest.approx([0.6, 1.0, 0.5])
    assert posts["created"].tolist() == [5, 5, 5]
    own = Reposts(repost=0.0).after_reading(world, np.array([0, 2, 3]), feed, clicks, Chance(1).at(5), NOTHING)
    assert new(world, own)["stance"].ravel().tolist() == world.users.opinion[[0, 2, 3], 0].tolist()


def test_each_click_is_as_likely_to_be_passed_on():
    n = 3000
    world = world_of(users=n, items=4).with_items(stance=np.array([[1.0], [2.0], [3.0], [4.0]]))
    feed = np.tile(np.arange(4, dtype=np.int32), (n, 1))
    clicks = np.tile([True, False, True, True], (n, 1))
    after = Reposts(repost=0.6, rate=2.0).after_reading(world, np.arange(n), feed, clicks, Chance(3).at(5), NOTHING)
    stance = new(world, after)["stance"].ravel()
    counts = [(stance == value).sum() for value in (1.0, 3.0, 4.0)]
    assert chisquare([*counts, 2 * n - sum(counts)], [2 * n * share for share in (0.2, 0.2, 0.2, 0.4)]).pvalue > 1e-3
    # the two posts of a person are drawn apart: both reposted with chance 0.6 x 0.6
    passed = (stance >= 1.0).reshape(n, 2).all(axis=1).sum()
    assert 1e-3 < binom.cdf(passed, n, 0.36) < 1 - 1e-3


SOCIAL = {
    "name": "posts", "steps": 4, "slate": 3, "population": {"kind": "uniform", "users": 30}, "ranking": "newest",
    "network": {"kind": "erdos_renyi", "degree": 5.0}, "candidates": {"kind": "followed", "last": 3},
    "catalogue": {"kind": "topic_mix", "items": 5}, "choice": {"kind": "confidence_gate", "tolerance": 0.4},
    "influence": "bounded_confidence", "publishing": {"kind": "reposts", "window": 30},
}  # fmt: skip


def test_who_comes_later_in_a_step_sees_what_was_just_posted():
    scenario = Scenario.from_dict(SOCIAL | {"activity": {"kind": "one_at_a_time", "events": 200}})
    for moment in play(scenario, seed=2):
        items = moment.world.items
        row, place = np.nonzero(moment.seen)
        item = moment.feed[row, place]
        assert (items.created[item] == moment.step).mean() > 0.5
        assert (items.turn[item] <= row)[
            items.created[item] == moment.step
        ].all()  # nothing is seen before it is posted
        assert (items.originator[item] != moment.users[row]).all()
        assert moment.after.n_items == 5 + 200 * (moment.step + 1)
        assert len(moment.live) <= 35
        newest = [items.turn[feed[feed >= 0]].tolist() for feed in moment.feed if moment.step == 0]
        assert all(turns == sorted(turns, reverse=True) for turns in newest)


def test_opinions_and_stances_must_have_the_same_dimensions():
    from cocoonsim.core.errors import UserError

    wide = Scenario.from_dict(SOCIAL | {"population": {"kind": "uniform", "users": 30, "dimensions": 2}})
    with pytest.raises(UserError, match="2 dimensions"):
        next(play(wide))


def test_who_reads_alone_posts_what_they_would_among_others():
    n = 30
    luck = np.random.default_rng(8)
    world = world_of(users=n, items=20)
    feed = luck.integers(-1, world.n_items, (n, 5)).astype(np.int32)
    clicks = (luck.random((n, 5)) < 0.3) & (feed >= 0)
    rule, dice = Reposts(repost=0.6, window=9), Chance(3).at(5)
    together = rule.after_reading(world, np.arange(n), feed, clicks, dice, NOTHING).items
    passed = 0
    for user in range(n):
        one = slice(user, user + 1)
        alone = rule.after_reading(world, np.arange(n)[one], feed[one], clicks[one], dice, NOTHING).items
        assert alone.size == world.n_items + 1
        for name, column in alone.items():
            if name != "lifespan":  # the window has closed on those of the others
                assert (column[-1] == together[name][world.n_items + user]).all(), name
        passed += int(alone.original[-1] >= 0)
    assert 0 < passed < n
