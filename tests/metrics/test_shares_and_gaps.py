"""harmful_share, cross_group_share, ei_index, group_opinion_gap, bimodality, user_overlap, exposure_parity, top_item_share,
taste_divergence: against loops, closed forms and, for nulls, simulation by the model they name."""

from itertools import combinations
from math import log2

import networkx as nx
import numpy as np
import pytest
from scipy.stats import norm

from cocoonsim.core.chance import Chance
from cocoonsim.core.follows import Follows
from cocoonsim.metrics.bimodality import Bimodality
from cocoonsim.metrics.cross_group_share import CrossGroupShare
from cocoonsim.metrics.ei_index import EiIndex
from cocoonsim.metrics.exposure_parity import ExposureParity
from cocoonsim.metrics.group_opinion_gap import GroupOpinionGap
from cocoonsim.metrics.harmful_share import HarmfulShare
from cocoonsim.metrics.taste_divergence import TasteDivergence
from cocoonsim.metrics.top_item_share import TopItemShare
from cocoonsim.metrics.user_overlap import UserOverlap
from cocoonsim.testing import tiny_worlds


def with_users(tiny, **columns):
    object.__setattr__(tiny, "world", tiny.world.with_users(**columns))
    return tiny.moment


@pytest.mark.parametrize("metric", [HarmfulShare(), CrossGroupShare()], ids=["harmful", "cross"])
def test_shares_are_counted(metric):
    for tiny in tiny_worlds():
        moment, items = tiny.moment, tiny.world.items
        shown, clicked = metric.measure(moment)
        for user in tiny.users:
            own = tiny.world.users.group[user]
            mark = items.harmful if isinstance(metric, HarmfulShare) else items.group != own
            assert shown.values[user] == pytest.approx(np.mean([mark[i] for i in moment.feed[user]]))
            picks = [mark[i] for i, c in zip(moment.feed[user], moment.clicks[user], strict=True) if c]
            assert clicked.values[user] == pytest.approx(np.mean(picks) if picks else np.nan, nan_ok=True)
            assert shown.null[user] == pytest.approx(mark[moment.live].mean())


def test_ei_is_twice_the_share_of_cross_ties_minus_one_and_networkx_knows_its_null():
    """Label assortativity (networkx) is (inside - chance) / (1 - chance) with chance = sum of a_g b_g."""
    for tiny in tiny_worlds("two_camps", "melting_pot", "lonely_user"):
        follows, group = tiny.world.follows, tiny.world.users.group
        (said,) = EiIndex().measure(tiny.moment)
        inside = np.mean([group[u] == group[v] for u, v in zip(follows.sources(), follows.targets, strict=True)])
        assert said.values[0] == pytest.approx(1 - 2 * inside)
        chance = (1 - said.null[0]) / 2
        graph = nx.DiGraph(list(zip(follows.sources().tolist(), follows.targets.tolist(), strict=True)))
        nx.set_node_attributes(graph, dict(enumerate(group.tolist())), "group")
        r = nx.attribute_assortativity_coefficient(graph, "group")
        assert (inside - chance) / (1 - chance) == pytest.approx(r)


def test_ei_without_ties_is_undefined():
    tiny = next(tiny_worlds("two_camps"))
    object.__setattr__(tiny.world, "follows", Follows.none(48))
    assert np.isnan(EiIndex().measure(tiny.moment)[0].values[0])


def test_eta_squared_by_hand_and_its_null_by_shuffling():
    """Opinions 0, 2 | 4, 6: total sum of squares 20, between groups 16, so 0.8."""
    tiny = next(tiny_worlds("two_camps"))
    opinion, group = np.tile([0.0, 2.0, 4.0, 6.0], 12)[:, None], np.tile([0, 0, 1, 1], 12).astype(np.int32)
    (said,) = GroupOpinionGap().measure(with_users(tiny, opinion=opinion, group=group))
    assert said.values[0] == pytest.approx(0.8)
    assert said.null[0] == pytest.approx(1 / 47)
    luck, drawn = Chance(1).generator("x"), []
    for _ in range(400):
        tiny = next(tiny_worlds("two_camps"))
        (shuffled,) = GroupOpinionGap().measure(with_users(tiny, opinion=opinion, group=luck.permutation(group)))
        drawn.append(shuffled.values[0])
    assert abs(np.mean(drawn) - 1 / 47) <= 4 * np.std(drawn) / 20
    tiny = next(tiny_worlds("two_camps"))
    assert np.isnan(GroupOpinionGap().measure(with_users(tiny, opinion=np.ones((48, 1))))[0].values[0])


