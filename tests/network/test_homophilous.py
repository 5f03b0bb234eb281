import numpy as np
import pytest

from cocoonsim.core.chance import Chance
from cocoonsim.core.errors import UserError
from cocoonsim.core.world import people
from cocoonsim.network.homophilous import Homophilous

N = 3000


def crowd(shares=(0.7, 0.3)):
    group = np.repeat(np.arange(len(shares)), [round(share * N) for share in shares])
    opinion = Chance(1).generator("o").uniform(-1, 1, N)
    return people(Chance(1).generator("i").dirichlet(np.ones(4), N), group=group, opinion=opinion)


@pytest.mark.parametrize("homophily", [0.5, 1.0, 1.3])
def test_ties_join_like_so_many_times_as_often_as_by_chance(homophily):
    users = crowd()
    follows = Homophilous(degree=20, homophily=homophily).build(users, Chance(3))
    assert (follows.degree == 20).all()
    same = users.group[follows.sources()] == users.group[follows.targets]
    for group, size in ((0, 2100), (1, 900)):
        mine = users.group[follows.sources()] == group
        chance = homophily * (size - 1) / (N - 1)
        assert abs(same[mine].mean() - chance) <= 4 * np.sqrt(chance * (1 - chance) / mine.sum())


def test_the_chance_ends_at_one():
    users = crowd()
    follows = Homophilous(degree=5, homophily=100.0).build(users, Chance(3))
    assert (users.group[follows.sources()] == users.group[follows.targets]).all()


def test_by_opinion_alike_are_the_nearest():
    users = crowd()
    follows = Homophilous(degree=10, homophily=4.0, by="opinion", reach=0.2).build(users, Chance(3))
    rank = np.argsort(np.argsort(users.opinion[:, 0]))
    size = round(0.2 * (N - 1)) + 1
    first = np.clip(rank - size // 2, 0, N - size)
    to = rank[follows.targets]
    near = (to >= first[follows.sources()]) & (to < first[follows.sources()] + size)
    chance = 4.0 * (size - 1) / (N - 1)
    assert abs(near.mean() - chance) <= 4 * np.sqrt(chance * (1 - chance) / near.size)


def test_by_interests_alike_share_a_favourite():
    users = crowd()
    favourite = users.interests.argmax(axis=1)
    follows = Homophilous(degree=10, homophily=1000.0, by="interests").build(users, Chance(3))
    assert (favourite[follows.sources()] == favourite[follows.targets]).all()


def test_small_circles_overflow_into_the_rest():
    users = people(np.ones((10, 1)), group=np.array([0, 0] + [1] * 8))
    follows = Homophilous(degree=4, homophily=50.0).build(users, Chance(3))
    assert (follows.degree == 4).all()
    assert {0, 1} <= set(follows.of(0).tolist()) | {0}
    with pytest.raises(UserError, match="at most 9"):
        Homophilous(degree=10).build(users, Chance(3))
