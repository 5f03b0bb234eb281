import networkx as nx
import numpy as np
import pytest

from cocoonsim.core.chance import Chance
from cocoonsim.core.errors import UserError
from cocoonsim.core.follows import Follows
from cocoonsim.core.world import Columns
from cocoonsim.network.small_world import SmallWorld


def build(n: int, seed: int = 1, **settings: float) -> Follows:
    return SmallWorld(**settings).build(Columns(group=np.zeros(n, np.int32)), Chance(seed))


def undirected(follows: Follows) -> nx.Graph:
    return nx.Graph(zip(follows.sources().tolist(), follows.targets.tolist(), strict=True))


@pytest.mark.parametrize("k", [4, 10])
def test_without_rewiring_it_is_the_ring_of_networkx(k):
    follows = build(60, neighbours=k, rewire=0.0)
    ours = undirected(follows)
    assert nx.utils.graphs_equal(nx.Graph(sorted(ours.edges)), ours)
    assert {frozenset(edge) for edge in ours.edges} == {
        frozenset(edge) for edge in nx.watts_strogatz_graph(60, k, 0.0).edges
    }
    # Watts & Strogatz (1998), via Barrat & Weigt (2000): C(0) = 3 (k - 2) / (4 (k - 1))
    assert nx.average_clustering(ours) == pytest.approx(3 * (k - 2) / (4 * (k - 1)))


def test_rewiring_lowers_clustering_as_in_theory():
    # Barrat & Weigt (2000): C(p) is about C(0) (1 - p)^3
    k, p = 10, 0.2
    values = [nx.average_clustering(undirected(build(1000, seed, neighbours=k, rewire=p))) for seed in (1, 2, 3)]
    assert np.mean(values) == pytest.approx(3 * (k - 2) / (4 * (k - 1)) * (1 - p) ** 3, rel=0.06)
    theirs = [nx.average_clustering(nx.watts_strogatz_graph(1000, k, p, seed=seed)) for seed in (1, 2, 3)]
    assert np.mean(values) == pytest.approx(np.mean(theirs), rel=0.05)


def test_ties_stay_mutual_and_as_many_and_the_right_share_is_moved():
    n, k, p = 5000, 10, 0.3
    follows = build(n, neighbours=k, rewire=p)
    assert follows.n_arcs == n * k
    assert np.array_equal(follows.reversed().targets, follows.targets)
    distance = np.abs(follows.sources() - follows.targets)
    distance = np.minimum(distance, n - distance)
    far = (distance > k // 2).mean()
    assert far == pytest.approx(p, abs=5 * np.sqrt(p * (1 - p) / (n * k / 2)))


def test_degrees_have_the_variance_of_theory():
    # Barrat & Weigt (2000): k/2 kept ends, plus Binomial(k/2, 1-p) not moved away, plus Poisson(k p/2) moved here
    k, p = 10, 0.5
    degree = build(40_000, neighbours=k, rewire=p).degree
    assert degree.min() >= k // 2
    assert degree.var() == pytest.approx(k / 2 * p * (1 - p) + k * p / 2, rel=0.03)


@pytest.mark.parametrize(("n", "k"), [(7, 6), (8, 6), (9, 6), (5, 0), (3, 2), (1, 0)])
def test_nearly_full_and_tiny_networks_keep_their_ties(n, k):
    follows = build(n, neighbours=k, rewire=1.0)
    assert follows.n_arcs == n * k


def test_mistakes_are_told():
    assert SmallWorld(neighbours=3).problems()[0][0] == "neighbours"
    assert SmallWorld(neighbours=4).problems() == []
    with pytest.raises(UserError, match="neighbours = 10, but there are only 10 users"):
        build(10)
