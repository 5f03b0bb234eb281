import numpy as np
import pytest
from scipy.stats import chisquare

from cocoonsim import Scenario, play
from cocoonsim.candidates.mixture import Mixture
from cocoonsim.core.chance import Dice
from cocoonsim.core.errors import UserError

FOLLOWED = {"kind": "followed", "last": 9}
RECENT = {"kind": "recent", "window": 2}


def rows(offer):
    return [sorted(int(item) for item in row if item >= 0) for row in offer]


def test_all_that_any_source_offers(platform):
    view = platform(3, 6, step=5, arcs=[(0, 1), (1, 2)], author=[1, 2, 1, -1, -1, -1], created=[4, 1, 1, 5, 1, 4])
    mixed = Mixture(parts=(FOLLOWED, RECENT)).offer(view, np.arange(3), Dice(1, 5))
    assert [set(row) for row in rows(mixed)] == [{0, 2, 3, 5}, {0, 1, 3, 5}, {0, 3, 5}]
    shared = Mixture(parts=(RECENT, {"kind": "popular_and_fresh", "popular": 0, "fresh": 1})).offer(
        view, np.arange(3), Dice(1, 5)
    )
    assert shared.tolist() == [0, 3, 5]


def test_at_most_so_many_of_each_and_each_as_likely(platform):
    view = platform(600, 12, step=5, arcs=[(0, 1)], author=[1] * 4 + [-1] * 8, created=[3] * 4 + [4] * 8)
    mixed = Mixture(parts=(FOLLOWED, RECENT), numbers=(2, 3)).offer(view, np.arange(600), Dice(1, 5))
    found = rows(mixed)
    assert sum(item < 4 for item in found[0]) == 2
    assert all(len(row) == 3 and min(row) >= 4 for row in found[1:])
    assert chisquare(np.bincount(np.concatenate(found[1:]), minlength=12)[4:]).pvalue > 1e-3
    one = Mixture(parts=(FOLLOWED,), numbers=(1,))
    followed = [one.offer(view, np.arange(1), Dice(1, step))[0, 0] for step in range(600)]
    assert chisquare(np.bincount(followed, minlength=4)).pvalue > 1e-3


def test_what_one_source_hides_another_may_offer(platform):
    view = platform(2, 4, step=5, created=[0, 0, 5, 5], seen=[(0, 0, True), (0, 3, True)])
    mixed = Mixture(parts=("unseen", RECENT)).offer(view, np.arange(2), Dice(1, 5))
    assert [set(row) for row in rows(mixed)] == [{1, 2, 3}, {0, 1, 2, 3}]


def test_a_part_with_cohorts_keeps_them():
    pool = {"kind": "cohort_pool", "size": 4, "cohort": 10}
    assert Mixture(parts=(pool, RECENT)).cohort_size == 10
    other = {"kind": "cohort_pool", "size": 4, "cohort": 11}
    assert Mixture(parts=(pool, other)).problems()[0][0] == "parts"
    scenario = Scenario.from_dict(
        {
            "steps": 3, "slate": 4, "population": {"kind": "uniform", "users": 30}, "ranking": "shuffled",
            "catalogue": {"kind": "topic_mix", "items": 50}, "publishing": "releases",
            "candidates": {"kind": "mixture", "parts": [pool, RECENT], "numbers": [0, 2]},
        }
    )  # fmt: skip
    for moment in play(scenario):
        for cohort in range(3):
            old = moment.feed[cohort * 10 : cohort * 10 + 10]
            assert (
                len({item for item in old.ravel().tolist() if moment.world.items.created[item] < moment.step - 1}) <= 4
            )


@pytest.mark.parametrize(
    ("settings", "word"),
    [
        ({"parts": []}, "at least one"),
        ({"numbers": [1]}, "1 numbers for 2 parts"),
        ({"numbers": [1, -2]}, "below 0"),
        ({"parts": ["followed", "recent"]}, "follow"),  # nobody follows anybody
    ],
)
def test_what_does_not_fit_is_refused(settings, word):
    scenario = {"steps": 1, "population": {"kind": "uniform", "users": 5}, "candidates": {"kind": "mixture"} | settings}
    with pytest.raises(UserError, match=word):
        next(play(Scenario.from_dict(scenario)))
