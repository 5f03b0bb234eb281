"""Any column by distribution, and the populations that are little else."""

import numpy as np
import pytest
from scipy.stats import kstest

from cocoonsim import Scenario, play
from cocoonsim.core.chance import Chance
from cocoonsim.core.errors import UserError
from cocoonsim.population.dirichlet import Dirichlet
from cocoonsim.population.equispaced import Equispaced
from cocoonsim.population.power_law_activity import PowerLawActivity
from cocoonsim.population.two_camps import TwoCamps
from cocoonsim.population.uniform import Uniform
from cocoonsim.scenario import ScenarioError


def test_columns_replace_what_the_population_made_and_nothing_else():
    plain = TwoCamps(users=300).people(4, Chance(2))
    columns = {
        "tolerance": 0.4,
        "stubbornness": {"by_group": [0.1, 0.9]},
        "opinion": {"distribution": "normal", "sd": 0.3, "dims": 2},
    }
    drawn = TwoCamps(users=300, columns=columns).people(4, Chance(2))
    for name in plain:
        if name not in ("tolerance", "stubbornness", "opinion", "innate_opinion"):
            assert (plain[name] == drawn[name]).all()
    assert (drawn.tolerance == np.float32(0.4)).all()
    assert drawn.stubbornness == pytest.approx(np.where(drawn.group == 1, 0.9, 0.1))
    assert drawn.opinion.shape == (300, 2)
    assert (drawn.innate_opinion == drawn.opinion).all()


def test_one_column_does_not_redraw_another():
    one = Uniform(users=50, columns={"activity": {"distribution": "uniform"}}).people(3, Chance(2))
    spec = {"activity": {"distribution": "uniform"}, "literacy": {"distribution": "beta"}}
    both = Uniform(users=50, columns=spec).people(3, Chance(2))
    assert (one.activity == both.activity).all()
    assert not np.array_equal(both.literacy, both.activity)


def test_in_a_scenario_with_its_line(tmp_path):
    file = tmp_path / "own.yaml"
    file.write_text(
        "steps: 1\npopulation:\n  kind: uniform\n  users: 30\n  columns:\n    activty: 0.5\n", encoding="utf-8"
    )
    with pytest.raises(
        ScenarioError,
        match=r"own.yaml:6: population.columns.activty: users have no column 'activty'; did you mean 'activity'",
    ):
        Scenario.from_file(file)
    file.write_text("steps: 1\npopulation: {kind: uniform, users: 30, columns: {activity: 1.5}}\n", encoding="utf-8")
    with pytest.raises(UserError, match=r"own.yaml:2: .*must be between 0 and 1"):
        next(play(Scenario.from_file(file)))
    file.write_text("steps: 1\npopulation: {kind: uniform, users: 30, columns: {activity: 0.5}}\n", encoding="utf-8")
    assert (next(play(Scenario.from_file(file))).world.users.activity == 0.5).all()


def test_equispaced_is_the_profile_of_hegselmann_and_krause():
    users = Equispaced(users=11, low=0.0, high=1.0).people(3, Chance(1))
    assert users.opinion[:, 0] == pytest.approx(np.arange(11) / 10)
    assert Equispaced(low=0.5, high=0.5).problems()[0][0] == "high"


def test_power_law_activity_follows_its_law():
    activity = PowerLawActivity(users=20_000).people(3, Chance(1)).activity.astype(float)

    def cdf(a):
        return (a**-1.1 - 0.01**-1.1) / (1 - 0.01**-1.1)

    assert kstest(activity, cdf).pvalue > 1e-3


def test_dirichlet_around_a_shared_taste():
    """Chaney et al.: with base b and hyper h, E[theta] = b, so all users share their favourite topics."""
    users = Dirichlet(users=20_000, hyper=10.0).people(5, Chance(1))
    alone = Dirichlet(users=20_000).people(5, Chance(1))
    assert np.ptp(alone.interests.mean(axis=0)) < 0.02
    assert np.ptp(users.interests.mean(axis=0)) > 0.1


def test_each_user_is_given_a_number():
    users = Uniform(users=3, columns={"stubbornness": {"each": [0, 0.2, 0.4]}, "opinion": {"each": [-1, 0, 1]}})
    drawn = users.people(2, Chance(1))
    assert drawn.stubbornness.tolist() == [0.0, 0.2, 0.4], "in double precision: fixed points are compared to 1e-9"
    assert drawn.innate_opinion[:, 0].tolist() == [-1.0, 0.0, 1.0]
    with pytest.raises(UserError, match="each has 2 entries, but there are 3 users"):
        Uniform(users=3, columns={"activity": {"each": [0, 1]}}).people(2, Chance(1))
    with pytest.raises(UserError, match="1 numbers for a user, but 2 are needed"):
        Uniform(users=1, columns={"interests": {"each": [1]}}).people(2, Chance(1))
    plane = Uniform(users=2, dimensions=2, columns={"opinion": {"each": [[0.1, 0.2], [0.3, -0.4]]}})
    assert plane.people(2, Chance(1)).opinion.tolist() == [[0.1, 0.2], [0.3, -0.4]]
    assert (
        "as many numbers as there are dimensions"
        in Uniform(columns={"opinion": {"each": [[0, 1], [1]]}}).problems()[0][1]
    )
    assert "a number for each user" in Uniform(columns={"activity": {"each": ["x"]}}).problems()[0][1]
    assert "a number for each user" in Uniform(columns={"activity": {"each": [True]}}).problems()[0][1]
