import numpy as np
import pytest

from cocoonsim.core.blocks import Blocks
from cocoonsim.influence.reinforcement import Reinforcement
from cocoonsim.testing import tiny_worlds

TOPICS = [[1.0, 0.0], [0.0, 1.0], [0.5, 0.5]]


@pytest.mark.parametrize(
    ("rate", "away", "clicks", "interests"),
    [
        (0.1, 0.0, [1, 0, 0], [0.64, 0.36]),  # 0.6 + 0.1 (1 - 0.6)
        (0.1, 0.0, [1, 1, 0], [0.59, 0.41]),  # 0.6 + 0.1 (0.5 - 0.6)
        (0.0, 0.2, [1, 0, 1], [0.72, 0.28]),  # 0.6 - 0.2 (0 - 0.6)
        (0.1, 0.2, [1, 0, 0], [0.71, 0.29]),  # 0.6 + 0.1 (1 - 0.6) - 0.2 (0.25 - 0.6)
        (0.5, 1.0, [1, 0, 1], [1.0, 0.0]),  # 0.6 + 0.5 (0.75 - 0.6) - 1 (0 - 0.6) = 1.275, so the other is below 0: cut
        (0.1, 0.0, [0, 0, 0], [0.6, 0.4]),
    ],
)
def test_by_hand(after, rate, away, clicks, interests):
    rule = Reinforcement(rate=rate, away=away)
    world = after(rule, [[0, 1, 2, -1]], [[*clicks, 0]], interests=[[0.6, 0.4]], topics=TOPICS)
    assert np.allclose(world.users.interests, [interests], atol=1e-6)


def test_who_does_nothing_keeps_every_bit(after):
    third = np.full((2, 3), 1 / 3)
    feed, clicks = [[0, 1], [-1, -1]], np.zeros((2, 2))
    for rule in (Reinforcement(), Reinforcement(rate=0.0, away=0.0)):
        world = after(rule, feed, clicks, interests=third, topics=np.eye(3))
        assert (world.users.interests == third.astype(np.float32)).all()


def test_interest_comes_to_what_is_always_clicked(after):
    """The distance to a fixed target shrinks by the factor 1 - rate in each step."""
    interests = np.array([[0.2, 0.3, 0.5]])
    target = np.array([[1.0, 0.0, 0.0]])
    for step in range(1, 31):
        interests = after(Reinforcement(rate=0.1), [[0]], [[1]], interests=interests, topics=np.eye(3)).users.interests
        assert np.allclose(interests - target, 0.9**step * (np.array([[0.2, 0.3, 0.5]]) - target), atol=1e-5)


def test_same_as_a_plain_loop():
    rule = Reinforcement(rate=0.3, away=0.4)
    for tiny in tiny_worlds():
        after = rule.update(tiny.world, tiny.users, tiny.feed, tiny.clicks, tiny.dice, Blocks(users=7, threads=2))
        for user in tiny.users:
            mine = tiny.world.users.interests[user].astype(float)
            new = mine.copy()
            for part, marked in ((rule.rate, True), (-rule.away, False)):
                topics = [
                    tiny.world.items.topics[i]
                    for i, c in zip(tiny.feed[user], tiny.clicks[user], strict=True)
                    if i >= 0 and c == marked
                ]
                if topics:
                    new += part * (np.mean(topics, axis=0) - mine)
            new = np.maximum(new, 0)
            assert np.allclose(after.users.interests[user], new / new.sum(), atol=1e-6)
