"""personalised_pagerank, jaccard, similarity, opposite, bridging, quality, click_rate, mixture."""

import networkx as nx
import numpy as np
import pytest

from cocoonsim import Scenario
from cocoonsim.ranking.bridging import Bridging
from cocoonsim.ranking.click_rate import ClickRate
from cocoonsim.ranking.content import Content
from cocoonsim.ranking.jaccard import Jaccard
from cocoonsim.ranking.mixture import Mixture
from cocoonsim.ranking.opposite import Opposite
from cocoonsim.ranking.oracle import Oracle
from cocoonsim.ranking.personalised_pagerank import PersonalisedPagerank, visits
from cocoonsim.ranking.popularity import Popularity
from cocoonsim.ranking.quality import Quality
from cocoonsim.ranking.similarity import Similarity
from cocoonsim.scenario import ScenarioError
from cocoonsim.testing import tiny_worlds
from cocoonsim.testing.scoring import scores


def test_walks_are_those_of_networkx():
    for tiny in tiny_worlds():
        follows, n = tiny.world.follows, tiny.world.n_users
        graph = nx.DiGraph(list(zip(follows.sources().tolist(), follows.targets.tolist(), strict=True)))
        graph.add_nodes_from(range(n))
        given = visits(follows, tiny.users, restart=0.15, steps=200)
        for user in (0, 11, 40):  # user 0 of lonely_user follows nobody
            rank = nx.pagerank(
                graph, alpha=0.85, personalization={user: 1}, dangling={user: 1}, tol=1e-12, max_iter=1000
            )
            wanted = [0.0 if other == user else rank[other] for other in range(n)]
            assert given[user] == pytest.approx(wanted, abs=1e-6)
        author = tiny.world.items.author[tiny.platform.live]
        assert (scores(PersonalisedPagerank(steps=200), tiny) == given[:, author]).all()


def test_jaccard_is_that_of_sets():
    for tiny in tiny_worlds():
        circle = [set(tiny.world.follows.of(user).tolist()) for user in tiny.users]
        given = scores(Jaccard(), tiny)
        for user in tiny.users:
            for place, item in enumerate(tiny.platform.live):
                author = int(tiny.world.items.author[item])
                either = circle[user] | circle[author]
                wanted = len(circle[user] & circle[author]) / len(either) if either and author != user else 0.0
                assert given[user, place] == pytest.approx(wanted, abs=1e-6)


KERNELS = {
    "power": (Similarity(kernel="power", exponent=1.5, floor=0.01), lambda d: max(d, 0.01) ** -1.5),
    "hill": (Similarity(kernel="hill", exponent=4.0, reach=0.3), lambda d: 0.3**4 / (d**4 + 0.3**4)),
    "rbf": (Similarity(kernel="rbf", reach=0.5), lambda d: np.exp(-((d / 0.5) ** 2))),
    "cosine": (Similarity(kernel="cosine"), lambda d: 1 - d),
}


@pytest.mark.parametrize("kernel", KERNELS)
def test_similarity_to_the_clicks_lately(kernel):
    policy, formula = KERNELS[kernel]
    for tiny in tiny_worlds():
        given, stance = scores(policy, tiny), tiny.world.items.stance[:, 0]
        far = scores(Opposite(), tiny)
        for user in (0, 13, 44):
            liked = [
                stance[i]
                for i, c in zip(tiny.history.recent[user], tiny.history.recent_clicked[user], strict=True)
                if c and i >= 0
            ]
            for place, item in enumerate(tiny.platform.live):
                d = abs(stance[item] - np.mean(liked)) if liked else 0.0
                assert given[user, place] == pytest.approx(formula(d), rel=1e-5, abs=1e-6)
                assert far[user, place] == pytest.approx(d, abs=1e-6)


def test_similarity_to_opinions_and_to_topics():
    tiny = next(tiny_worlds("two_camps"))
    gap = np.abs(tiny.world.users.opinion - tiny.world.items.stance[tiny.platform.live, 0][None, :])
    assert scores(Similarity(position="opinion", kernel="cosine"), tiny) == pytest.approx(1 - gap, abs=1e-6)
    assert Similarity(position="opinion").sees_minds
    assert not Similarity(position="opinion", of="topics").sees_minds
    near = scores(Similarity(of="topics", kernel="cosine"), tiny)
    some = tiny.history.clicks > 0
    assert near[some] == pytest.approx(scores(Content(), tiny)[some], abs=1e-6)


