import math

import networkx as nx
import numpy as np
import pytest
from scipy import stats

from cocoonsim.metrics.neighbour_correlation import NeighbourCorrelation

CLIQUES = [(a, b) for camp in (range(4), range(4, 8)) for a in camp for b in camp if a != b] + [(3, 4), (4, 3)]


def moment(moment_of, opinion, arcs, **more):
    return moment_of(np.eye(2), np.zeros((len(opinion), 1)), opinion=opinion, arcs=arcs, **more)


def value_of(moment):
    return NeighbourCorrelation().measure(moment)[0].values[0]


def test_two_cliques_joined_by_an_edge(moment_of, oracle):
    """By hand: the two ends of the edge see a mean of 1/2, so .875 / sqrt(.8125)."""
    value = value_of(moment(moment_of, [-1] * 4 + [1] * 4, CLIQUES))
    assert value == pytest.approx(0.875 / math.sqrt(0.8125))
    naive = oracle("network")
    edges = [(a, b) for a, b in CLIQUES if a < b]
    assert value == pytest.approx(naive.nci(naive.adj(8, edges), [-1] * 4 + [1] * 4))


def test_undefined(moment_of):
    ones = moment(moment_of, [1] * 8, CLIQUES)
    assert np.isnan(value_of(ones))
    assert np.isnan(NeighbourCorrelation().measure(ones)[0].null[0])
    assert np.isnan(value_of(moment(moment_of, [0.1] * 8, CLIQUES)))  # means of equal numbers differ by rounding
    assert np.isnan(value_of(moment(moment_of, [-1, 1, 0.5], [])))
    assert np.isnan(value_of(moment(moment_of, [-1, 1, 0.5], [(0, 1)])))


def test_the_isolated_are_left_out_and_counted(moment_of):
    lonely = moment(moment_of, [-1] * 4 + [1] * 4 + [0.3, -0.7], CLIQUES)
    assert value_of(lonely) == pytest.approx(0.875 / math.sqrt(0.8125))
    assert NeighbourCorrelation().measure(lonely)[0].undefined == 2


def test_directed_ties_against_networkx_and_scipy(moment_of):
    graph = nx.gnp_random_graph(40, 0.05, seed=3, directed=True)
    opinion = np.random.default_rng(0).uniform(-1, 1, 40)
    followers = [u for u in graph if graph.out_degree(u)]
    circle = [np.mean([opinion[v] for v in graph.successors(u)]) for u in followers]
    value = value_of(moment(moment_of, opinion, list(graph.edges)))
    assert 0 < len(followers) < 40
    assert value == pytest.approx(stats.pearsonr(opinion[followers], circle).statistic, abs=1e-12)


def test_karate_club_against_the_naive_oracle(moment_of, oracle):
    club = nx.karate_club_graph()
    opinion = [1.0 if club.nodes[u]["club"] == "Officer" else -1.0 for u in club]
    arcs = [*club.edges, *((b, a) for a, b in club.edges)]
    naive = oracle("network")
    assert value_of(moment(moment_of, opinion, arcs)) == pytest.approx(naive.nci(naive.adj(34, club.edges), opinion))


def test_no_excess_when_opinions_are_dealt_out_at_random(moment_of, standard_errors):
    """A regular graph, so that everyone is in one class of degree: the null must follow the graph's own bias."""
    rng = np.random.default_rng(1)
    graph = nx.random_regular_graph(4, 40, seed=2)
    arcs = [*graph.edges, *((b, a) for a, b in graph.edges)]
    opinion = rng.uniform(-1, 1, 40)
    excess = [
        NeighbourCorrelation().measure(moment(moment_of, rng.permutation(opinion), arcs, seed=seed))[0].excess[0]
        for seed in range(150)
    ]
    assert abs(standard_errors(np.array(excess))) < 4


def test_opinions_change_hands_only_among_those_with_as_many_ties(moment_of):
    """Each class of degree holds one opinion, so no shuffle changes anything: the excess is 0 though the value is not."""
    ring = [(u, (u + 1) % 6) for u in range(6)]
    busy = [(u, v) for u in range(6, 12) for v in range(6, 12) if u != v]
    (reading,) = NeighbourCorrelation().measure(moment(moment_of, [-1] * 6 + [1] * 6, ring + busy))
    assert reading.values[0] == pytest.approx(1)
    assert reading.excess[0] == pytest.approx(0)


def test_the_same_dice_give_the_same_null(moment_of):
    opinion = np.random.default_rng(0).uniform(-1, 1, 8)
    nulls = [NeighbourCorrelation().measure(moment(moment_of, opinion, CLIQUES, seed=s))[0].null[0] for s in (1, 1, 2)]
    assert nulls[0] == nulls[1] != nulls[2]
