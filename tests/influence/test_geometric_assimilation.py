"""geometric_assimilation: against the closed form, by hand, and what the theorem says of many who see the same."""

import numpy as np
import pytest

from cocoonsim import Scenario, play
from cocoonsim.influence.geometric_assimilation import GeometricAssimilation

U, V = np.array([0.6, -0.3, 0.2]), np.array([0.5, 0.5, -0.1])


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("rate", [0.05, 0.3, 1.0])
def test_the_same_item_again_and_again_has_a_closed_form(after, sign, rate):
    """What lies along the item grows by 1 + rate each time, the rest stays (Dean & Morgenstern 2022, with one item)."""
    opinion, item = U, V / np.sqrt((V**2).sum())
    for step in range(1, 16):
        rule = GeometricAssimilation(rate=rate)
        opinion = after(rule, [[0]], [[1]], opinion=[opinion], stance=[sign * V]).users.opinion[0]
        along = (U @ item) * item
        expected = (U - along) + (1 + rate) ** step * along
        assert opinion == pytest.approx(expected * np.sqrt((U**2).sum() / (expected**2).sum()), abs=1e-12)


def test_agreement_draws_near_and_disagreement_turns_away(after):
    rule, items = GeometricAssimilation(rate=0.5), [[1.0, 0.0], [-2.0, 0.0], [0.0, 3.0], [0.0, 0.0]]
    for place, expected in ((0, [1.5, 1.0]), (1, [1.5, 1.0]), (2, [1.0, 1.5]), (3, [1.0, 1.0])):
        seen = after(rule, [[place, -1]], [[1, 0]], opinion=[[0.5, 0.5]], stance=items).users.opinion[0]
        assert seen == pytest.approx(np.array(expected) * np.sqrt(0.5 / np.square(expected).sum())), place
    # (1, 0) and (0, 1) together pull a diagonal opinion along itself, and at right angles nothing pulls
    both = after(rule, [[0, 2]], [[1, 1]], opinion=[[0.5, 0.5]], stance=items).users.opinion[0]
    assert both == pytest.approx([0.5, 0.5])
    assert (after(rule, [[2]], [[1]], opinion=[[0.5, 0.0]], stance=items).users.opinion == [0.5, 0.0]).all()
    assert (after(rule, [[0]], [[1]], opinion=[[0.0, 0.0]], stance=items).users.opinion == 0).all()


@pytest.mark.parametrize(("by", "moves"), [("clicked", False), ("seen", True)])
def test_clicks_move_or_mere_exposure(after, by, moves):
    start = np.array([[0.6, 0.2]])
    opinion = after(GeometricAssimilation(by=by), [[0, -1]], [[0, 0]], opinion=start, stance=[[1.0, 0.0]]).users.opinion
    assert (opinion[0, 0] > 0.6) is np.bool_(moves)
    assert (opinion == start).all() is np.bool_(not moves)


def test_who_all_see_the_same_end_on_one_axis():
    """HJMR, theorem 1.2: under random items in common, any two opinions come together or become opposite, almost surely."""
    scenario = Scenario.from_dict(
        {
            "steps": 400, "slate": 1, "ranking": "newest",
            "population": {"kind": "uniform", "users": 40, "dimensions": 3},
            "catalogue": {"kind": "scattered", "items": 1, "dimensions": 3, "spread": 0.25},
            "publishing": {"kind": "releases", "items": 1, "lifespan": 1, "steady": True},
            "influence": {"kind": "geometric_assimilation", "rate": 0.5, "by": "seen"},
        }
    )  # fmt: skip
    _, *moments = play(scenario, seed=2)  # in the first step there is a second item
    start, end = (one.users.opinion / np.sqrt((one.users.opinion**2).sum(axis=1, keepdims=True))
                  for one in (moments[0].world, moments[-1].after))  # fmt: skip
    assert all(len(set(moment.feed[:, 0].tolist())) == 1 for moment in moments)
    assert np.abs(start @ start.T).min() < 0.2
    assert np.abs(end @ end.T).min() > 0.999
    assert (end @ end.T).min() < -0.999, "there are two camps"


def test_a_line_has_no_directions():
    for dims, wide in ((1, 1), (2, 3)):
        scenario = Scenario.from_dict(
            {
                "steps": 2, "population": {"kind": "uniform", "users": 5, "dimensions": dims},
                "catalogue": {"kind": "scattered", "items": 20, "dimensions": wide},
                "influence": "geometric_assimilation",
            }
        )  # fmt: skip
        with pytest.raises(Exception, match=f"opinions have {dims} and stances {wide}"):
            next(play(scenario, seed=1))
