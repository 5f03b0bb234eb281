"""Random-walk controversy against the naive oracle, networkx and hand-made cases."""

from dataclasses import replace

import networkx as nx
import numpy as np
import pytest

from cocoonsim.core.follows import Follows
from cocoonsim.metrics.rwc import Rwc, controversy

CLIQUES = [(a, b) for camp in (range(4), range(4, 8)) for a in camp for b in camp if a != b] + [(3, 4), (4, 3)]
SIDES = [-1] * 4 + [1] * 4


def value_of(moment_of, opinion, arcs, **settings):
    moment = moment_of(np.eye(2), np.zeros((len(opinion), 1)), opinion=opinion, arcs=arcs)
    return Rwc(**{"shuffles": 0, **settings}).measure(moment)[0].values[0]


def test_two_cliques_joined_by_an_edge(moment_of):
    """The oracle's own check: 0.60453..., which networkx's PageRank gives too."""
    assert value_of(moment_of, SIDES, CLIQUES) == pytest.approx(0.6045317220543811, abs=1e-9)


def test_karate_club_against_the_naive_oracle(moment_of, oracle):
    club = nx.karate_club_graph()
    label = [int(club.nodes[u]["club"] == "Officer") for u in club]
    arcs = [*club.edges, *((b, a) for a, b in club.edges)]
    naive = oracle("network")
    expected = naive.ppr_rwc(naive.adj(34, club.edges), label)
    assert value_of(moment_of, [2.0 * one - 1 for one in label], arcs) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("hubs", [0.0, 0.05, 0.3])
def test_directed_ties_and_hubs_against_networkx(hubs):
    """Out-ties of those with more ties than the percentile are cut, as the published code does; dead ends jump home."""
    graph = nx.gnp_random_graph(60, 0.06, seed=4, directed=True)
    side = np.random.default_rng(1).integers(0, 2, 60)
    cut = graph.copy()
    if hubs:
        most = np.percentile([d for _, d in graph.degree], 100 * (1 - hubs))
        cut.remove_edges_from([(u, v) for u, v in graph.edges if graph.degree[u] > most])
    rank = {
        s: nx.pagerank(cut, 0.85, {u: float(side[u] == s) for u in graph}, tol=1e-13, max_iter=1000) for s in (0, 1)
    }
    share = {(s, t): sum(rank[s][u] for u in graph if side[u] == t) for s in (0, 1) for t in (0, 1)}
    expected = share[0, 0] * share[1, 1] - share[0, 1] * share[1, 0]
    sources, targets = np.array(graph.edges).T
    assert controversy(Follows.from_arcs(60, sources, targets), side, hubs) == pytest.approx(expected, abs=1e-9)


def test_sides_by_border_and_by_group(moment_of):
    shifted = [0.2] * 4 + [0.8] * 4
    assert np.isnan(value_of(moment_of, shifted, CLIQUES))  # all above 0
    assert value_of(moment_of, shifted, CLIQUES, border=0.5) == pytest.approx(0.6045317220543811)
    moment = moment_of(np.eye(2), np.zeros((8, 1)), opinion=shifted, arcs=CLIQUES)
    grouped = replace(moment, world=moment.world.with_users(group=np.array([0] * 4 + [1] * 4)))
    assert Rwc(sides="group", shuffles=0).measure(grouped)[0].values[0] == pytest.approx(0.6045317220543811)


def test_undefined_without_ties(moment_of):
    assert np.isnan(value_of(moment_of, SIDES, []))


def test_no_excess_when_ties_do_not_mind_sides(moment_of, standard_errors):
    rng = np.random.default_rng(2)
    graph = nx.gnp_random_graph(40, 0.1, seed=3, directed=True)
    excess = []
    for seed in range(100):
        opinion = rng.permutation([-1.0] * 20 + [1.0] * 20)
        moment = moment_of(np.eye(2), np.zeros((40, 1)), opinion=opinion, arcs=list(graph.edges), seed=seed)
        excess.append(Rwc(shuffles=3).measure(moment)[0].excess[0])
    assert abs(standard_errors(np.array(excess))) < 4
