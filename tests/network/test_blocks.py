import numpy as np
import pytest
from scipy import stats

from cocoonsim.core.chance import Chance
from cocoonsim.core.errors import UserError
from cocoonsim.core.follows import Follows
from cocoonsim.core.world import Columns, World, content, people
from cocoonsim.network.blocks import Blocks


def build(group: np.ndarray, seed: int = 1, **settings: float) -> Follows:
    return Blocks(**settings).build(Columns(group=group.astype(np.int32)), Chance(seed))


def test_cross_share_is_the_mixing_in_every_group():
    # a large, a middle and a small group, people of each anywhere in the list
    group = np.random.default_rng(1).permutation(np.repeat([0, 3, 7], [6000, 3000, 600]))
    follows = build(group, degree=12, mixing=0.25)
    cross = group[follows.sources()] != group[follows.targets]
    for one in (0, 3, 7):
        mine = group[follows.sources()] == one
        n = mine.sum()
        assert cross[mine].mean() == pytest.approx(0.25, abs=5 * np.sqrt(0.25 * 0.75 / n))
        members = (group == one).sum()
        assert n / members == pytest.approx(12, abs=5 * np.sqrt(12 / members))


def test_followed_of_ones_own_and_of_others_are_binomial():
    group = np.repeat([0, 1], [4000, 8000])
    follows = build(group, degree=8, mixing=0.3)
    own = group[follows.sources()] == group[follows.targets]
    for kind, mean in ((own, 5.6), (~own, 2.4)):
        for one, available in ((0, 3999), (1, 7999)):
            available = available if kind is own else 12_000 - 1 - available
            counts = np.bincount(follows.sources()[kind], minlength=12_000)[group == one]
            seen = np.bincount(counts, minlength=40)
            expected = stats.binom.pmf(np.arange(len(seen)), available, mean / available) * len(counts)
            usual = expected > 5
            chi2 = ((seen - expected)[usual] ** 2 / expected[usual]).sum()
            assert stats.chi2.sf(chi2, usual.sum() - 1) > 1e-4


def test_every_pair_has_its_chance():
    group, runs = np.array([1, 0, 1, 0, 1, 2]), 4000
    counts = np.zeros((6, 6))
    for seed in range(runs):
        follows = build(group, seed, degree=1.0, mixing=1.0)
        counts[follows.sources(), follows.targets] += 1
    others = (group[:, None] != group[None, :]).sum(axis=1, keepdims=True)
    expected = np.where(group[:, None] != group[None, :], runs / others, 0.0)
    z = (counts - expected) / np.sqrt(np.maximum(expected * (1 - expected / runs), 1e-9))
    assert np.abs(z).max() < 4.5


def test_the_extremes_of_mixing():
    group = np.repeat([0, 1], 50)
    apart, crossed = build(group, mixing=0.0), build(group, mixing=1.0)
    assert (group[apart.sources()] == group[apart.targets]).all()
    assert (group[crossed.sources()] != group[crossed.targets]).all()
    full = build(group, degree=99, mixing=50 / 99)
    assert full.n_arcs == 100 * 99


def test_groups_too_small_for_the_degree_are_refused():
    with pytest.raises(UserError, match="a user would follow 9 people of its group, which has 5 users"):
        build(np.repeat([0, 1], [5, 95]))
    with pytest.raises(UserError, match="a user would follow 8 people of other groups, which have 5 users"):
        build(np.repeat([0, 1], [95, 5]), mixing=0.8)


def test_a_single_group_is_a_random_graph_and_said_to_be_a_misfit():
    follows = build(np.zeros(500), degree=10)
    assert follows.n_arcs / 500 == pytest.approx(10, rel=0.08)
    world = World(0, people(np.ones((500, 1))), content(np.ones((1, 1))), follows)
    assert Blocks().misfits(world, 1)[0][0] == "mixing"
    assert Blocks(mixing=0.0).misfits(world, 1) == []
    assert build(np.zeros(0)).n_users == 0


def test_mutual_ties_go_both_ways_and_keep_degree_and_mixing():
    group = np.repeat([0, 1, 2, 3], 500)
    follows = build(group, degree=20, mixing=0.2, mutual=True)
    back = follows.reversed()
    assert np.array_equal(follows.targets, back.targets)
    assert np.array_equal(follows.starts, back.starts)
    # 20,000 ties, each on its own: the mean degree has a spread of sqrt(2 * 20 / 2000)
    assert follows.degree.mean() == pytest.approx(20, abs=4 * np.sqrt(2 * 20 / 2000))
    cross = group[follows.sources()] != group[follows.targets]
    assert cross.mean() == pytest.approx(0.2, abs=4 * np.sqrt(2 * 0.2 * 0.8 / follows.n_arcs))
