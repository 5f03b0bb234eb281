"""`liking: product`: affinity is interest times topic, wherever it is used."""

import numpy as np
import pytest

from cocoonsim import Scenario, play
from cocoonsim.core.follows import Follows
from cocoonsim.core.world import World, content, people

INTERESTS = np.array([[0.5, 0.3, 0.2], [0.1, 0.1, 0.8]])
TOPICS = np.array([[1.0, 0.0, 0.0], [0.0, 0.5, 0.5]])


def test_affinity_is_the_product_or_the_cosine():
    """Products and cosines by numpy; both are taken on a grid of 2^-12."""
    for liking in ("product", "cosine"):
        world = World(0, people(INTERESTS), content(TOPICS), Follows.none(2), liking=liking)
        expected = INTERESTS @ TOPICS.T
        if liking == "cosine":
            expected = expected / np.linalg.norm(INTERESTS, axis=1)[:, None] / np.linalg.norm(TOPICS, axis=1)
        assert world.affinity(np.arange(2), np.arange(2)) == pytest.approx(expected, abs=1e-3)
        own = np.array([[0, -1], [1, 0]])
        assert world.affinity(np.arange(2), own)[1] == pytest.approx(expected[1, [1, 0]], abs=1e-3)
        assert world.affinity(np.arange(2), own)[0, 1] == 0


def test_the_perfect_recommender_and_the_measure_of_utility_go_by_it():
    """A person with interests 0.6 and 0.4 likes the pure item by product (0.6 > 0.52), the mixed one by cosine (1)."""
    settings = {
        "steps": 1, "slate": 1, "population": {"kind": "uniform", "users": 3}, "network": "none", "ranking": "oracle",
        "catalogue": {"kind": "topic_mix", "items": 30, "topics": 2, "concentration": 1.0}, "choice": "accepts_all",
    }  # fmt: skip
    for liking in ("product", "cosine"):
        (moment,) = play(Scenario.from_dict(settings | {"liking": liking}), seed=2)
        interests, topics = moment.world.users.interests.astype(float), moment.world.items.topics.astype(float)
        worth = interests @ topics.T
        if liking == "cosine":
            worth = worth / np.linalg.norm(interests, axis=1)[:, None] / np.linalg.norm(topics, axis=1)
        shown = np.take_along_axis(worth, moment.feed.astype(np.int64), axis=1)[:, 0]
        assert shown == pytest.approx(worth.max(axis=1), abs=1e-3)


def test_other_words_are_refused():
    with pytest.raises(Exception, match="liking"):
        Scenario.from_dict({"liking": "sum"})
