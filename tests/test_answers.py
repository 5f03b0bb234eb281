"""The first sentences of a report and of a comparison: made from the numbers that `answer:` names, with intervals."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from cocoonsim import Scenario
from cocoonsim.answers import comparison_answers, interval, run_answers
from cocoonsim.cli import app
from cocoonsim.comparison_page import headline as headline_of_comparison
from cocoonsim.report import headline as headline_of_run
from cocoonsim.scenario import ScenarioError


def asked(of: str, **more: Any) -> list[dict[str, Any]]:
    return [{"of": of, "words": "", "arms": [], **more}]


def test_the_interval_is_students() -> None:
    """Numbers 1, 2, 3: mean 2, standard error 1 / sqrt(3), t(2, .975) = 4.30265 (tables)."""
    low, high = interval(np.array([1.0, 2.0, 3.0]))
    assert (low, high) == pytest.approx((2 - 4.30265 / 3**0.5, 2 + 4.30265 / 3**0.5), abs=1e-5)


def test_of_a_run_with_several_seeds(two_seeds: Any) -> None:
    """By the rule of the made-up run: the last fifth are steps 9 and 10, so 8 - 0.4 x 9.5 = 4.2 and 0.01 more with seed 2.

    The mean is 4.205; t(1, .975) = 12.7062 times 0.01 / 2 is 0.0635: 4.14147 to 4.26853.
    """
    two_seeds.manifest["scenario"]["answer"] = asked("effective_topics.shown", words="the width of feeds")
    (told,) = run_answers(two_seeds)
    assert told == (
        "The width of feeds is 4.21 (95\u202f% interval 4.14 to 4.27, from 2 seeds); "
        "a random draw from the pool would give 8.5."
    )
    assert headline_of_run(two_seeds) == [told]


def test_of_a_run_with_one_seed_there_is_no_interval_and_it_says_so(run: Any) -> None:
    run.manifest["scenario"]["answer"] = asked("true_utility")
    (told,) = run_answers(run)
    assert told.startswith(
        "The true utility (shown) is 0.395 (0.39 to 0.4 in single steps; more seeds give a 95\u202f% inter"
    )


def test_what_is_undefined_is_called_so(run: Any) -> None:
    run.manifest["scenario"]["answer"] = asked("neighbour_correlation.people", words="likeness of friends")
    assert run_answers(run) == ["Likeness of friends is undefined."]


def test_of_a_comparison(arms: Any) -> None:
    arms.manifest["scenario"]["answer"] = asked("effective_topics.shown", words="the width", arms=["mix"])
    told, note = comparison_answers(arms)
    assert told == ("The width is 4.2 with “base”. Compared with that, it is 0.25 higher in “mix” (0.2 to 0.3).")
    assert "2 pairs of runs" in note
    assert headline_of_comparison(arms) == [told, note]


def test_without_answers_the_usual_metrics_are_told(run: Any, arms: Any) -> None:
    assert run_answers(run) == []
    assert "effective topics" in headline_of_run(run)[0]
    assert (
        "effective number" in headline_of_comparison(arms)[0] or "effective topics" in headline_of_comparison(arms)[0]
    )


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (
            [{"of": "harmful_shares"}],
            "answer.0.of: there is no metric called 'harmful_shares'; did you mean 'harmful_share'",
        ),
        ([{"of": "harmful_share.show"}], "answer.0.of: there is no stage 'show'; did you mean 'shown'?"),
        ([{"words": "x"}], "answer needs the setting 'of'"),
        ([{"of": "harmful_share", "arms": ["b"]}], "answer.0.arms.0: there is no arm 'b'"),
        ({"of": "harmful_share"}, "answer: must be a list"),
        (["harmful_share"], "answer.0: must be a mapping"),
    ],
)
def test_what_cannot_answer_is_refused(answer: Any, words: str) -> None:
    with pytest.raises(ScenarioError, match=words.replace(".", r"\.").replace("?", r"\?")):
        Scenario.from_dict({"answer": answer, "compare": {"arms": {"a": {}}}})


def test_neither_answers_nor_the_number_of_seeds_bear_on_the_numbers() -> None:
    plain = Scenario.from_dict({})
    more = Scenario.from_dict(
        {"answer": [{"of": "audit of top_topic_share"}, {"of": "explained by score"}], "seeds": 4}
    )
    assert more.sha256 == plain.sha256
    assert Scenario.from_dict(more.expand()) == more


def test_run_plays_as_many_seeds_as_the_scenario_says_and_prints_the_answer(tmp_path: Any) -> None:
    file = tmp_path / "small.yaml"
    file.write_text("steps: 5\nseeds: 3\npopulation: {kind: uniform, users: 30}\nanswer: [{of: engagement}]\n")
    said = CliRunner().invoke(app, ["run", str(file), "--out", str(tmp_path / "out")])
    assert said.exit_code == 0, said.output
    assert "95\u202f% interval" in said.output
    assert "from 3 seeds" in said.output
    one = CliRunner().invoke(app, ["run", str(file), "--out", str(tmp_path / "out"), "--seeds", "1"])
    assert "in single steps" in one.output
