"""Draws among items that are alike: of one kind any item, without repeats, and no other feeds than a lottery over items."""

from itertools import permutations

import numpy as np
from scipy.stats import chisquare

from cocoonsim import Scenario, play
from cocoonsim.core.alike import Kinds, kinds_of
from cocoonsim.core.blocks import Blocks
from cocoonsim.core.chance import Dice
from cocoonsim.core.world import content

MANY = {
    "steps": 4, "slate": 6, "liking": "product", "population": {"kind": "dirichlet", "users": 60, "concentration": 0.5},
    "catalogue": {"kind": "topic_mix", "items": 400, "topics": 5, "one_topic": True}, "ranking": "adaptive_estimate",
    "feed": {"kind": "softmax", "inverse_temperature": 5.0}, "choice": "bernoulli", "network": "none",
}  # fmt: skip


def test_items_of_a_kind_are_drawn_without_repeats_in_any_order_alike():
    kinds = Kinds(np.array([7, 1, 4, 9, 8], np.int32), np.array([0, 4]), np.array([4, 1]))
    n = 24_000
    drawn = kinds.items(np.tile([0, 1, 0, 0, -1], (n, 1)), np.arange(n), Dice(1, 0))
    assert (drawn[:, 1] == 8).all()
    assert (drawn[:, 4] == -1).all()
    orders = dict.fromkeys(permutations([7, 1, 4, 9], 3), 0)
    for row in drawn[:, [0, 2, 3]].tolist():
        orders[tuple(row)] += 1
    assert chisquare(list(orders.values())).pvalue > 1e-3


def test_kinds_are_topics_of_live_items_when_every_item_has_one_and_there_are_many():
    pure = content(np.eye(2)[[0, 1, 1, 0, 1, 0]])
    kinds = kinds_of(pure, np.array([0, 1, 2, 4], np.int32), depth=1)
    assert kinds.ids.tolist() == [0, 1, 2, 4]
    assert (kinds.starts.tolist(), kinds.sizes.tolist(), kinds.first.tolist()) == ([0, 1], [1, 3], [0, 1])
    assert kinds_of(pure, np.array([0, 1, 2], np.int32), depth=1) is None  # too few to be worth it
    assert kinds_of(content(np.full((6, 2), 0.5)), np.arange(6, dtype=np.int32), depth=1) is None


def feeds(blocks=None, **changed):
    return [moment.feed for moment in play(Scenario.from_dict(MANY | changed), seed=3, blocks=blocks)]


def test_blocks_and_tiles_do_not_matter():
    whole, cut = feeds(), feeds(Blocks(users=7, items=33, threads=2))
    assert all((one == other).all() for one, other in zip(whole, cut, strict=True))
    ordered = np.sort(np.concatenate(whole), axis=1)
    assert (ordered[:, 1:] != ordered[:, :-1]).all()
    assert (ordered >= 0).all()


def test_a_measure_that_changes_no_score_changes_no_feed():
    """It makes the platform score every item, where otherwise topics would do: the lottery is the same one."""
    nothing = [{"kind": "diversity_quota", "by": "topic", "quota": 0.0}]
    with_it = feeds(interventions=nothing, blocks=Blocks(users=11, items=50, threads=1))
    assert all((one == other).all() for one, other in zip(feeds(), with_it, strict=True))


def test_whose_scores_a_measure_changes_has_a_lottery_over_items():
    doubled = Scenario.from_dict(MANY | {"catalogue": MANY["catalogue"] | {"quality_spread": 0.9}, "ranking": "oracle"})
    (first, *_) = play(doubled, seed=3)
    quality = first.world.items.quality[first.feed]
    assert quality.mean() > first.world.items.quality.mean() + 0.03  # the better of a topic more often
