"""Parts that add up to the score by which the feed went: from Python, in the event log, in the report, on the command line."""

import numpy as np
import polars as pl
import pytest
from typer.testing import CliRunner

from cocoonsim import Scenario, play, simulate, why
from cocoonsim.assemble import assemble
from cocoonsim.cli import app
from cocoonsim.core.component import find
from cocoonsim.core.errors import UserError
from cocoonsim.core.view import View
from cocoonsim.explanations import explain

BASE = {
    "steps": 4, "slate": 5, "population": {"kind": "two_camps", "users": 60}, "network": {"kind": "blocks", "degree": 5},
    "catalogue": {"kind": "partisan_news", "items": 80, "topics": 5, "quality_fall": 0.3}, "choice": "bernoulli",
    "publishing": {"kind": "releases", "items": 3},
}  # fmt: skip
MEASURES = [
    {"kind": "downrank_arousal", "strength": 0.7, "share": 0.5},
    {"kind": "media_literacy", "level": 0.2, "mute": 0.95},
    {"kind": "diversity_quota", "quota": 0.2},
]
NEED_AUTHORS = {"personalised_pagerank", "jaccard"}
POLICIES = sorted(set(find("ranking")) - NEED_AUTHORS)


@pytest.mark.parametrize("policy", POLICIES)
def test_the_parts_add_up_to_what_the_feed_went_by(policy):
    scenario = Scenario.from_dict({**BASE, "ranking": policy, "interventions": MEASURES})
    parts = assemble(scenario)
    for moment in play(scenario):
        told = explain(parts, moment)
        view = View(moment.platform, moment.users, moment.feed, moment.dice, moment.state.model)
        view._world = moment.world if parts.ranking.sees_minds else None
        scores = np.broadcast_to(np.asarray(parts.ranking.score(view), np.float32), moment.feed.shape)
        for measure in parts.interventions:
            scores = measure.change_scores(scores, view)
        total = np.zeros(moment.feed.shape)
        for part in told.parts.values():
            total = total + part
        assert (total.astype(np.float32) == scores).all()
        assert (told.scores == scores).all()
        assert told.afterwards == "changed by diversity_quota"
        words = told.in_words(0, 0)
        assert words


def test_from_python():
    scenario = Scenario.from_dict({**BASE, "ranking": "content"})
    told = why(scenario, step=3, users=[7, 2])
    assert set(told["user"]) == {2, 7}
    sums = told.group_by("user", "place", maintain_order=True).agg(pl.col("adds").sum(), pl.col("score").first())
    assert sums["adds"].to_numpy() == pytest.approx(sums["score"].to_numpy(), abs=1e-7)
    *_, moment = play(scenario)
    assert (
        told.filter(pl.col("user") == 7).unique("place", maintain_order=True)["item"].to_list()
        == moment.feed[7].tolist()
    )


@pytest.mark.parametrize(
    ("arguments", "words"),
    [({"step": 9}, "steps go from 0 to 3"), ({"step": 1, "users": [60]}, "there is no user 60")],
    ids=["step", "user"],
)
def test_what_there_is_not(arguments, words):
    with pytest.raises(UserError, match=words):
        why(Scenario.from_dict(BASE), **arguments)


def test_one_after_another_cannot_be_explained_afterwards():
    with pytest.raises(UserError, match="Use an activity in which all act at once"):
        why(Scenario.from_dict({**BASE, "activity": "permutation"}), step=1)


def test_from_the_event_log(tmp_path):
    scenario = Scenario.from_dict({**BASE, "ranking": "engagement", "record": {"events": "all", "explain": True}})
    results = simulate(scenario)
    log = pl.concat([pl.read_parquet(file) for file in results.event_files])
    assert len(log) == 4 * 60
    for row in log.sample(40, seed=1).iter_rows(named=True):
        for score, parts in zip(row["score"], row["why"], strict=True):
            assert np.float32(sum(part["adds"] for part in parts)) == np.float32(score)
    assert {part["part"] for part in log["why"][70][0]} <= {
        "what others clicked",
        "how inflammatory it is",
        "your own clicks",
    }


def test_on_the_command_line_and_in_the_report(tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text("steps: 3\nslate: 4\npopulation: {kind: uniform, users: 20}\nranking: content\n", encoding="utf-8")
    told = CliRunner().invoke(app, ["why", str(file), "--step", "2", "--user", "3"])
    assert told.exit_code == 0
    assert "topic" in told.stdout or "score" in told.stdout
    wrong = CliRunner().invoke(app, ["why", str(file), "--step", "12"])
    assert wrong.exit_code == 2
    run = CliRunner().invoke(app, ["run", str(file), "--out", str(tmp_path / "out"), "--quiet"])
    assert run.exit_code == 0, run.output
    (report,) = (tmp_path / "out").rglob("report.html")
    assert "Why these items" in report.read_text(encoding="utf-8")
