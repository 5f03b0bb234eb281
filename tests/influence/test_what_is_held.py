"""backlash, fatigue, memory, belief_update: against plain loops and exact conditioning."""

import numpy as np
import pytest

from cocoonsim.core.blocks import Blocks
from cocoonsim.core.chance import Chance, Dice
from cocoonsim.core.follows import Follows
from cocoonsim.core.gaussian import condition, ring_covariance
from cocoonsim.core.world import World, content, people
from cocoonsim.influence.backlash import Backlash
from cocoonsim.influence.belief_update import BeliefUpdate
from cocoonsim.influence.fatigue import Fatigue
from cocoonsim.influence.memory import Memory
from cocoonsim.testing import tiny_worlds

BLOCKS = Blocks(threads=1)


def updated(rule, tiny):
    return rule.update(tiny.world, tiny.users, tiny.feed, tiny.clicks, tiny.dice, BLOCKS).users


@pytest.mark.parametrize("bounds", ["clip", "none"])
def test_backlash_by_a_loop(bounds):
    for tiny in tiny_worlds():
        rule = Backlash(accept=0.3, reject=0.8, rate=0.9, by="seen", bounds=bounds)
        given = updated(rule, tiny).opinion[:, 0]
        for user in tiny.users:
            x, gaps = tiny.world.users.opinion[user, 0], []
            for item in tiny.feed[user]:
                gap = tiny.world.items.stance[item, 0] - x
                if abs(gap) < 0.3:
                    gaps.append(gap)
                elif abs(gap) > 0.8:
                    gaps.append(-gap)
            wanted = x + 0.9 * np.mean(gaps) if gaps else x
            assert given[user] == pytest.approx(
                np.clip(wanted, -1, 1) if bounds == "clip" and gaps else wanted, abs=1e-12
            )
    assert Backlash(accept=0.5, reject=0.4).problems()[0][0] == "reject"


def test_satiation_rises_and_fades():
    for tiny in tiny_worlds():
        rule, level = Fatigue(gain=0.5, keep=0.6), np.zeros((48, 8))
        world = tiny.world
        for _ in range(3):
            world = rule.update(world, tiny.users, tiny.feed, tiny.clicks, tiny.dice, BLOCKS)
            level *= 0.6
            for user in tiny.users:
                for item, clicked in zip(tiny.feed[user], tiny.clicks[user], strict=True):
                    level[user] += 0.5 * clicked * tiny.world.items.topics[item]
        assert world.users.satiation == pytest.approx(level, abs=1e-5)


def test_memory_by_a_loop():
    for tiny in tiny_worlds():
        rule, world = Memory(capacity=3), tiny.world
        held = [[] for _ in range(48)]
        for step in range(4):
            dice = Dice(9, step)
            feed, clicks = np.roll(tiny.feed, step, axis=0), np.roll(tiny.clicks, step + 1, axis=0)
            world = rule.update(world, tiny.users, feed, clicks, dice, BLOCKS)
            luck = dice.uniform("memory", tiny.users, 8)
            for user in tiny.users:
                for place, (item, clicked) in enumerate(zip(feed[user].tolist(), clicks[user], strict=True)):
                    if clicked and item not in held[user]:
                        if len(held[user]) < 3:
                            held[user].append(item)
                        else:
                            held[user][int(luck[user, place] * 3)] = item
        for user in tiny.users:
            assert [item for item in world.users.memory[user].tolist() if item >= 0] == held[user]
            wanted = tiny.world.items.stance[held[user], 0].mean() if held[user] else tiny.world.users.opinion[user, 0]
            assert world.users.opinion[user, 0] == pytest.approx(wanted, abs=1e-12)


