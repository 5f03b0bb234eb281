"""strength_correlation, hearing_correlation, ordered_opinion: against numpy, and what radicalisation notes by hand."""

import numpy as np
import pytest

from cocoonsim import Scenario, play
from cocoonsim.core.errors import UserError
from cocoonsim.metrics.hearing_correlation import HearingCorrelation
from cocoonsim.metrics.ordered_opinion import OrderedOpinion
from cocoonsim.metrics.strength_correlation import StrengthCorrelation
from cocoonsim.testing import tiny_worlds


def changed(tiny, **columns):
    object.__setattr__(tiny, "world", tiny.world.with_users(**columns))
    return tiny.moment


def test_strength_goes_with_a_column_or_against_it():
    tiny = next(tiny_worlds("melting_pot"))
    n = tiny.world.n_users
    x = np.linspace(-2, 1, n)
    moment = changed(tiny, opinion=x[:, None], activity=np.abs(x) / 2, stubbornness=1 - np.abs(x) / 2)
    (with_it,) = StrengthCorrelation().measure(moment)
    (against,) = StrengthCorrelation(column="stubbornness").measure(moment)
    assert with_it.values[0] == pytest.approx(1.0)
    assert against.values[0] == pytest.approx(-1.0)
    assert with_it.null[0] == 0.0
    assert np.isnan(StrengthCorrelation().measure(changed(tiny, activity=np.ones(n)))[0].values[0])


def test_the_opinion_at_a_place():
    tiny = next(tiny_worlds("melting_pot"))
    ordered = sorted(tiny.world.users.opinion[:, 0].tolist())
    for place in (0, 7, -1, -3):
        (found,) = OrderedOpinion(place=place).measure(tiny.moment)
        assert found.values[0] == ordered[place]
    n = tiny.world.n_users
    assert OrderedOpinion(place=n).misfits(tiny.world, 1)[0][0] == "place"
    assert not OrderedOpinion(place=-n).misfits(tiny.world, 1)
    assert np.isnan(OrderedOpinion(place=n).measure(tiny.moment)[0].values[0])


def chatter(**settings):
    return Scenario.from_dict(
        {
            "steps": 30, "slate": 1, "candidates": "none", "catalogue": {"kind": "topic_mix", "items": 1, "topics": 1},
            "population": {"kind": "power_law_activity", "users": 60}, "activity": {"kind": "continuous", "dt": 0.05},
            "influence": {"kind": "radicalisation", "strength": 0.0, "decay": 0.0, "contacts_each": 5, **settings},
            "metrics": ["opinion_variance"],
        }
    )  # fmt: skip


def test_what_is_heard_is_the_mean_of_contacts_that_fade():
    """Opinions that do not move: by hand, heard' = h sum(x_j - heard) over a step, by Euler, which is exact to O(dt^2)."""
    from cocoonsim.core.chance import Chance
    from cocoonsim.influence.radicalisation import Radicalisation

    rule = Radicalisation(strength=0.0, decay=0.0, contacts_each=5, hearing=0.5)
    heard = np.zeros(60)
    for moment in play(chatter(hearing=0.5), seed=3):
        x = moment.world.users.opinion[:, 0]
        for i in range(60):
            to, by, _ = rule.contacts(moment.world, np.arange(60), Chance(3).at(moment.step))
            k, total = (to == i).sum(), x[by[to == i]].sum()
            if k:  # the equation is linear, so it can be solved: it goes to the mean of the contacts as exp(-h k dt)
                heard[i] = total / k + (heard[i] - total / k) * np.exp(-0.5 * k * 0.05)
    assert moment.after.users["heard"] == pytest.approx(heard, abs=1e-6)
    assert np.ptp(heard) > 0.1


def test_hearing_changes_no_opinion_and_is_asked_for():
    *_, deaf = play(chatter(strength=3.0, decay=1.0), seed=3)
    *_, hears = play(chatter(strength=3.0, decay=1.0, hearing=1.0), seed=3)
    assert (deaf.after.users.opinion == hears.after.users.opinion).all()
    (reading,) = HearingCorrelation().measure(hears)
    own, heard = hears.world.users.opinion[:, 0], hears.world.users["heard"]
    assert reading.values[0] == pytest.approx(np.corrcoef(own, heard)[0, 1])
    with pytest.raises(UserError, match="nobody notes what people hear"):
        next(play(Scenario.from_dict({**chatter().expand(), "metrics": ["hearing_correlation"]}), seed=1))
