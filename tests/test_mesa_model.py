"""A scenario as a Mesa model plays the same numbers as `simulate`, and does what Mesa expects of a model."""

from __future__ import annotations

import inspect
import subprocess
import sys
from pathlib import Path

import mesa
import numpy as np
import polars as pl
import pytest

from cocoonsim import Scenario, simulate
from cocoonsim.core.errors import UserError
from cocoonsim.lessons import lesson
from cocoonsim.mesa_model import CocoonModel, PersonAgent

ROOT = Path(__file__).parents[1]
SMALL = ["population.users=100", "steps=5"]


def played(model: CocoonModel) -> CocoonModel:
    while model.running:
        model.step()
    return model


@pytest.mark.parametrize("number", [1, 3])
def test_the_numbers_are_those_of_simulate_to_the_last_bit(number: int) -> None:
    scenario = Scenario.from_file(lesson(number).scenario, SMALL)
    there = simulate(scenario, seeds=[7])
    model = played(CocoonModel(f"lesson:{number}", users=100, steps=5, rng=7))
    here = model.results()
    assert here.digest == there.digest
    for name in ("users", "opinions", "sample_feeds", "sample_network"):
        assert getattr(here, name).equals(getattr(there, name)), name
    assert here.manifest["stopped"] == {"7": "steps"}
    assert model.metrics.equals(there.metrics)
    assert played(CocoonModel(scenario, rng=7, agents=True)).results().digest == there.digest


def test_the_collector_holds_the_means_of_every_step() -> None:
    model = played(CocoonModel("lesson:3", users=100, steps=5, rng=7))
    for name, column in model.datacollector.model_vars.items():
        rows = model.metrics.filter(
            pl.col("metric") == name, pl.col("group") == "all", pl.col("stat").is_in(["mean", "value"])
        )
        stage = "shown" if "shown" in rows["stage"] else rows["stage"][0]
        rows = rows.filter(pl.col("stage") == stage).unique("step", keep="first", maintain_order=True).sort("step")
        assert np.array_equal(column, rows["value"].to_numpy(), equal_nan=True), name
    frame = model.datacollector.get_model_vars_dataframe()
    assert frame.shape == (5, len(model.datacollector.model_vars))
    assert {"effective_topics", "true_utility", "engagement"} <= set(frame.columns)


def test_parameters_have_names_and_change_the_scenario() -> None:
    kinds = {parameter.kind for parameter in inspect.signature(CocoonModel.__init__).parameters.values()}
    assert kinds == {inspect.Parameter.POSITIONAL_OR_KEYWORD}
    model = CocoonModel(
        users=50, steps=2, ranking="popularity", feed="softmax", choice="bernoulli", influence="none", rewiring="none",
        metrics="gini_simpson, engagement", sets=["catalogue.items=90", "slate=3"], rng=2,
    )  # fmt: skip
    scenario = model.cocoon_scenario
    assert [scenario.spec(stage)["kind"] for stage in ("ranking", "feed", "choice")] == [
        "popularity",
        "softmax",
        "bernoulli",
    ]
    assert (model.world.n_users, model.world.n_items, scenario.slate, scenario.steps) == (50, 90, 3, 2)
    assert list(model.datacollector.model_vars) == ["gini_simpson", "engagement"]
    assert CocoonModel(users=50, sets="slate=4").cocoon_scenario.slate == 4
    with pytest.raises(UserError, match="populerity"):
        CocoonModel(ranking="populerity")


def test_the_seed_is_known_and_draws_differ_without_one() -> None:
    few = {"users": 40, "steps": 2, "metrics": "gini_simpson"}
    same = [played(CocoonModel(**few, rng=np.random.default_rng(5))) for _ in range(2)]
    assert same[0].results().digest == same[1].results().digest
    again = played(CocoonModel(**few, rng=same[0].run_seed))
    assert again.results().digest == same[0].results().digest
    assert CocoonModel(**few).run_seed != CocoonModel(**few).run_seed


def test_people_are_views_on_the_columns() -> None:
    model = CocoonModel("lesson:3", users=100, steps=4, rng=7)
    assert len(model.agents) == 0
    assert model.person(3).feed == []
    model.step()
    person, moment = model.person(3), model.moment
    assert person.feed == moment.feed[3].tolist()
    assert person.clicked == moment.feed[3][moment.clicks[3]].tolist()
    assert person.follows == moment.after.follows.of(3).tolist()
    before = person.opinion
    while model.running:
        model.step()
    assert person.opinion == model.world.users.opinion[3, 0] != before
    assert person.group == model.world.users.group[3]
    assert np.array_equal(person.interests, model.world.users.interests[3])
    with pytest.raises(UserError, match="there are 0 to 99"):
        model.person(100)


def test_agents_are_made_in_small_worlds_only() -> None:
    model = CocoonModel(users=30, steps=2, agents=True, rng=1)
    assert len(model.agents) == 30
    assert all(isinstance(agent, PersonAgent) for agent in model.agents)
    assert sorted(agent.user for agent in model.agents) == list(range(30))
    model.step()
    assert model.agents.get("feed")[4] == model.person(4).feed
    assert model.agents.agg("opinion", np.mean) == pytest.approx(model.world.users.opinion[:, 0].mean())
    with pytest.raises(UserError, match=r"30,000 users.*20,000"):
        CocoonModel(users=30_000, agents=True)


def test_a_run_that_has_ended_stays_as_it_is() -> None:
    model = CocoonModel(users=30, steps=1, metrics="gini_simpson", rng=1)
    with pytest.raises(UserError, match="has not ended"):
        model.results()
    played(model)
    before = model.results().digest
    model.step()
    assert model.results().digest == before
    assert len(model.datacollector.model_vars["gini_simpson"]) == 1


def test_batch_run_plays_every_combination() -> None:
    parameters = {"users": 40, "steps": 3, "ranking": ["content", "shuffled"], "metrics": "gini_simpson", "rng": [1, 2]}
    rows = mesa.batch_run(CocoonModel, parameters, max_steps=50, display_progress=False)
    assert len(rows) == 4
    for row in rows:
        single = played(CocoonModel(None, 40, 3, row["ranking"], metrics="gini_simpson", rng=row["rng"]))
        assert row["gini_simpson"] == single.datacollector.model_vars["gini_simpson"][-1]


def test_only_the_adapter_imports_mesa() -> None:
    code = "import sys, cocoonsim, cocoonsim.cli, cocoonsim.handout; assert 'mesa' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)
    naming = [path.name for path in (ROOT / "cocoonsim").rglob("*.py") if "import mesa" in path.read_text("utf-8")]
    assert naming == ["mesa_model.py"]
