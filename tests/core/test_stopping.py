import networkx as nx
import numpy as np
import pytest

from cocoonsim import Scenario, play
from cocoonsim.core.follows import Follows
from cocoonsim.core.stopping import absorbed, segregated


@pytest.mark.parametrize("seed", range(20))
def test_absorbed_is_what_a_look_at_every_pair_says(seed):
    luck = np.random.Generator(np.random.Philox(seed))
    opinion = np.concatenate([luck.normal(centre, 10.0 ** -luck.integers(3, 6), 5) for centre in luck.uniform(0, 2, 4)])
    gap = np.abs(opinion[:, None] - opinion[None, :])
    for within in (0.05, 0.2, 0.5):
        assert absorbed(opinion, within) == (not ((gap > 1e-3) & (gap <= within)).any())


@pytest.mark.parametrize("seed", range(20))
def test_segregated_is_what_networkx_says(seed):
    luck = np.random.Generator(np.random.Philox(seed))
    n, arcs = 30, 24
    follows = Follows.from_arcs(n, luck.integers(0, n, arcs), luck.integers(0, n, arcs))
    opinion = luck.random(n)
    graph = nx.DiGraph(list(zip(follows.sources().tolist(), follows.targets.tolist(), strict=True)))
    graph.add_nodes_from(range(n))
    pieces = [list(piece) for piece in nx.weakly_connected_components(graph)]
    for within in (0.3, 0.6, 0.9, 1.0):
        spans = [np.ptp(opinion[piece]) for piece in pieces]
        assert segregated(follows, opinion, within) == (len(pieces) > 1 and max(spans) <= within)


def test_one_piece_is_not_segregated_however_alike():
    assert not segregated(Follows.from_arcs(2, np.array([0]), np.array([1])), np.zeros(2), 1.0)


def ending(**settings) -> tuple[str, int]:
    common = {"steps": 6, "slate": 3, "population": {"kind": "two_camps", "users": 20}, "choice": "bernoulli"}
    *_, last = play(Scenario.from_dict({**common, **settings}))
    return last.stopped, last.step


def test_a_run_says_why_it_stopped():
    assert ending() == ("steps", 5)
    assert ending(freeze_below=0.01) == ("frozen", 0)  # nobody is influenced in this scenario
    assert ending(stop_absorbed=0.0) == ("steps", 5)
    assert ending(stop_absorbed=1e-9) == ("absorbed", 0)  # nobody has opinions this close but not the same
    network = {"kind": "blocks", "degree": 4, "mixing": 0.0}
    assert ending(stop_segregated=2.0, network=network) == ("segregated", 0)