@pytest.mark.parametrize("shape", ["even", "camps", "normal"])
def test_bimodality_by_its_formula(shape):
    """48 symmetric opinions, so g1 = 0; G2 from its definition (Joanes & Gill 1998, b = 2), written out here."""
    opinion = {
        "even": np.linspace(-1, 1, 48), "camps": np.repeat([-1.0, 1.0], 24), "normal": norm.ppf((np.arange(48) + 0.5) / 48),
    }[shape]  # fmt: skip
    n, x = 48, opinion - opinion.mean()
    m2, m4 = (x**2).mean(), (x**4).mean()
    g2 = (n - 1) / ((n - 2) * (n - 3)) * ((n + 1) * (m4 / m2**2 - 3) + 6)
    wanted = 1 / (g2 + 3 * (n - 1) ** 2 / ((n - 2) * (n - 3)))
    (said,) = Bimodality().measure(with_users(next(tiny_worlds("two_camps")), opinion=opinion[:, None]))
    assert said.values[0] == pytest.approx(wanted, rel=1e-9)


def test_bimodality_of_the_oracle(oracle):
    module = oracle("polarisation")
    name = next((name for name in dir(module) if "bimodal" in name.lower() and callable(getattr(module, name))), "")
    if not name:
        pytest.skip("the oracle has no bimodality coefficient")
    opinion = Chance(3).generator("x").normal(size=48) ** 3
    (said,) = Bimodality().measure(with_users(next(tiny_worlds("two_camps")), opinion=opinion[:, None]))
    assert said.values[0] == pytest.approx(getattr(module, name)(opinion.tolist()), rel=1e-9)


def test_overlap_is_that_of_all_pairs():
    for tiny in tiny_worlds():
        (said,) = UserOverlap().measure(tiny.moment)
        feeds = [set(feed.tolist()) for feed in tiny.feed]
        pairs = [len(a & b) for a, b in combinations(feeds, 2)]
        assert said.values[0] == pytest.approx(np.mean(pairs) / 8)
        assert said.null[0] == pytest.approx(8 / len(tiny.platform.live))


def test_overlap_by_chance_with_feeds_of_several_lengths():
    """Means over random feeds of lengths 2, 5 and 8, against the exact expectation."""
    luck, tiny = Chance(2).generator("x"), next(tiny_worlds("melting_pot"))
    live, drawn = tiny.platform.live, []
    for _ in range(600):
        feed = np.stack([luck.permutation(live)[:8] for _ in range(48)]).astype(np.int32)
        feed[:16, 2:], feed[16:32, 5:] = -1, -1
        object.__setattr__(tiny, "feed", feed)
        object.__setattr__(tiny, "clicks", np.zeros(feed.shape, bool))
        (said,) = UserOverlap().measure(tiny.moment)
        drawn.append(said.values[0] - said.null[0])
    assert abs(np.mean(drawn)) <= 4 * np.std(drawn) / np.sqrt(600)


def test_parity_by_hand():
    """Places are worth 1, 1/log2(3), ...; group 1 holds every second place from the second on; the pool is half and half."""
    tiny = next(tiny_worlds("two_camps"))
    group = tiny.world.items.group
    live = tiny.platform.live
    mine, others = live[group[live] == 1][:4], live[group[live] == 0][:4]
    feed = np.tile(np.stack([others, mine], axis=1).ravel(), (48, 1)).astype(np.int32)
    object.__setattr__(tiny, "feed", feed)
    object.__setattr__(tiny, "clicks", np.zeros(feed.shape, bool))
    worth = [1 / log2(1 + r) for r in range(1, 9)]
    (said,) = ExposureParity().measure(tiny.moment)
    pool = (group[live] == 1).mean()
    assert said.values[0] == pytest.approx(sum(worth[1::2]) / sum(worth) / pool)
    (other,) = ExposureParity(group=0).measure(tiny.moment)
    assert said.values[0] * pool + other.values[0] * (1 - pool) == pytest.approx(1)


def test_top_items_by_counting():
    for tiny in tiny_worlds():
        counts = np.sort(np.bincount(tiny.feed.ravel(), minlength=64)[tiny.platform.live])[::-1]
        (said,) = TopItemShare(part=0.1).measure(tiny.moment)
        assert said.values[0] == pytest.approx(counts[: round(0.1 * len(counts))].sum() / counts.sum())


def test_taste_divergence_is_that_of_its_definition():
    for tiny in tiny_worlds():
        (said,) = TasteDivergence().measure(tiny.moment)
        for user in (0, 20, 47):
            p = tiny.world.users.interests[user].astype(float)
            main = tiny.world.items.topics[tiny.feed[user]].argmax(axis=1)
            q = np.bincount(main, minlength=8) / 8
            m = (p + q) / 2
            js = sum(x * log2(x / y) / 2 for row in (p, q) for x, y in zip(row, m, strict=True) if x > 0)
            assert said.values[user] == pytest.approx(js, abs=1e-6)
