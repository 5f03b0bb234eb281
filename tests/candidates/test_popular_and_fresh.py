from collections import Counter

import numpy as np
from scipy.stats import chisquare

from cocoonsim.candidates.popular_and_fresh import PopularAndFresh
from cocoonsim.core.chance import Dice

EVERYBODY = np.array([0, 1])


def test_the_most_clicked_and_then_the_newest_of_the_rest(platform):
    seen = [(0, 2, True), (1, 2, True), (0, 6, True), (1, 0, False)]
    view = platform(2, 8, step=9, created=[1, 8, 7, 3, 2, 0, 9, 4], seen=seen)
    # most clicks: 2, then 6; the newest of the others: 1 (8), then 7 (4)
    assert PopularAndFresh(popular=2, fresh=2).offer(view, EVERYBODY, Dice(1, 9)).tolist() == [1, 2, 6, 7]
    assert PopularAndFresh(popular=0, fresh=2).offer(view, EVERYBODY, Dice(1, 9)).tolist() == [1, 6]
    assert PopularAndFresh(popular=1, fresh=0).offer(view, EVERYBODY, Dice(1, 9)).tolist() == [2]
    assert PopularAndFresh(popular=4, fresh=4).offer(view, EVERYBODY, Dice(1, 9)).tolist() == list(range(8))


def test_what_does_not_exist_is_neither(platform):
    view = platform(2, 4, step=5, created=[0, 0, 9, 1], lifespan=[2, 99, 99, 99], seen=[(0, 0, True)])
    assert PopularAndFresh(popular=1, fresh=1).offer(view, EVERYBODY, Dice(1, 5)).tolist() == [1, 3]


def test_ties_are_drawn_anew_in_each_step(platform):
    view = platform(2, 5, step=0)
    rule = PopularAndFresh(popular=1, fresh=1)
    drawn = Counter(item for step in range(1000) for item in rule.offer(view, EVERYBODY, Dice(1, step)).tolist())
    assert sum(drawn.values()) == 2000
    assert chisquare([drawn[item] for item in range(5)]).pvalue > 1e-3


def test_nothing_at_all_is_refused():
    assert PopularAndFresh(popular=0, fresh=0).problems()[0][0] == "popular"
    assert PopularAndFresh(popular=0, fresh=1).problems() == []
