"""Two panels: the same people in all arms, first and last by the reach of a measure; watched, never touched."""

import numpy as np
import pytest

from cocoonsim import Scenario, play
from cocoonsim.core.chance import Dice
from cocoonsim.interventions import turn
from cocoonsim.interventions.media_literacy import MediaLiteracy
from cocoonsim.interventions.panel import Panel

BASE = {"steps": 4, "population": {"kind": "uniform", "users": 200}, "ranking": "content"}


def run(*interventions):
    return list(play(Scenario.from_dict({**BASE, "interventions": list(interventions)})))


def test_it_reports_the_means_of_the_first_and_the_last_that_a_measure_reaches():
    moment = run()[-1]
    told = Panel(part=0.25, measure="true_utility").watch(moment)
    luck = turn("media_literacy", moment.users, moment.dice)
    values = Panel(measure="true_utility").measure.measure(moment)[0].values
    assert [name for name, _, _ in told] == [
        "panel of true_utility, reached first", "panel of true_utility, reached last",
    ]  # fmt: skip
    assert told[0][2] == pytest.approx(values[luck < 0.25].mean())
    assert told[1][2] == pytest.approx(values[luck >= 0.75].mean())


def test_those_reached_first_are_treated_as_soon_as_the_share_allows_and_those_reached_last_never():
    users = np.arange(5000)
    luck = turn("media_literacy", users, Dice(3, 0))
    for share in (0.25, 0.5, 0.75):
        treated = MediaLiteracy(share=share).treated(users, Dice(3, 7))
        assert treated[luck < 0.25].all()
        assert not treated[luck >= 0.75].any()
        assert treated.mean() == pytest.approx(share, abs=4 * np.sqrt(share * (1 - share) / 5000))


def test_watching_changes_nothing():
    plain, watched = run(), run({"kind": "panel"})
    assert all((a.feed == b.feed).all() and (a.clicks == b.clicks).all() for a, b in zip(plain, watched, strict=True))


def test_what_cannot_be_watched_is_refused():
    assert Panel(of="media_literasy").problems()[0][0] == "of"
    assert "media_literacy" in Panel(of="media_literasy").problems()[0][1]
    assert Panel(measure="catalogue_coverage").problems()[0][0] == "measure"
    assert not Panel().problems()
