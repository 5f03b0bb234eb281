"""A line of a published model is changed: it runs, or says why it cannot."""

from itertools import islice
from pathlib import Path

import pytest

from cocoonsim import Scenario, play
from cocoonsim.core.errors import UserError

FOLDER = Path(__file__).parents[1] / "scenarios" / "replications"


@pytest.mark.parametrize("publishing", ["adaptive_creators", "polluters", "reposts", "user_posts"])
def test_beliefs_are_about_the_items_of_the_first_day(publishing: str) -> None:
    scenario = Scenario.from_file(FOLDER / "aridor_ring.yaml", sets=[f"publishing={publishing}", "steps=2"])
    with pytest.raises(UserError, match=f"{publishing} adds items, but belief_update is about those of the first day"):
        next(play(scenario, seed=1))


@pytest.mark.parametrize("catalogue", ["multilingual", "partisan_news", "ring", "topic_mix"])
def test_people_in_a_plane_know_of_nothing_on_a_line(catalogue: str) -> None:
    scenario = Scenario.from_file(FOLDER / "blockbuster.yaml", sets=[f"catalogue={catalogue}", "steps=2"])
    with pytest.raises(UserError, match="needs people and items in one space"):
        next(play(scenario, seed=1))


def test_another_ranking_and_another_schedule_run() -> None:
    for name, change in (("unfollowing", "ranking=shuffled"), ("baumann", "activity.integrator=euler")):
        scenario = Scenario.from_file(FOLDER / f"{name}.yaml", sets=[change, "steps=2", "population.users=30"])
        assert len(list(islice(play(scenario, seed=1), 2))) == 2


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ("catalogue.items=100000", "100,000 items times 100,000 items, each of which says something of each other"),
        ("population.users=300000", "200 items times 300,000 users"),
    ],
)
def test_beliefs_that_do_not_fit_are_refused_before_they_are_made(change: str, why: str) -> None:
    scenario = Scenario.from_file(FOLDER / "aridor_ring.yaml", sets=[change, "steps=2"])
    with pytest.raises(UserError, match=why):
        next(play(scenario, seed=1))