def test_the_exact_toy_of_aridor_et_al():
    """4 items, sigma 1, rho 0.5, x0 = 0.5: means (1/4, 1/8, 1/4), variances (3/4, 15/16, 3/4) of the others (R8)."""
    covariance = ring_covariance(4, 0.5)
    mean, variance = condition(np.zeros((1, 4)), covariance, np.array([[0, -1]]), np.array([[0.5, 9, 9, 9]]))
    assert mean[0] == pytest.approx([0.5, 1 / 4, 1 / 8, 1 / 4], abs=1e-12)
    assert variance[0] == pytest.approx([0, 3 / 4, 15 / 16, 3 / 4], abs=1e-12)


@pytest.mark.parametrize("knows", ["nothing", "common"])
def test_beliefs_are_conditioned_on_all_that_was_tried(knows):
    n, luck = 9, Chance(3).generator("x")
    items = content(np.ones((n, 1)), value=luck.normal(size=n))
    world = World(0, people(np.ones((30, 1))), items, Follows.none(30))
    rule = BeliefUpdate(knows=knows, correlation=0.6, spread=0.8, common_weight=0.5, guess_variance=0.2)
    world = rule.ready(world, Chance(3).always)
    start, value = world.users.belief_mean.copy(), world.users.true_value
    tried = [[] for _ in range(30)]
    for step in range(4):
        feed = np.stack([luck.permutation(n)[:2] for _ in range(30)]).astype(np.int32)
        clicks = luck.random((30, 2)) < 0.6
        world = rule.update(world, np.arange(30), feed, clicks, Dice(3, step), BLOCKS)
        for user in range(30):
            tried[user] += [
                i for i, c in zip(feed[user].tolist(), clicks[user], strict=True) if c and i not in tried[user]
            ]
    scale = 1.25 if knows == "nothing" else 1.0
    hop = np.minimum(np.arange(n), n - np.arange(n))
    s = scale * 0.64 * 0.6 ** hop[(np.arange(n)[:, None] - np.arange(n)[None, :]) % n]
    for user in range(30):
        c = tried[user]
        if c:
            k = s[:, c] @ np.linalg.inv(s[np.ix_(c, c)])
            assert world.users.belief_mean[user] == pytest.approx(
                start[user] + k @ (value[user] - start[user])[c], abs=1e-10
            )
            assert world.users.belief_var[user] == pytest.approx(np.diag(s - k @ s[c]), abs=1e-10)
        else:
            assert (world.users.belief_mean[user] == start[user]).all()


def test_who_knows_everything_believes_the_truth():
    world = World(0, people(np.ones((5, 1))), content(np.ones((6, 1))), Follows.none(5))
    known = BeliefUpdate(knows="everything").ready(world, Chance(1).always).users
    assert (known.belief_mean == known.true_value).all()
    assert not known.belief_var.any()


def test_true_values_have_the_variance_that_it_says():
    """V = guess + ring draw + common_weight x shared: variance 0.1 + sigma^2; neighbours correlate by rho in the ring part."""
    n = 20
    world = World(0, people(np.ones((4000, 1))), content(np.ones((n, 1))), Follows.none(4000))
    users = BeliefUpdate(correlation=0.7, spread=1.5, guess_variance=0.1).ready(world, Chance(1).always).users
    own = users.true_value - users.first_guess
    assert own.var() == pytest.approx(2.25, rel=0.03)
    assert users.first_guess.var() == pytest.approx(0.1, rel=0.03)
    assert (own * np.roll(own, 1, axis=1)).mean() == pytest.approx(0.7 * 2.25, rel=0.04)


def in_a_line(opinion, held, capacity=2):
    """People on a line who hold some items; item k stands at k / 10, item 12 is a copy of item 2."""
    items = content(np.ones((13, 1)), stance=np.append(np.arange(12) / 10, 0.2), original=np.append(np.full(12, -1), 2))
    memory = np.full((len(opinion), capacity), -1, np.int32)
    for user, ids in enumerate(held):
        memory[user, : len(ids)] = ids
    persons = people(np.ones((len(opinion), 1)), opinion=np.array(opinion, float), memory=memory)
    return World(0, persons, items, Follows.none(len(opinion)), ("a",))


