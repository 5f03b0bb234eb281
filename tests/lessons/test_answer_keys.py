"""Every number in an answer key is what a student sees who plays the lesson's scenario with seed 1.

A claim is a piece of the answer key with a hole for each number, and where the numbers come from. When all claims are taken
out of an answer key, no digit may be left: nothing is claimed that is not played.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

import polars as pl
import pytest

from cocoonsim import Scenario, simulate
from cocoonsim.lessons import lesson

Claims = list[tuple[str, tuple[float | str, ...]]]


LATE = 6
"""The last so many steps are "the end", as in `cocoonsim compare` (the last fifth)."""


@cache
def played(number: int, arm: str, seeds: tuple[int, ...], sets: tuple[str, ...]) -> pl.DataFrame:
    """The table of numbers of an arm. Other metrics would change none of them."""
    whole = Scenario.from_file(lesson(number).scenario, sets=sets)
    table = simulate(whole.arms()[arm], seeds=list(seeds)).metrics
    return table.filter(pl.col("group") == "all").with_columns(pl.col("value", "null_value", "excess").fill_nan(None))


class Lesson:
    """The arms of a lesson, with some seeds, measured by some metrics."""

    def __init__(self, number: int, *metrics: str, seeds: tuple[int, ...] = (1,), sets: tuple[str, ...] = ()) -> None:
        self.number, self.seeds = number, seeds
        self.sets = (f"metrics=[{', '.join(metrics)}]", *sets)

    def per_seed(
        self, arm: str, metric: str, stage: str = "shown", at: str = "end", of: str = "value", stat: str = "mean",
        null: str = "uniform-pool",
    ) -> list[float]:  # fmt: skip
        """A number per seed: of the first step, of the last, or the mean of the last `LATE` steps."""
        table = played(self.number, arm, self.seeds, self.sets).filter(
            pl.col("metric") == metric, pl.col("stage") == stage, pl.col("stat").is_in([stat, "value"]),
            (pl.col("null_name") == null) | ~pl.col("null_name").is_in(["uniform-pool", "popularity"]),
        )  # fmt: skip
        last = table["step"].max()
        assert isinstance(last, int), f"nothing measured of {metric} ({stage}) in {arm}"
        steps = {"first": [0], "last": [last], "end": list(range(last - LATE + 1, last + 1))}[at]
        means = table.filter(pl.col("step").is_in(steps)).group_by("seed").agg(pl.col(of).mean()).sort("seed")
        assert len(means) == len(self.seeds)
        return means[of].to_list()

    def __call__(self, arm: str, metric: str, *where: str, **how: str) -> float:
        """The number of the first seed."""
        return self.per_seed(arm, metric, *where, **how)[0]


def percent(value: float) -> str:
    return f"{100 * value:.0f}"


def cocoon() -> Claims:
    at = Lesson(1, "effective_topics", "top_topic_share", "true_utility")
    narrow, chance = "more of the same", "a random feed"
    topics = "effective_topics"
    first = {f"{at(arm, topics, at='first'):.1f}" for arm in (narrow, chance)}
    return [
        ("both arms show about {} of 12 topics, and so does the null: {:.1f}",
         (min(first), at(narrow, topics, at="first", of="null_value"))),
        ("the random feed shows {:.1f} topics where the null expects {:.1f}",
         (at(chance, topics), at(chance, topics, of="null_value"))),
        ("shows {:.1f} where the null expects {:.1f}", (at(narrow, topics), at(narrow, topics, of="null_value"))),
        ("takes {} % of the places at the end, against {} % by chance",
         (percent(at(narrow, "top_topic_share")), percent(at(narrow, "top_topic_share", of="null_value")))),
        ("true utility, 0 to 1) rises from {:.2f} to {:.2f}; in the random feed it is {:.2f}",
         (at(narrow, "true_utility", at="first"), at(narrow, "true_utility"), at(chance, "true_utility"))),
    ]  # fmt: skip


def who() -> Claims:
    at = Lesson(2, "effective_topics", "true_utility", "cross_cutting_share")
    whole, topics = "the whole loop", "effective_topics"
    return [
        ("By chance {:.1f} topics would be shown", (at(whole, topics, of="null_value"),)),
        ("The whole loop ends at {:.1f} topics", (at(whole, topics),)),
        ("Without ranking it is {:.1f}, which is chance; so it is with none of the three: {:.1f}",
         (at("no ranking", topics), at("none of the three", topics))),
        ("the feed still falls to {:.1f} topics", (at("no choosing", topics),)),
        ("With tastes that stay put the feed falls to {:.1f} topics", (at("no change of taste", topics),)),
        ("falls more: {:.2f} against {:.2f}", (at("no change of taste", "true_utility"), at(whole, "true_utility"))),
        ("without ranking, {} % of the clicks go to the other side, although {} % of what is shown",
         (percent(at("no ranking", "cross_cutting_share", "clicked")), percent(at("no ranking", "cross_cutting_share")))),
    ]  # fmt: skip


def friends() -> Claims:
    at = Lesson(3, "cross_cutting_share", "ei_index", "neighbour_correlation", "item_exposure_gini", "harmful_share")
    cross, gini, nci = "cross_cutting_share", "item_exposure_gini", "neighbour_correlation"
    random, own, cut, ties = (
        "a random feed", "one's own clicks", "friends' clicks and unfollowing", "friends' clicks",
    )  # fmt: skip
    lost = {percent(at(arm, cross, "chance") - at(arm, cross)) for arm in (ties, own)}
    assert len(lost) == 1
    return [
        ("Half of the pool ({} %) is of the other side", (percent(at(random, cross, "chance")),)),
        ("In the random feed {} % of what is shown is of the other side, and {} % of what is clicked",
         (percent(at(random, cross)), percent(at(random, cross, "clicked")))),
        ("takes {} points, with no platform", (percent(at(random, cross) - at(random, cross, "clicked")),)),
        ("In the feed of friends' clicks {} % of what is shown and {} % of what is clicked",
         (percent(at(ties, cross)), percent(at(ties, cross, "clicked")))),
        ("by one's own clicks it is {} % and {} %", (percent(at(own, cross)), percent(at(own, cross, "clicked")))),
        ("Both filters take about {} points from what is shown", (lost.pop(),)),
        ("Unfollowing takes {} % instead of {} % of the feed", (percent(at(cut, cross)), percent(at(ties, cross)))),
        ("(1 = all ties lead out of the group, -1 = none) goes from {:.2f} to {:.2f}",
         (at(cut, "ei_index", "people", at="first"), at(cut, "ei_index", "people"))),
        ("ends at {:.2f}, against {:.2f} where ties stay", (at(cut, nci, "people"), at(ties, nci, "people"))),
        ("over items is {:.2f}, by one's own clicks {:.2f}, which is near the {:.2f} of chance",
         (at(ties, gini), at(own, gini), at(own, gini, of="null_value"))),
        ("Of what friends' feeds show {} % is harmful, of the pool {} %",
         (percent(at(ties, "harmful_share")), percent(at(ties, "harmful_share", of="null_value")))),
    ]  # fmt: skip


def outrage() -> Claims:
    at = Lesson(4, "engagement", "harmful_share", "true_utility")
    loud, held, new, best = "clicks and outrage", "outrage held down", "newest first", "best made first"
    harm = {arm: 100 * at(arm, "harmful_share") for arm in (loud, held, new, best)}
    clicks = {arm: 100 * at(arm, "engagement", "clicked") for arm in (loud, held, new, best)}
    worth = {arm: at(arm, "true_utility", "clicked") for arm in (loud, new, best)}
    pool = 100 * at(new, "harmful_share", of="null_value")
    assert 1.4 < harm[loud] / pool < 1.6  # half as much again
    assert 0.8 < clicks[loud] - clicks[best] < 1.2  # the last point
    return [
        ("Of the pool {:.1f} % is harmful", (pool,)),
        ("wins the most clicks: {:.1f} % of what is shown is clicked, against {:.1f} % newest first",
         (clicks[loud], clicks[new])),
        ("It shows {:.0f} % harmful items", (harm[loud],)),
        ("In its first step {} % of what it shows is harmful", (percent(at(loud, "harmful_share", at="first")),)),
        ("{:.0f} % of what is shown is harmful, less than in the pool, and {:.1f} % is clicked",
         (harm[held], clicks[held])),
        ("shows {:.1f} % harmful items; what people click is worth {:.2f} to them, against {:.2f} under *clicks and outrage* "
         "and {:.2f} newest first", (harm[best], worth[best], worth[loud], worth[new])),
        ("It gets {:.1f} % clicks", (clicks[best],)),
    ]  # fmt: skip


def privacy() -> Claims:
    at = Lesson(5, "effective_topics", "true_utility", "profile_leakage")
    names = (
        "everything is used",
        "a little noise",
        "much noise",
        "three coarse topics",
        "half opt out",
        "nothing is used",
    )
    leaks = {arm: percent(at(arm, "profile_leakage", "people")) for arm in names}
    worth = {arm: at(arm, "true_utility") for arm in names}
    topics = {arm: at(arm, "effective_topics") for arm in names}
    used, little, much, coarse, half, nothing = names
    return [
        ("Always naming the commonest group is right in {} % of the cases",
         (percent(at(used, "profile_leakage", "people", of="null_value")),)),
        ("the group is guessed in {} % of the cases; feeds are worth {:.2f} and show {:.1f} topics",
         (leaks[used], worth[used], topics[used])),
        ("({} %, worth {:.2f}, {:.1f} topics)", (leaks[little], worth[little], topics[little])),
        ("brings the guesser down to {} %, which is chance, and feeds are still worth {:.2f} with {:.1f} topics",
         (leaks[much], worth[much], topics[much])),
        ("to {:.1f} topics, but relevance falls to {:.2f}, and {} % are still guessed",
         (topics[coarse], worth[coarse], leaks[coarse])),
        ("success over all is {} %, utility {:.2f}", (leaks[half], worth[half])),
        ("leaks the most: {} %", (leaks[nothing],)),
    ]  # fmt: skip


def rules() -> Claims:
    at = Lesson(6, "top_topic_share", "true_utility")
    few = Lesson(6, "top_topic_share", sets=("interventions.1.probes=5",))
    obeyed, half, none = "the rule obeyed", "obeyed half of the time", "no rule"
    audit, top = "audit of top_topic_share", "top_topic_share"

    def last(where: Lesson, arm: str, *stats: str) -> tuple[str, ...]:
        return tuple(percent(where(arm, audit, at="last", stat=stat)) for stat in stats)

    return [
        ("has {} % of the places at the end; where it is obeyed, {} %; where it is obeyed half of the time, {} %",
         (percent(at(none, top)), percent(at(obeyed, top)), percent(at(half, top)))),
        ("it is worth {:.2f} to them under the rule and {:.2f} without",
         (at(obeyed, "true_utility", "clicked"), at(none, "true_utility", "clicked"))),
        ("In the last step 30 probes say {} % for the half-obedient platform, with an interval from {} % to {} %; "
         "the truth is {} %", last(at, half, "mean", "low", "high", "truth")),
        ("Neither {} % nor {} % lies inside", last(at, obeyed, "truth") + last(at, none, "truth")),
        ("With 5 probes the interval goes from {} % to {} %", last(few, half, "low", "high")),
        ("(Beyond 100 % there is nothing", ()),
        ("the interval is narrow, {} % to {} %", last(at, obeyed, "low", "high")),
    ]  # fmt: skip


def design() -> Claims:
    at = Lesson(7, "effective_topics", "true_utility", "harmful_share", "exposure_parity", "engagement")
    loud, same, mix, spread, fair, random = (
        "clicks and outrage", "more of the same", "a mixture", "a mixture, spread out", "spread out and fair", "a random feed",
    )  # fmt: skip
    topics, worth, harm, share = "effective_topics", "true_utility", "harmful_share", "exposure_parity"
    return [
        ("By chance {:.1f} topics would be shown", (at(random, topics, of="null_value"),)),
        ("*A random feed* shows {:.1f} topics and is worth {:.2f}", (at(random, topics), at(random, worth))),
        ("is worth {:.2f} and shows {:.1f} topics; *a mixture*", (at(same, worth), at(same, topics))),
        ("worth the most, {:.2f}, with {:.1f} topics, and gives the minority {:.2f} of its share",
         (at(mix, worth), at(mix, topics), at(mix, share))),
        ("it shows {:.1f} topics, is worth {:.2f}, shows {} % harmful items where the pool has {} %, and gives the minority "
         "{:.2f} of its share", (at(loud, topics), at(loud, worth), percent(at(loud, harm)),
                                 percent(at(loud, harm, of="null_value")), at(loud, share))),
        ("shows {:.1f} topics, is worth {:.2f}, shows no harm ({:.1f} %) and gives the minority {:.2f}",
         (at(spread, topics), at(spread, worth), 100 * at(spread, harm), at(spread, share))),
        ("clicks are {:.1f} % instead of {:.1f} %",
         (100 * at(spread, "engagement", "clicked"), 100 * at(loud, "engagement", "clicked"))),
        ("gives the minority {:.2f} of its share, but only {:.1f} topics are left", (at(fair, share), at(fair, topics))),
    ]  # fmt: skip


QUICK = {1: cocoon, 3: friends, 4: outrage, 6: rules}
LONGER = {2: who, 5: privacy, 7: design}


@pytest.mark.parametrize(
    ("number", "claims"),
    [*QUICK.items(), *(pytest.param(*item, marks=pytest.mark.slow) for item in LONGER.items())],
)
def test_the_answer_key_says_what_is_seen(number: int, claims: Callable[[], Claims]) -> None:
    text = " ".join(lesson(number).answers.split())
    text = text.replace('Numbers are those of seed 1; "at the end" is the mean of the last six steps.', "")
    wrong = []
    for template, numbers in claims():
        told = template.format(*numbers)
        if told in text:
            text = text.replace(told, "")
        else:
            wrong.append(told)
    assert not wrong, "played, but not in the answer key: " + "; ".join(wrong)
    assert not re.search(r"\d", text), f"claimed, but not played: {text}"


# ---------------------------------------------------------------------------------------------------- other seeds
SEEDS = tuple(range(11, 23))
Pair = tuple[list[float], list[float]]


def seeds_agree(number: int) -> list[tuple[str, Pair]]:
    """What the answers say of more and less, as (claim, (larger, smaller) in each of several worlds)."""
    names = {
        1: ("effective_topics", "true_utility"),
        2: ("effective_topics", "true_utility", "cross_cutting_share"),
        3: ("cross_cutting_share", "ei_index", "neighbour_correlation", "item_exposure_gini", "harmful_share"),
        4: ("engagement", "harmful_share", "true_utility"),
        5: ("effective_topics", "true_utility", "profile_leakage"),
        6: ("top_topic_share", "true_utility"),
        7: ("effective_topics", "true_utility", "harmful_share", "exposure_parity"),
    }
    at = Lesson(number, *names[number], seeds=SEEDS).per_seed
    topics, cross, harm, worth, leak = (
        "effective_topics", "cross_cutting_share", "harmful_share", "true_utility", "profile_leakage",
    )  # fmt: skip

    def pool(arm: str, metric: str) -> list[float]:
        return at(arm, metric, of="null_value")

    def unfair(arm: str) -> list[float]:
        return [abs(1 - value) for value in at(arm, "exposure_parity")]

    ties, cut, own, chance = "friends' clicks", "friends' clicks and unfollowing", "one's own clicks", "a random feed"
    loud, held, best, new = "clicks and outrage", "outrage held down", "best made first", "newest first"
    used, much, coarse, half, nothing = (
        "everything is used", "much noise", "three coarse topics", "half opt out", "nothing is used",
    )  # fmt: skip
    mix, spread, fair, same = "a mixture", "a mixture, spread out", "spread out and fair", "more of the same"
    halfway, top = "obeyed half of the time", "top_topic_share"
    claims: dict[int, Callable[[], list[tuple[str, Pair]]]] = {
        1: lambda: [
            ("the cocoon is narrower than chance", (pool(same, topics), at(same, topics))),
            ("and comfortable", (at(same, worth), at(chance, worth))),
        ],
        2: lambda: [
            ("without ranking nothing narrows", (at("no ranking", topics), at("no choosing", topics))),
            ("without choosing it still narrows", (pool("no choosing", topics), at("no choosing", topics))),
            ("with tastes that stay put it still narrows", (at("no choosing", topics), at("no change of taste", topics))),
            ("moved tastes are served better", (at("the whole loop", worth), at("no change of taste", worth))),
            ("choosing narrows clicks", (at("no ranking", cross), at("no ranking", cross, "clicked"))),
        ],
        3: lambda: [
            ("people themselves keep the other side away", (at(chance, cross), at(chance, cross, "clicked"))),
            ("friends do", (at(chance, cross), at(ties, cross))),
            ("the platform does", (at(chance, cross), at(own, cross))),
            ("clicks lose more than feeds", (at(ties, cross), at(ties, cross, "clicked"))),
            ("unfollowing closes camps", (at(ties, "ei_index", "people"), at(cut, "ei_index", "people"))),
            ("and makes neighbours alike",
             (at(cut, "neighbour_correlation", "people"), at(ties, "neighbour_correlation", "people"))),
            ("friends concentrate attention", (at(ties, "item_exposure_gini"), at(own, "item_exposure_gini"))),
            ("friends pass on less harm than the pool holds", (pool(ties, harm), at(ties, harm))),
        ],
        4: lambda: [
            ("outrage wins clicks", (at(loud, "engagement", "clicked"), at(best, "engagement", "clicked"))),
            ("at first it shows more harm than the pool holds", (at(loud, harm, at="first"), pool(loud, harm))),
            ("and at the end more than the best made", (at(loud, harm), at(best, harm))),
            ("at first most of all", (at(loud, harm, at="first"), at(loud, harm))),
            ("held down there is less than in the pool", (pool(held, harm), at(held, harm))),
            ("for fewer clicks", (at(loud, "engagement", "clicked"), at(held, "engagement", "clicked"))),
            ("the best made are worth more", (at(best, worth, "clicked"), at(loud, worth, "clicked"))),
            ("and more than the newest", (at(best, worth, "clicked"), at(new, worth, "clicked"))),
        ],
        5: lambda: [
            ("a used profile tells the group", (at(used, leak, "people"), pool_of_people(at, used, leak))),
            ("much noise protects", (at(used, leak, "people"), at(much, leak, "people"))),
            ("and still serves well", (at(much, worth), at(coarse, worth))),
            ("coarse topics open the feed", (at(coarse, topics), at(much, topics))),
            ("and still tell something", (at(coarse, leak, "people"), pool_of_people(at, coarse, leak))),
            ("half opting out helps half-way", (at(used, leak, "people"), at(half, leak, "people"))),
            ("not using is not the same as not having", (at(nothing, leak, "people"), at(used, leak, "people"))),
        ],
        6: lambda: [
            ("the rule works", (at(halfway, top), at("the rule obeyed", top))),
            ("half as well when half obeyed", (at("no rule", top), at(halfway, top))),
        ],
        7: lambda: [
            ("chance is the most diverse", (at(chance, topics), at(spread, topics))),
            ("a mixture is worth the most", (at(mix, worth), at(same, worth))),
            ("the design is more diverse", (at(spread, topics), at(loud, topics))),
            ("more useful", (at(spread, worth), at(loud, worth))),
            ("less harmful", (at(loud, harm), at(spread, harm))),
            ("the fairness rule is fair", (unfair(spread), unfair(fair))),
            ("and undoes the spreading", (at(spread, topics), at(fair, topics))),
        ],
    }  # fmt: skip
    return claims[number]()


def pool_of_people(at: Callable[..., list[float]], arm: str, metric: str) -> list[float]:
    """What the null expects of a number about people."""
    return at(arm, metric, "people", of="null_value")


@pytest.mark.slow
@pytest.mark.parametrize("number", range(1, 8))
def test_other_seeds_tell_the_same_story(number: int) -> None:
    """One-sided paired t-tests over twelve other worlds, at the level of 0.01."""
    from scipy.stats import ttest_rel

    wrong = []
    for claim, (larger, smaller) in seeds_agree(number):
        found = ttest_rel(larger, smaller, alternative="greater")
        if not found.pvalue < 0.01:
            wrong.append(f"{claim}: {larger} and {smaller} (p = {found.pvalue:.3f})")
    assert not wrong, "\n".join(wrong)
