"""Components that lie: each breaks one promise, and must be caught at it.

The promises are only worth something if they fail when they should. Each liar is honest but for one line.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from cocoonsim.activity import Activity
from cocoonsim.candidates import Candidates
from cocoonsim.catalogue import Catalogue
from cocoonsim.choice import Choice
from cocoonsim.core.chance import Chance, Dice
from cocoonsim.core.component import STAGES, Component, find
from cocoonsim.core.describing import describe
from cocoonsim.core.follows import Follows
from cocoonsim.core.history import History
from cocoonsim.core.moment import Moment
from cocoonsim.core.view import View
from cocoonsim.core.world import Columns, PlatformView, World, content, people
from cocoonsim.feed import Feed
from cocoonsim.influence import Influence
from cocoonsim.metrics import PopulationMetric, Reading, UserMetric, number
from cocoonsim.network import Network
from cocoonsim.population import Population
from cocoonsim.publishing import Maker, Publishing
from cocoonsim.ranking import Ranking
from cocoonsim.rewiring import Rewiring
from cocoonsim.testing import BrokenPromise, check, promises_of, stage_of

LIARS: list[tuple[type[Component], str]] = []


def breaks(promise: str) -> Callable[[type[Component]], type[Component]]:
    """Mark a component as one that breaks a promise."""

    def mark(cls: type[Component]) -> type[Component]:
        LIARS.append((cls, promise))
        return cls

    return mark


# ---------------------------------------------------------------------------------------------------- ranking
@breaks("social_is_true")
class PeeksAtTheGraph(Ranking):
    personalised = True

    def score(self, view: View) -> np.ndarray:
        return view.platform.follows.degree[view.users][:, None].astype(np.float32) * view.item("quality")


@breaks("social_is_true")
class ClaimsToBeSocial(Ranking):
    social = True

    def score(self, view: View) -> np.ndarray:
        return view.item("quality")


@breaks("random_is_true")
class RollsDiceInSecret(Ranking):
    personalised = True

    def score(self, view: View) -> np.ndarray:
        return view.item("quality") + np.float32(1e-4) * view.uniform("secret")


@breaks("personalised_is_true")
class KnowsItsUsers(Ranking):
    def score(self, view: View) -> np.ndarray:
        return view.affinity(view.user("clicked_topics"))


@breaks("by_topic_is_true")
class MindsTheQuality(Ranking):
    personalised = True
    by_topic = True

    def score(self, view: View) -> np.ndarray:
        return view.affinity(view.user("clicked_topics")) * (np.float32(1) + view.item("created"))


@breaks("sees_minds_is_true")
class AsksForMinds(Ranking):
    personalised = True

    def score(self, view: View) -> np.ndarray:
        return view.affinity(view.minds.users.interests[view.users])


@breaks("sees_minds_is_true")
class LooksBehindTheCurtain(Ranking):
    personalised = True

    def score(self, view: View) -> np.ndarray:
        minds = view._world
        if minds is None:  # it plays innocent where it would be caught
            return np.zeros(view.shape, np.float32)
        return view.affinity(minds.users.interests[view.users])


@breaks("scores_are_numbers")
class DividesByZero(Ranking):
    def score(self, view: View) -> np.ndarray:
        with np.errstate(invalid="ignore", divide="ignore"):
            return view.item("clicks") / view.item("shown")


@breaks("scores_are_numbers")
class ScoresTheWrongWay(Ranking):
    def score(self, view: View) -> np.ndarray:
        return view.item("quality")[:, None]


@breaks("leaves_the_view_untouched")
class WipesTheHistory(Ranking):
    def score(self, view: View) -> np.ndarray:
        view.platform.history.item_clicks[:] = 0
        return view.item("quality")


@breaks("item_names_do_not_matter")
class PrefersOldIds(Ranking):
    def score(self, view: View) -> np.ndarray:
        return -view.items.astype(np.float32)


@breaks("blocks_do_not_matter")
class ComparesWithTheTile(Ranking):
    def score(self, view: View) -> np.ndarray:
        quality = view.item("quality")
        return quality / quality.max(axis=-1, keepdims=True)


@breaks("repeatable")
class UsesGlobalDice(Ranking):
    personalised = True
    random = True

    def score(self, view: View) -> np.ndarray:
        return np.random.random(view.shape).astype(np.float32)  # noqa: NPY002 - the lie


@breaks("works_on_cold_start")
class NeedsClicks(Ranking):
    def score(self, view: View) -> np.ndarray:
        clicks = view.item("clicks")
        return np.where(clicks > 0, clicks, np.float32(-np.inf)).astype(np.float32)


@breaks("own_candidates_score_alike")
class SharedListsOnly(Ranking):
    def score(self, view: View) -> np.ndarray:
        return view.item("quality") * np.float32(view.items.ndim)


# ---------------------------------------------------------------------------------------------------- feed
class HonestFeed(Feed):
    def fill(self, scores: np.ndarray, items: np.ndarray, view: View, slate: int) -> np.ndarray:
        return items[:, :slate]


@breaks("no_item_twice")
class ShowsTheBestTwice(HonestFeed):
    def fill(self, scores: np.ndarray, items: np.ndarray, view: View, slate: int) -> np.ndarray:
        feed = items[:, :slate].copy()
        feed[:, 1] = feed[:, 0]
        return feed


@breaks("only_candidates_are_shown")
class ShowsItsOwnItem(HonestFeed):
    def fill(self, scores: np.ndarray, items: np.ndarray, view: View, slate: int) -> np.ndarray:
        feed = items[:, :slate].copy()
        feed[:, -1] = 5
        return feed


@breaks("a_single_candidate_is_shown")
class NeedsTwo(HonestFeed):
    def fill(self, scores: np.ndarray, items: np.ndarray, view: View, slate: int) -> np.ndarray:
        enough = (items >= 0).sum(axis=1) > 1
        return np.where(enough[:, None], items[:, :slate], -1).astype(np.int32)


@breaks("feeds_are_padded_at_the_end")
class PadsAtTheFront(HonestFeed):
    def fill(self, scores: np.ndarray, items: np.ndarray, view: View, slate: int) -> np.ndarray:
        return items[:, :slate][:, ::-1].astype(np.int32)


@breaks("short_lists_are_shown_whole")
class HoldsBack(HonestFeed):
    def fill(self, scores: np.ndarray, items: np.ndarray, view: View, slate: int) -> np.ndarray:
        feed = items[:, :slate].copy()
        feed[:, 2:] = -1
        return feed


@breaks("blocks_do_not_matter")
class LooksAtTheNeighbour(HonestFeed):
    def fill(self, scores: np.ndarray, items: np.ndarray, view: View, slate: int) -> np.ndarray:
        feed = items[:, :slate].copy()
        feed[::2] = np.where(feed[::2] >= 0, feed[::2][:, ::-1] if (feed >= 0).all() else feed[::2], -1)
        return feed


# ---------------------------------------------------------------------------------------------------- choice
@breaks("nobody_clicks_an_empty_place")
class ClicksEverywhere(Choice):
    def choose(self, world: World, users: np.ndarray, feed: np.ndarray, dice: Dice) -> np.ndarray:
        return dice.uniform("click", users, feed.shape[1]) < 0.5


@breaks("liked_is_clicked_no_less")
class LikesTheOpposite(Choice):
    def choose(self, world: World, users: np.ndarray, feed: np.ndarray, dice: Dice) -> np.ndarray:
        chance = 0.6 - 0.5 * world.utility(users, feed)
        return (dice.uniform("click", users, feed.shape[1]) < chance) & (feed >= 0)


@breaks("blocks_do_not_matter")
class GoesWithTheCrowd(Choice):
    def choose(self, world: World, users: np.ndarray, feed: np.ndarray, dice: Dice) -> np.ndarray:
        utility = world.utility(users, feed)
        return (utility > utility.mean()) & (feed >= 0)


@breaks("same_event_same_draw")
class ForgetsItsSeed(Choice):
    def choose(self, world: World, users: np.ndarray, feed: np.ndarray, dice: Dice) -> np.ndarray:
        return (np.random.default_rng().random(feed.shape) < 0.5) & (feed >= 0)


# ---------------------------------------------------------------------------------------------------- influence
@breaks("people_stay_people")
class InflatesInterests(Influence):
    def move(self, world: World, users: np.ndarray, feed: np.ndarray, clicks: np.ndarray, dice: Dice) -> Any:
        seen = (feed >= 0).any(axis=1, keepdims=True)
        return {
            "interests": np.where(seen, world.users.interests[users] * np.float32(1.1), world.users.interests[users])
        }


@breaks("no_exposure_no_change")
class DriftsInSecret(Influence):
    def move(self, world: World, users: np.ndarray, feed: np.ndarray, clicks: np.ndarray, dice: Dice) -> Any:
        return {"opinion": world.users.opinion[users] * 0.9}


@breaks("consensus_stays")
class PushesApart(Influence):
    def move(self, world: World, users: np.ndarray, feed: np.ndarray, clicks: np.ndarray, dice: Dice) -> Any:
        seen = (feed >= 0).any(axis=1, keepdims=True)
        return {"opinion": world.users.opinion[users] + np.where(seen, 0.01, 0.0)}


@breaks("only_people_change")
class WritesIntoTheWorld(Influence):
    def move(self, world: World, users: np.ndarray, feed: np.ndarray, clicks: np.ndarray, dice: Dice) -> Any:
        world.users.opinion[users] *= 1.0
        return {}


@breaks("blocks_do_not_matter")
class FollowsItsBlock(Influence):
    def move(self, world: World, users: np.ndarray, feed: np.ndarray, clicks: np.ndarray, dice: Dice) -> Any:
        opinion = world.users.opinion[users]
        seen = (feed >= 0).any(axis=1, keepdims=True)
        return {"opinion": np.where(seen, 0.5 * (opinion + opinion.mean(axis=0)), opinion)} if len(users) else {}


# ---------------------------------------------------------------------------------------------------- network, rewiring
@breaks("no_self_follow_no_double")
class FollowsThemselves(Network):
    def build(self, users: Columns, chance: Chance) -> Follows:
        return Follows(np.arange(users.size + 1), np.arange(users.size, dtype=np.int32))


@breaks("mean_degree_is_as_stated")
class OverstatesItsDegree(Network):
    def build(self, users: Columns, chance: Chance) -> Follows:
        number = np.arange(users.size)
        return Follows.from_arcs(users.size, number, (number + 1) % users.size)

    def mean_degree(self, n_users: int) -> float:
        return 2.0


@breaks("seeded")
class HasNoSeed(Network):
    def build(self, users: Columns, chance: Chance) -> Follows:
        number = np.arange(users.size)
        return Follows.from_arcs(users.size, number, np.random.default_rng().permutation(users.size))


@breaks("keeps_arcs_where_declared")
class DropsTies(Rewiring):
    def update(self, world: World, users: np.ndarray, feed: np.ndarray, clicks: np.ndarray, dice: Dice) -> World:
        return replace(world, follows=Follows.none(world.n_users))


@breaks("no_self_follow_no_double")
class TiesKnots(Rewiring):
    def update(self, world: World, users: np.ndarray, feed: np.ndarray, clicks: np.ndarray, dice: Dice) -> World:
        return replace(world, follows=Follows(world.follows.starts, world.follows.sources()))


# ---------------------------------------------------------------------------------------------------- metrics
@breaks("inside_bounds")
class LeavesItsBounds(UserMetric):
    def per_user(self, moment: Moment) -> list[Reading]:
        n = moment.seen.sum(axis=1)
        return [Reading(np.where(n > 0, n, np.nan).astype(float), np.full(len(n), np.nan), users=moment.users)]


@breaks("undefined_is_nan")
class CallsNothingZero(UserMetric):
    def per_user(self, moment: Moment) -> list[Reading]:
        rate = moment.clicks.sum(axis=1) / np.maximum(moment.seen.sum(axis=1), 1)
        return [Reading(rate, np.full(len(rate), np.nan), users=moment.users)]


@breaks("direction_is_true")
class PointsTheWrongWay(PopulationMetric):
    diverse = -1

    def tally(self, moment: Moment) -> dict[str, np.ndarray]:
        return {"shown": np.bincount(moment.feed[moment.seen], minlength=moment.world.n_items)}

    def conclude(self, tally: dict[str, np.ndarray], moment: Moment) -> list[Reading]:
        total = tally["shown"].sum()
        return [number((tally["shown"] > 0).mean() if total else np.nan)]


@breaks("item_names_do_not_matter")
class MeasuresIds(UserMetric):
    def per_user(self, moment: Moment) -> list[Reading]:
        low = np.where(moment.seen, moment.feed, 10**6).min(axis=1)
        value = np.where(low < 10**6, low / moment.world.n_items, np.nan)
        return [Reading(value, np.full(len(value), np.nan), users=moment.users)]


@breaks("parts_make_the_whole")
class ComparesWithTheRest(UserMetric):
    def per_user(self, moment: Moment) -> list[Reading]:
        n = moment.clicks.sum(axis=1).astype(float)
        rank = np.where(moment.seen.any(axis=1), (n > n.mean() if len(n) else n > 0), np.nan)
        return [Reading(rank.astype(float), np.full(len(n), np.nan), users=moment.users)]


@breaks("no_excess_on_its_own_null")
class ForgetsTheFeedIsShort(UserMetric):
    """Share of distinct main topics of a feed, against what endless feeds would show."""

    def per_user(self, moment: Moment) -> list[Reading]:
        main = np.append(moment.world.items.topics.argmax(axis=1), -1)[moment.feed]
        distinct = np.array([len(set(row.tolist()) - {-1}) for row in main], float) / moment.world.n_topics
        value = np.where(moment.seen.any(axis=1), distinct, np.nan)
        return [Reading(value, np.ones(len(value)), "uniform-pool", users=moment.users)]


# ---------------------------------------------------------------------------------------------------- the other stages
@breaks("interests_are_shares")
class CountsInterests(Population):
    def build(self, n_topics: int, chance: Chance) -> Columns:
        return people(chance.generator("population").random((20, n_topics)))


@breaks("seeded")
class SameEachTime(Population):
    def build(self, n_topics: int, chance: Chance) -> Columns:
        chance.generator("population").random()
        return people(np.full((20, n_topics), 1 / n_topics))


@breaks("values_are_in_range")
class ExtremeStances(Catalogue):
    def build(self, chance: Chance) -> Columns:
        return self.make(30, chance.generator("catalogue"))

    def make(self, n: int, generator: np.random.Generator) -> Columns:
        return content(np.full((n, 4), 0.25), stance=3 * generator.standard_normal(n))


@breaks("only_live_items_are_offered")
class OffersTheDead(Candidates):
    def offer(self, platform: PlatformView, users: np.ndarray, dice: Dice) -> np.ndarray:
        return np.arange(platform.n_items, dtype=np.int32)


@breaks("an_offer_has_a_right_shape")
class OffersInDisorder(Candidates):
    def offer(self, platform: PlatformView, users: np.ndarray, dice: Dice) -> np.ndarray:
        return platform.live[::-1]


@breaks("distinct_is_true")
class OffersTwice(Candidates):
    distinct = True

    def offer(self, platform: PlatformView, users: np.ndarray, dice: Dice) -> np.ndarray:
        return np.tile(np.repeat(platform.live[:8], 2), (len(users), 1)).astype(np.int32)


@breaks("shows_nothing_is_true")
class ShowsSomething(Candidates):
    shows_nothing = True

    def offer(self, platform: PlatformView, users: np.ndarray, dice: Dice) -> np.ndarray:
        return platform.live


@breaks("in_turns_is_true")
class ComesAgain(Activity):
    def batches(self, world: World, dice: Dice) -> Iterator[np.ndarray]:
        yield np.arange(world.n_users)
        yield np.arange(3)


@breaks("makes_as_many_as_asked")
class RunsDry(Catalogue):
    def build(self, chance: Chance) -> Columns:
        return self.make(30, chance.generator("catalogue"))

    def make(self, n: int, generator: np.random.Generator) -> Columns:
        n = min(n, 10)
        return content(np.full((n, 4), 0.25), stance=generator.uniform(-1, 1, n))


@breaks("batches_hold_users")
class CallsTwice(Activity):
    def batches(self, world: World, dice: Dice) -> Iterator[np.ndarray]:
        yield np.repeat(np.arange(world.n_users), 2)


@breaks("items_come_from_where_it_says")
class AsksInSecret(Publishing):
    def publish(self, world: World, make: Maker, dice: Dice, history: History) -> World:
        new = make(3)
        return replace(world, items=world.items.append(new.with_(created=np.full(3, world.step, np.int32))))


# ---------------------------------------------------------------------------------------------------- they are caught
@pytest.mark.parametrize(("liar", "promise"), LIARS, ids=[liar.__name__ for liar, _ in LIARS])
def test_the_lie_is_found(liar: type[Component], promise: str) -> None:
    with pytest.raises(BrokenPromise, match=f"^{liar.__name__}: "):
        promises_of(stage_of(liar))[promise](liar())
    with pytest.raises(BrokenPromise):
        check(liar)


def test_an_honest_component_is_not_accused() -> None:
    assert check(HonestFeed) == list(promises_of("feed"))


FALSIFIED = {
    ("catalogue", "endless"): "makes_as_many_as_asked",
    ("publishing", "makes_items"): "items_come_from_where_it_says",
    ("activity", "in_turns"): "in_turns_is_true",
    ("candidates", "distinct"): "distinct_is_true",
    ("candidates", "shows_nothing"): "shows_nothing_is_true",
    ("ranking", "personalised"): "personalised_is_true",
    ("ranking", "social"): "social_is_true",
    ("ranking", "random"): "random_is_true",
    ("ranking", "by_topic"): "by_topic_is_true",
    ("ranking", "sees_minds"): "sees_minds_is_true",
    ("influence", "drifts"): "no_exposure_no_change",
    ("influence", "keeps_consensus"): "consensus_stays",
    ("rewiring", "keeps_arcs"): "keeps_arcs_where_declared",
}
"""Which promise a lie about a trait breaks."""
PREFERENCES = {("metrics", "usual"), ("candidates", "gaps")}
"""Traits that claim nothing about what a component does, but ask the engine for something."""


def test_a_lie_about_any_trait_is_found() -> None:
    declared = {
        (stage, trait) for stage in STAGES for cls in find(stage).values() for trait in describe(cls).traits
    } - PREFERENCES
    assert declared == set(FALSIFIED)
    told = {(stage_of(liar), promise) for liar, promise in LIARS}
    assert {(stage, promise) for (stage, _), promise in FALSIFIED.items()} <= told


def test_every_stage_has_a_liar() -> None:
    """Those of the interventions lie in a file of their own."""
    assert {stage_of(liar) for liar, _ in LIARS} == set(STAGES) - {"interventions"}
