"""People ranked by rankings of items, and how many recommendations are taken."""

from collections import Counter

import numpy as np
import pytest
from scipy.stats import chisquare

from cocoonsim import Scenario, play
from cocoonsim.core.chance import Dice
from cocoonsim.core.errors import UserError
from cocoonsim.core.history import History
from cocoonsim.core.people_items import people_as_items
from cocoonsim.core.world import PlatformView
from cocoonsim.rewiring.people_recommender import PeopleRecommender


def recommended(small, ranking, world, times=1, **more):
    rule = PeopleRecommender(chance=1.0, ranking=ranking, **more)
    seen = Counter()
    for seed in range(times):
        new = small.ties(small.played(rule, world, [0], seed=seed))[0] - small.ties(world)[0]
        seen[next(iter(new), None)] += 1
    return seen


OPINION = {"kind": "similarity", "position": "opinion", "exponent": 1.6, "floor": 1e-4}


def test_each_ranking_ranks_people_in_its_own_way(small):
    # 0 follows 1 and 2. 3 is followed by 1, 2 and 5; 4 thinks exactly like 0; 5 thinks the opposite; 6 follows 1 and 2 too
    arcs = [(0, 1), (0, 2), (1, 3), (2, 3), (5, 3), (6, 1), (6, 2), (2, 6)]
    world = small.world([0.5, 0.1, 0.2, 0.3, 0.5, -0.9, 0.45], arcs)
    assert set(recommended(small, "popularity", world, 5)) == {3}
    assert set(recommended(small, "personalised_pagerank", world, 5)) == {3}
    assert set(recommended(small, "social", world, 5)) == {3}
    assert set(recommended(small, "jaccard", world, 5)) == {6}
    assert set(recommended(small, {"kind": "opposite", "position": "opinion"}, world, 5)) == {5}
    assert set(recommended(small, OPINION, world, 5)) == {4}
    alike = small.world([0.0] * 6, [(0, 1), (0, 2), (3, 1), (3, 2), (3, 4), (1, 5)])  # 3 follows whom 0 follows, and 4
    assert set(recommended(small, "user_knn", alike, 5)) == {4}


def test_ties_among_the_best_and_shuffled_are_even(small):
    world = small.world([0.0, 0.5, 0.5, 0.1, 0.1, 0.9], [(0, 1)])
    for seen, among in (
        (recommended(small, OPINION, world, 400), {3, 4}),
        (recommended(small, "shuffled", world, 800), {2, 3, 4, 5}),
    ):
        assert set(seen) == among
        assert chisquare(list(seen.values())).pvalue > 1e-3


def test_in_proportion_to_the_scores(small):
    """By hand: distances .2 and .4 with exponent 1 weigh 5 and 2.5; the followee is out."""
    world = small.world([0.0, 0.1, 0.2, -0.4], [(0, 1)])
    seen = recommended(small, {**OPINION, "exponent": 1.0}, world, 900, pick="proportional")
    assert set(seen) == {2, 3}
    assert chisquare([seen[2], seen[3]], [600, 300]).pvalue > 1e-3


def test_who_scores_nothing_is_never_drawn(small):
    world = small.world([0.0] * 5, [(0, 1), (2, 1), (3, 4)])
    assert recommended(small, "jaccard", world, 10, pick="proportional") == {2: 10}
    apart = small.world([0.0] * 5, [(0, 1), (3, 4)])
    assert recommended(small, "jaccard", apart, 10, pick="proportional") == {None: 10}
    assert set(recommended(small, "jaccard", apart, 40, pick="proportional", otherwise="stranger")) == {2, 3, 4}


def test_only_so_many_people_are_scored(small):
    world = small.world([0.0] + [0.9] * 30 + [0.0], [(0, 1)])
    seen = recommended(small, OPINION, world, 200, among=4)
    assert 0 < seen[31] < 100  # 1 - (1 - 1/32)^4 = 12 % of the times


def test_budget_and_time():
    """The budget is spent to the last tie and not beyond, only within its time, and no tie is made or lost."""
    scenario = Scenario.from_dict(
        {
            "steps": 8, "slate": 1, "population": {"kind": "two_camps", "users": 60},
            "network": {"kind": "blocks", "degree": 6}, "activity": "permutation",
            "rewiring": {
                "kind": "people_recommender", "ranking": "jaccard", "chance": 0.6, "budget": 0.25, "start": 1, "stop": 6
            },
        }
    )  # fmt: skip
    ties, changed = set(), []
    for moment in play(scenario, seed=3):
        ties.add(moment.after.follows.n_arcs)
        changed.append(int(moment.after.users["rewired"].sum()) if "rewired" in moment.after.users else 0)
        assert (moment.after.follows.degree == moment.world.follows.degree).all()
    assert len(ties) == 1
    assert changed[0] == 0
    assert changed[1] > 0
    assert changed[-1] == int(0.25 * ties.pop())
    assert changed[5] == changed[-1]


def test_a_platform_that_knows_clicks_ranks_by_them(small):
    """People are about what they clicked: `content` finds who clicked what the followees clicked."""
    world = small.world([0.0] * 4, [(0, 1)], author=[3, 3], stance=[0.2, 0.8])
    items = world.items.with_(topics=np.eye(2, dtype=np.float32))
    world = type(world)(0, world.users, items, world.follows)
    history = History(4, 2, 2, memory=5)
    history.add(np.array([1, 2, 3]), np.array([[0], [0], [1]]), np.ones((3, 1), bool), items.topics)
    platform = PlatformView.of(world, history)
    people = people_as_items(platform)
    assert people.items.topics.tolist() == [[0.5, 0.5], [1, 0], [1, 0], [0, 1]]
    assert people.items.stance[:, 0].tolist() == [0.0, 0.2, 0.2, 0.8]
    rule = PeopleRecommender(chance=1.0, ranking="content")
    one = np.array([0])
    after = rule.advance(world, one, np.array([[0]]), np.zeros((1, 1), bool), Dice(1, 0), platform)
    assert small.ties(after)[0] == {2}


def test_following_is_the_history_of_people(small):
    world = small.world([0.1, 0.2, 0.3], [(0, 1), (0, 2), (1, 2)])
    people = people_as_items(PlatformView.of(world, History(3, 1, 1, 1)), world)
    assert people.history.item_clicks.tolist() == [0, 1, 2]
    assert people.history.clicks.tolist() == [2, 1, 0]
    assert people.history.pairs("clicks").toarray().tolist() == [[0, 1, 1], [0, 0, 1], [0, 0, 0]]
    assert sorted(people.history.last_clicked(2)[0].tolist()) == [1, 2]
    assert people.items.stance[:, 0].tolist() == [0.1, 0.2, 0.3]
    assert people.items.author.tolist() == [0, 1, 2]


@pytest.mark.parametrize(
    ("ranking", "words"), [("adaptive_estimate", "estimate"), ("quality", "quality, which people do not have")]
)
def test_rankings_that_cannot_rank_people_are_refused(ranking, words):
    with pytest.raises(UserError, match=words):
        Scenario.from_dict({"rewiring": {"kind": "people_recommender", "ranking": ranking}})


def test_a_recommender_of_people_needs_a_network():
    scenario = Scenario.from_dict(
        {"steps": 1, "population": {"kind": "uniform", "users": 20}, "rewiring": "people_recommender"}
    )
    with pytest.raises(UserError, match="nobody follows anybody"):
        next(play(scenario))