def read(rule, world, feed, step=1):
    feed, users = np.array(feed, np.int32), np.arange(world.n_users)
    return rule.update(world, users, feed, feed >= 0, Dice(1, step), BLOCKS).users


def test_a_copy_is_the_same_thing():
    after = read(Memory(capacity=2), in_a_line([0.2, 0.5], [[2], []]), [[12], [12]])
    assert after.memory.tolist() == [[2, -1], [2, -1]]
    assert after.opinion[:, 0].tolist() == [0.2, 0.2]


def test_what_is_taken_in_is_judged_by_the_opinion_of_that_moment():
    # the border is a wall for a very large k: 0.9 is too far from 0.5 at first, not from 0.7 after the item at 0.7
    rule = Memory(capacity=5, tolerance=0.3, sharpness=1000.0)
    after = read(rule, in_a_line([0.5, 0.5], [[], []], capacity=5), [[7, 9], [9, 7]])
    assert after.memory[:, :2].tolist() == [[7, 9], [7, -1]]
    assert after.opinion[:, 0] == pytest.approx([0.8, 0.7])


def test_the_chance_to_be_taken_in_is_the_hill_of_the_distance():
    n = 4000
    for item, far in ((5, 0.2), (6, 0.3), (7, 0.4)):
        world = in_a_line([0.3] * n, [[]] * n)
        taken = read(Memory(capacity=2, tolerance=0.3, sharpness=4.0), world, [[item]] * n).memory[:, 0] >= 0
        chance = 0.3**4 / (far**4 + 0.3**4)
        assert taken.mean() == pytest.approx(chance, abs=4 * (chance * (1 - chance) / n) ** 0.5)


def test_a_full_memory_may_forget_when_it_hears_what_it_knows():
    n = 6000
    world = in_a_line([0.3] * n, [[2, 4]] * n)
    assert read(Memory(capacity=2), world, [[2]] * n).memory.tolist() == [[2, 4]] * n
    after = read(Memory(capacity=2, repeats="forget"), world, [[2]] * n)
    # a random one of the two is dropped, then the item is taken in: if it was the item itself, nothing has changed
    lost = (after.memory[:, 1] < 0).mean()
    assert lost == pytest.approx(0.5, abs=4 * 0.5 / n**0.5)
    assert set(map(tuple, after.memory.tolist())) == {(2, 4), (2, -1)}
    assert sorted(set(after.opinion[:, 0].round(12).tolist())) == [0.2, 0.3]
    room = in_a_line([0.3], [[2]])
    assert read(Memory(capacity=2, repeats="forget"), room, [[2]]).memory.tolist() == [[2, -1]]


@pytest.mark.parametrize("dims", [1, 2])
def test_one_person_alone_remembers_to_the_last_bit_what_they_would_among_many(dims):
    """Sums depend on their order, and NumPy adds up a single row in another order than many."""
    luck, n, items = np.random.default_rng(4), 60, 400
    persons = people(
        np.ones((n, 1)),
        opinion=luck.uniform(-1, 1, (n, dims)),
        memory=luck.permuted(np.tile(np.arange(items, dtype=np.int32), (n, 1)), axis=1)[:, :20],
    )
    world = World(3, persons, content(np.ones((items, 1)), stance=luck.uniform(-1, 1, (items, dims))), Follows.none(n))
    feed, clicks = luck.integers(0, items, (n, 12)).astype(np.int32), luck.random((n, 12)) < 0.5
    rule, dice = Memory(capacity=20, tolerance=0.8, repeats="forget"), Dice(2, 3)
    many = rule.move(world, np.arange(n), feed, clicks, dice)
    assert (many["opinion"] != persons.opinion).any(axis=1).sum() > n / 2
    for user in range(n):
        one = slice(user, user + 1)
        alone = rule.move(world, np.arange(n)[one], feed[one], clicks[one], dice)
        for name, rows in alone.items():
            np.testing.assert_array_equal(rows, many[name][one])