@pytest.mark.parametrize("of", ["least", "mean"])
def test_bridging_asks_every_group(of):
    for tiny in tiny_worlds():
        clicks, shown = (tiny.history.pairs(which).toarray().astype(float) for which in ("clicks", "shown"))
        group, rates = tiny.world.users.group, []
        for g in np.unique(group):
            c, s = clicks[group == g].sum(axis=0), shown[group == g].sum(axis=0)
            average = c.sum() / s.sum() if s.sum() else 1.0
            rates.append((c + 5 * average) / (s + 5))
        wanted = np.min(rates, axis=0) if of == "least" else np.exp(np.mean(np.log(rates), axis=0))
        given = scores(Bridging(prior=5.0, of=of), tiny)
        assert given[3] == pytest.approx(wanted[tiny.platform.live], rel=1e-5)


def test_a_hit_with_one_side_is_worth_little(stand):
    """20 views each from both groups: one side's darling (20 and 0 clicks) against a quiet bridge (8 and 8)."""
    seen = [(u, 0, u < 20) for u in range(40)] + [(u, 1, u % 5 < 2) for u in range(40)]
    here = stand(np.ones((40, 1)), np.ones((2, 1)), seen=seen)
    grouped = here.world.users.with_(group=(np.arange(40) >= 20).astype(np.int32))
    object.__setattr__(here.world, "users", grouped)
    darling, bridge = here.scores(Bridging(prior=1.0))[0]
    assert darling < bridge
    assert here.scores(Popularity())[0].argmax() == 0


def test_quality_and_click_rate():
    for tiny in tiny_worlds():
        live = tiny.platform.live
        assert (scores(Quality(), tiny)[0] == tiny.world.items.quality[live]).all()
        clicks, shown = tiny.history.item_clicks.astype(float), tiny.history.item_shown.astype(float)
        average = clicks.sum() / shown.sum() if shown.sum() else 1.0
        assert scores(ClickRate(prior=4.0), tiny)[0] == pytest.approx(
            ((clicks + 4 * average) / (shown + 4))[live], rel=1e-5
        )


def test_a_mixture_is_a_weighted_sum():
    for tiny in tiny_worlds():
        one, other = scores(Content(), tiny).astype(float), scores(Popularity(), tiny).astype(float)
        plain = Mixture(parts=("content", "popularity"), weights=(2.0, -0.5), rescale="none")
        assert scores(plain, tiny) == pytest.approx(2 * one - 0.5 * other, abs=1e-5)
        squashed = Mixture(parts=("content", "popularity"), weights=(2.0, -0.5))
        assert scores(squashed, tiny) == pytest.approx(
            2 * one / (1 + np.abs(one)) - 0.5 * other / (1 + other), abs=1e-5
        )
    assert not Mixture(parts=("popularity", "newest")).personalised
    assert Mixture(parts=("popularity", Oracle())).sees_minds
    assert Mixture(parts=("trending",)).carries
    assert Mixture(parts=("content",), weights=(1.0, 2.0)).problems()[0][0] == "weights"


def test_a_mixture_in_a_scenario(tmp_path):
    file = tmp_path / "mixed.yaml"
    text = (
        "steps: 3\nranking:\n  kind: mixture\n  parts:\n    - content\n    - kind: popularity\n"
        "      exponent: {}\n  weights: [1, 0.5]\n"
    )
    file.write_text(text.format(2), encoding="utf-8")
    spec = Scenario.from_file(file).spec("ranking")
    assert spec["parts"] == ({"kind": "content"}, {"kind": "popularity", "exponent": 2})
    assert Scenario.from_dict(Scenario.from_file(file).expand()) == Scenario.from_file(file)
    file.write_text(text.format(-20), encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"mixed.yaml:7: ranking.parts.1.exponent: must be"):
        Scenario.from_file(file)
    file.write_text(text.format(2).replace("- content", "- contnt"), encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"mixed.yaml:5: ranking.parts.0.*did you mean 'content'"):
        Scenario.from_file(file)
