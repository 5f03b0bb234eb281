"""The policy debate, measured: each shipped scenario shows what it promises, over 20 seeds, with effect, interval, direction.

What each must show is MODEL's table of the policy debate; directions are claims of the sources that the scenarios name.
Intervals are 95 % intervals of paired differences (the same people, items and luck in every arm).
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from cocoonsim import Scenario, compare, play
from cocoonsim.answers import comparison_answers, late
from cocoonsim.assemble import assemble
from cocoonsim.experiments.compare import Comparison
from cocoonsim.experiments.statistics import paired_difference
from cocoonsim.explanations import exact, explain

pytestmark = pytest.mark.slow
FOLDER = Path(__file__).parents[1] / "scenarios"
SEEDS = 20
EVERY_STEP = {"regulation", "transparency"}
"""Where something is claimed of each step. Of the others the last fifth is looked at, and every third step is measured."""


@cache
def played(name: str) -> Comparison:
    """The comparison of a shipped scenario, as `cocoonsim compare --seeds 20` makes it."""
    often = [] if name in EVERY_STEP else ["record.every=3"]
    return compare(Scenario.from_file(FOLDER / f"{name}.yaml", sets=often), seeds=SEEDS)


def by_seed(name: str, arm: str, metric: str, stage: str, column: str = "value") -> np.ndarray:
    """float64 (20,): the mean over the last fifth of the steps, seed by seed."""
    rows = late(played(name).metrics.filter(pl.col("arm") == arm), metric, stage)
    means = rows.group_by("seed").agg(pl.col(column).mean()).sort("seed")[column].to_numpy()
    assert len(means) == SEEDS
    return means


def differs(one: np.ndarray, other: np.ndarray | float) -> dict[str, float | int]:
    """The paired difference `one - other` with its interval, over all seeds."""
    found = paired_difference(one, np.broadcast_to(np.asarray(other, float), one.shape))
    assert found["n_seeds"] == SEEDS
    assert found["low"] <= found["difference"] <= found["high"]
    return found


def falls(name: str, arms: list[str], metric: str, stage: str) -> None:
    """From arm to arm the metric falls, each time by an interval that leaves out 0."""
    values = [by_seed(name, arm, metric, stage) for arm in arms]
    for (before, one), (after, other) in zip(
        zip(arms, values, strict=True), list(zip(arms, values, strict=True))[1:], strict=False
    ):
        found = differs(other, one)
        assert found["high"] < 0, f"{metric} from {before} to {after}: {found}"


@pytest.mark.parametrize("name", ["privacy", "discrimination", "regulation", "literacy", "bridges", "transparency"])
def test_the_headline_answers_with_numbers_and_intervals(name: str) -> None:
    *answers, note = comparison_answers(played(name))
    assert len(answers) >= 2
    assert all(" to " in answer for answer in answers if "the same" not in answer)
    assert f"{SEEDS} pairs of runs" in note


# ------------------------------------------------------------------------------------------------------------ privacy
RULES = {
    "noise": ["no protection", "noise epsilon 4", "noise epsilon 2", "noise epsilon 0.5"],
    "coarse": ["no protection", "eight groups of topics", "four groups of topics", "two groups of topics"],
    "retention": ["no protection", "kept three steps", "kept two steps", "kept one step"],
    "opt-out": ["no protection", "a quarter opts out", "half opt out", "all opt out"],
}


@pytest.mark.parametrize("rule", RULES)
def test_leakage_falls_dose_by_dose(rule: str) -> None:
    falls("privacy", RULES[rule], "profile_leakage", "people")


@pytest.mark.parametrize("rule", RULES)
def test_the_strongest_dose_costs_utility(rule: str) -> None:
    least, most = RULES[rule][0], RULES[rule][-1]
    found = differs(
        by_seed("privacy", most, "true_utility", "shown"), by_seed("privacy", least, "true_utility", "shown")
    )
    assert found["high"] < 0


def test_who_is_known_to_nobody_is_guessed_like_anybody() -> None:
    """When all have opted out nothing is left to guess from: the majority's share, 100 of 400 people, exactly."""
    assert by_seed("privacy", "all opt out", "profile_leakage", "people") == pytest.approx(np.full(SEEDS, 0.25))
    assert differs(by_seed("privacy", "no protection", "profile_leakage", "people"), 0.25)["low"] > 0.3


# ----------------------------------------------------------------------------------------------------- discrimination
def test_engagement_amplifies_harm_above_the_pool_and_above_newest_first() -> None:
    engagement = by_seed("discrimination", "engagement", "harmful_share", "shown")
    assert differs(engagement, by_seed("discrimination", "newest first", "harmful_share", "shown"))["low"] > 0.05
    assert differs(by_seed("discrimination", "engagement", "harmful_share", "shown", "excess"), 0.0)["low"] > 0.05
    newest = by_seed("discrimination", "newest first", "harmful_share", "shown", "excess")
    assert abs(differs(newest, 0.0)["difference"]) < 0.02  # age says nothing of harm


def test_moving_inflammatory_items_down_undoes_most_of_it() -> None:
    arms = ["engagement", "inflammatory down"]
    falls("discrimination", arms, "harmful_share", "shown")


def test_fair_exposure_brings_parity_within_ten_percent() -> None:
    engagement = by_seed("discrimination", "engagement", "exposure_parity", "shown")
    assert differs(engagement, 1.0)["high"] < -0.1, "without the rule the minority has less than its share"
    for arm in ("fair exposure", "both"):
        parity = by_seed("discrimination", arm, "exposure_parity", "shown")
        assert (np.abs(parity - 1.0) <= 0.1).all(), "in every single seed"


