"""choice_distance, consumption_spread, consumption_overlap, consumption_gini, consumed_items, welfare, relative_entropy:
against plain loops over who clicked what."""

from itertools import combinations, pairwise
from math import log

import numpy as np
import pytest

from cocoonsim import Scenario, play
from cocoonsim.metrics.choice_distance import ChoiceDistance
from cocoonsim.metrics.consumed_items import ConsumedItems
from cocoonsim.metrics.consumption_gini import ConsumptionGini
from cocoonsim.metrics.consumption_overlap import ConsumptionOverlap
from cocoonsim.metrics.consumption_spread import ConsumptionSpread
from cocoonsim.metrics.relative_entropy import RelativeEntropy
from cocoonsim.metrics.welfare import Welfare

RING = {
    "steps": 5, "slate": 6, "memory": 60, "population": {"kind": "dirichlet", "users": 12, "concentration": 0.5},
    "catalogue": {"kind": "ring", "items": 30, "topics": 4}, "ranking": "shuffled", "network": "none",
    "choice": {"kind": "bernoulli", "most": 0.6, "attention_decay": 0.2},
    "influence": {"kind": "belief_update", "knows": "nothing"}, "metrics": ["consumed_items"],
}  # fmt: skip


@pytest.fixture(scope="module")
def played():
    """The last moment, and what each user clicked, step by step in the order of the feed."""
    clicked = [[] for _ in range(12)]
    for moment in play(Scenario.from_dict(RING), seed=5):
        today = [row[marks].tolist() for row, marks in zip(moment.feed, moment.clicks, strict=True)]
        for user, items in enumerate(today):
            clicked[user].append(items)
        if moment.stopped:
            return moment, clicked
    raise AssertionError("the run never ends")


def ring_way(one, other, n=30):
    return min((one - other) % n, (other - one) % n)


def test_the_distance_from_the_last_choice_counts_places_on_the_ring(played):
    moment, clicked = played
    (said,) = ChoiceDistance(by="position").measure(moment)
    for user, steps in enumerate(clicked):
        before = [item for step in steps[:-1] for item in step]
        chain = before[-1:] + steps[-1]
        ways = [ring_way(a, b) for a, b in pairwise(chain)]
        assert said.values[user] == pytest.approx(np.mean(ways) if ways else np.nan, nan_ok=True)


def test_spread_is_the_mean_over_pairs_of_all_that_was_clicked(played):
    moment, clicked = played
    by_topic, on_ring = (
        ConsumptionSpread(by="topics").measure(moment)[0],
        ConsumptionSpread(by="position").measure(moment)[0],
    )
    topics = moment.world.items.topics.astype(np.float64)
    topics /= np.linalg.norm(topics, axis=1, keepdims=True)
    for user, steps in enumerate(clicked):
        pairs = list(combinations(sorted({item for step in steps for item in step}), 2))
        if not pairs:
            assert np.isnan(on_ring.values[user])
            continue
        assert on_ring.values[user] == pytest.approx(np.mean([ring_way(a, b) / 30 for a, b in pairs]))
        assert by_topic.values[user] == pytest.approx(np.mean([1 - topics[a] @ topics[b] for a, b in pairs]), abs=2e-3)


def test_overlap_is_the_mean_jaccard_index_of_pairs(played):
    moment, clicked = played
    sets = [{item for step in steps for item in step} for steps in clicked]
    tastes = moment.world.users.interests.astype(np.float64)
    tastes /= np.linalg.norm(tastes, axis=1, keepdims=True)

    def jaccard(a, b):
        return len(sets[a] & sets[b]) / len(sets[a] | sets[b])

    everybody = [jaccard(a, b) for a, b in combinations(range(12), 2)]
    assert ConsumptionOverlap().measure(moment)[0].values[0] == pytest.approx(np.mean(everybody))
    likeness = tastes @ tastes.T - 2 * np.eye(12)
    nearest = [jaccard(user, int(likeness[user].argmax())) for user in range(12)]
    assert ConsumptionOverlap(pairs="nearest").measure(moment)[0].values[0] == pytest.approx(np.mean(nearest))


def test_numbers_of_items_and_their_gini_coefficient(played):
    """Gini = mean absolute difference of all pairs over twice the mean."""
    moment, clicked = played
    (kinds,) = ConsumedItems().measure(moment)
    assert kinds.values.tolist() == [len({item for step in steps for item in step}) for steps in clicked]
    sold = np.zeros(30)
    for steps in clicked:
        for item in (item for step in steps for item in step):
            sold[item] += 1
    gini = np.abs(sold[:, None] - sold).mean() / (2 * sold.mean())
    assert ConsumptionGini().measure(moment)[0].values[0] == pytest.approx(gini)


def test_welfare_is_what_the_chosen_is_truly_worth(played):
    moment, clicked = played
    (said,) = Welfare().measure(moment)
    value = moment.world.users.true_value
    for user, steps in enumerate(clicked):
        worth = [value[user, item] for item in steps[-1]]
        assert said.values[user] == pytest.approx(np.mean(worth) if worth else np.nan, nan_ok=True)
        assert said.null[user] == pytest.approx(value[user].mean())


def test_relative_entropy_by_hand(moment_of):
    """Three of topic 0 and one of topic 1, with interests of 1/2 and 1/2, or of 1 and 0 (of which nothing can be said)."""
    topics = np.eye(2)[[0, 0, 0, 1]]
    moment = moment_of(topics, [[0, 1], [0, 3]], before=[([[2, 3], [3, 3]], False)], interests=[[0.5, 0.5], [1.0, 0.0]])
    (said,) = RelativeEntropy(window=4).measure(moment)
    mixed = -(0.75 * log(0.75) + 0.25 * log(0.25)) / log(2)
    assert said.values == pytest.approx([mixed, np.nan], nan_ok=True)
    (today,) = RelativeEntropy(window=2).measure(moment)
    assert today.values[0] == 0.0


def test_positions_are_asked_for_only_where_there_are_some():
    scenario = RING | {
        "catalogue": {"kind": "topic_mix", "items": 30},
        "metrics": [{"kind": "choice_distance", "by": "position"}],
    }
    with pytest.raises(Exception, match="the items have no position"):
        next(play(Scenario.from_dict(scenario)))
