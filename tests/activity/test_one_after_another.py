"""individual, one_at_a_time, permutation and continuous."""

import networkx as nx
import numpy as np
import pytest
from scipy.stats import chisquare

from cocoonsim import Scenario, play
from cocoonsim.activity.continuous import Continuous
from cocoonsim.activity.individual import Individual
from cocoonsim.activity.one_at_a_time import OneAtATime
from cocoonsim.activity.permutation import Permutation, _turns
from cocoonsim.core.chance import Chance
from cocoonsim.core.follows import Follows
from cocoonsim.core.world import World, content, people


def world(n: int, **columns) -> World:
    return World(0, people(np.ones((n, 1)), **columns), content(np.ones((1, 1))), Follows.none(n))


def test_each_comes_at_their_own_rate():
    activity = np.repeat([0.05, 0.4, 1.0], 20_000)
    (batch,) = Individual().batches(world(60_000, activity=activity), Chance(1).at(0))
    for rate in (0.05, 0.4, 1.0):
        share = np.isin(np.flatnonzero(activity == rate), batch).mean()
        assert abs(share - rate) <= 4 * np.sqrt(rate * (1 - rate) / 20_000)
    (half,) = Individual(scale=0.5).batches(world(60_000, activity=activity), Chance(1).at(0))
    assert set(half) <= set(batch)
    assert Individual().misfits(world(2, activity=np.array([-0.1, 0.2])), 5)[0][0] == "scale"


def test_a_permutation_has_everybody_once_and_every_order_is_as_likely():
    orders = np.zeros((3, 3))
    for step in range(6000):
        batches = list(Permutation().batches(world(3), Chance(1).at(step)))
        assert sorted(int(batch[0]) for batch in batches) == [0, 1, 2]
        for place, batch in enumerate(batches):
            orders[place, batch[0]] += 1
    assert chisquare(orders.ravel()).pvalue > 1e-3


def test_one_at_a_time_draws_with_replacement():
    visits = np.concatenate(list(OneAtATime(events=30_000).batches(world(10), Chance(1).at(0))))
    assert chisquare(np.bincount(visits, minlength=10)).pvalue > 1e-3
    assert len(list(OneAtATime().batches(world(10), Chance(1).at(0)))) == 1


def test_who_comes_twice_in_a_step_throws_new_dice():
    spec = {
        "steps": 1, "slate": 4, "population": {"kind": "uniform", "users": 1}, "ranking": "shuffled", "influence": "none",
        "catalogue": {"kind": "topic_mix", "items": 50, "topics": 3}, "activity": {"kind": "one_at_a_time", "events": 6},
    }  # fmt: skip
    (moment,) = play(Scenario.from_dict(spec))
    assert moment.users.tolist() == [0] * 6
    assert len({tuple(feed) for feed in moment.feed.tolist()}) == 6


@pytest.mark.parametrize("activity", ["permutation", "one_at_a_time"])
def test_later_visitors_meet_what_earlier_ones_clicked(activity):
    """With popularity and one place, whoever comes after the first click sees the item that was clicked, or ties with it."""
    spec = {
        "steps": 1, "slate": 1, "population": {"kind": "uniform", "users": 30}, "ranking": "popularity", "influence": "none",
        "catalogue": {"kind": "topic_mix", "items": 40, "topics": 3}, "choice": "accepts_all",
        "activity": {"kind": activity, **({"events": 30} if activity == "one_at_a_time" else {})},
    }  # fmt: skip
    (moment,) = play(Scenario.from_dict(spec))
    assert (moment.feed == moment.feed[0]).all()
    (at_once,) = play(Scenario.from_dict({**spec, "activity": "everyone"}))
    assert len(np.unique(at_once.feed)) > 10
    assert moment.history.shown.sum() == 0  # the audience compares with what was known before the step


def test_continuous_time_says_how_long_a_step_is():
    assert (Continuous(dt=0.2).dt, Continuous().integrator, Permutation().dt, Permutation().integrator) == (
        0.2, "rk4", 1.0, "euler",
    )  # fmt: skip


@pytest.mark.parametrize("mutual", [False, True])
@pytest.mark.parametrize("seed", range(5))
def test_people_together_come_as_early_as_those_whom_they_follow_allow(seed, mutual):
    """Against the definition, person by person: after followees who are earlier, not before followers who are earlier."""
    luck = np.random.default_rng(seed)
    order = luck.permutation(40)
    graph = nx.gnp_random_graph(40, 0.1, seed=seed, directed=not mutual).to_directed()
    arcs = np.array(graph.edges)
    turn = _turns(order, arcs[:, 0], arcs[:, 1])
    expected = {}
    for person in order.tolist():
        followees = [expected[other] + 1 for other in graph.successors(person) if other in expected]
        followers = [expected[other] for other in graph.predecessors(person) if other in expected]
        expected[person] = max([0, *followees, *followers])
    assert turn.tolist() == [expected[person] for person in range(40)]
    assert len(set(turn.tolist())) < 20


def test_people_together_read_what_they_would_have_read_one_by_one():
    """Posts pass along ties only, and nothing is left to chance but the order: the same opinions, in fewer visits."""
    spec = {
        "steps": 6, "slate": 30, "population": {"kind": "uniform", "users": 60, "dimensions": 2},
        "ranking": {"kind": "newest", "oldest_first": True},
        "catalogue": {"kind": "scattered", "items": 0}, "network": {"kind": "erdos_renyi", "degree": 6.0},
        "candidates": {"kind": "followed", "unread": True}, "choice": "accepts_all",
        "influence": {"kind": "bounded_confidence", "tolerance": 9.0},
        "publishing": {"kind": "user_posts", "when": "reading", "topics": "mixture", "lifespan": 2},
    }  # fmt: skip

    def played(together):
        last = list(play(Scenario.from_dict({**spec, "activity": {"kind": "permutation", "together": together}})))[-1]
        order = np.argsort(last.users)
        read = [np.sort(last.world.items.author[feed[feed >= 0]]).tolist() for feed in last.feed[order]]
        return last.after.users.opinion, read, int(last.world.items.turn.max())

    together, one_by_one = played(True), played(False)
    assert np.allclose(together[0], one_by_one[0], rtol=0, atol=1e-12)
    assert together[1] == one_by_one[1]
    assert sum(map(len, together[1])) > 200
    assert (together[2] < 30, one_by_one[2]) == (True, 60)


def test_without_ties_everybody_comes_at_once():
    (batch,) = Permutation(together=True).batches(world(7), Chance(1).at(0))
    assert batch.tolist() == list(range(7))