def test_engagement_concentrates_attention() -> None:
    top = by_seed("discrimination", "engagement", "top_item_share", "shown")
    assert differs(top, by_seed("discrimination", "newest first", "top_item_share", "shown"))["low"] > 0


# --------------------------------------------------------------------------------------------------------- regulation
OBEY = ["all obey", "75 % obey", "50 % obey", "25 % obey", "no law"]


def test_the_effect_of_a_quota_shrinks_as_compliance_falls() -> None:
    falls("regulation", OBEY, "effective_topics", "shown")


def test_the_intervals_of_200_audits_cover_the_truth_as_often_as_they_say() -> None:
    metrics = played("regulation").metrics.filter(
        pl.col("arm") == "all obey", pl.col("metric") == "audit of effective_topics",
        pl.col("seed") <= 10, pl.col("step") >= 10,
    )  # fmt: skip
    audits = metrics.select("seed", "step", "stat", "value").pivot(on="stat", index=["seed", "step"], values="value")
    assert audits.height == 200
    assert (audits["n"] == 100).all()
    covered = ((audits["low"] <= audits["truth"]) & (audits["truth"] <= audits["high"])).mean()
    assert covered is not None
    assert 0.90 <= covered <= 0.99
    assert abs((audits["mean"] - audits["truth"]).mean()) < 0.05  # type: ignore[operator,arg-type]


def test_an_audit_sees_whether_platforms_obey() -> None:
    falls("regulation", OBEY, "audit of effective_topics", "shown")


# ----------------------------------------------------------------------------------------------------------- literacy
SHARES = ["three quarters", "half", "a quarter", "nobody"]


@pytest.mark.parametrize("panel", ["reached first", "reached last"])
def test_literacy_widens_the_feeds_of_the_literate_and_of_the_others_the_more_take_part(panel: str) -> None:
    falls("literacy", SHARES, f"panel of effective_topics, {panel}", "shown")


def test_it_widens_those_of_the_literate_more() -> None:
    for arm in SHARES[:-1]:
        own, others = (
            by_seed("literacy", arm, f"panel of effective_topics, {panel}", "shown")
            - by_seed("literacy", "nobody", f"panel of effective_topics, {panel}", "shown")
            for panel in ("reached first", "reached last")
        )
        assert differs(own, others)["low"] > 0


# ------------------------------------------------------------------------------------------------------------ bridges
def test_each_bridge_brings_more_of_the_other_community_into_feeds() -> None:
    before = by_seed("bridges", "as it is", "cross_group_share", "shown")
    assert differs(by_seed("bridges", "as it is", "cross_group_share", "shown", "excess"), 0.0)["high"] < 0
    for arm in ("translation", "contact", "bridging ranking", "all three"):
        assert differs(by_seed("bridges", arm, "cross_group_share", "shown"), before)["low"] > 0, arm


def test_opinions_meet_where_people_can_read_each_other() -> None:
    """Shown is not read: a bridging ranking alone shows the most of the other side and moves opinions the least."""
    falls("bridges", ["as it is", "translation", "all three"], "group_opinion_gap", "people")
    gap = {arm: by_seed("bridges", arm, "group_opinion_gap", "people") for arm in ("translation", "bridging ranking")}
    assert differs(gap["translation"], gap["bridging ranking"])["high"] < -0.1


def test_contact_brings_ties_closer_to_what_chance_would_tie() -> None:
    """Followed: 12, of whom 0.05 in the other community; five more of it make (0.6 + 5) / 17 of all, less doubles.

    E-I = 2 x share - 1: -0.9 before and about -0.34 after; chance ties half and half: 0.
    """
    before, after = (by_seed("bridges", arm, "ei_index", "people") for arm in ("as it is", "contact"))
    assert before == pytest.approx(np.full(SEEDS, -0.9), abs=0.02)
    assert after == pytest.approx(np.full(SEEDS, 2 * 5.6 / 17 - 1), abs=0.02)
    excess = [by_seed("bridges", arm, "ei_index", "people", "excess") for arm in ("as it is", "contact")]
    assert differs(excess[0], 0.0)["high"] < 0
    assert differs(excess[1], excess[0])["low"] > 0


# ------------------------------------------------------------------------------------------------------- transparency
def test_every_item_shown_to_200_people_is_explained_to_the_last_bit() -> None:
    scenario = Scenario.from_file(FOLDER / "transparency.yaml")
    parts, shown = assemble(scenario), 0
    for moment in play(scenario):
        told = explain(parts, moment, np.arange(0, 600, 3))
        assert len(told.users) == 200
        assert exact(parts, moment, told).all()
        shown += int((told.items >= 0).sum())
    assert shown == 200 * 10 * 20
    for arm in played("transparency").manifest["arms"]:
        assert (by_seed("transparency", arm, "explained", "shown") == 1.0).all()


def test_what_is_owed_to_outrage_falls_with_the_measure_and_is_nothing_where_clicks_alone_count() -> None:
    falls(
        "transparency", ["no measure", "outrage moved down", "clicks alone"],
        "explained by how inflammatory it is", "shown",
    )  # fmt: skip
    assert (by_seed("transparency", "clicks alone", "explained by how inflammatory it is", "shown") == 0).all()
