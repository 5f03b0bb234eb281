"""Interventions that lie: each breaks one promise, and must be caught at it. See `tests/test_lying_components.py`."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, ClassVar

import numpy as np
import pytest

from cocoonsim.core.chance import Dice
from cocoonsim.core.setting import setting
from cocoonsim.core.view import View
from cocoonsim.core.world import PlatformView, World
from cocoonsim.interventions import Intervention
from cocoonsim.testing import BrokenPromise, check, promises_of

LIARS: list[tuple[type[Intervention], str]] = []


def breaks(promise: str) -> Callable[[type[Intervention]], type[Intervention]]:
    """Mark an intervention as one that breaks a promise."""

    def mark(cls: type[Intervention]) -> type[Intervention]:
        LIARS.append((cls, promise))
        return cls

    return mark


@breaks("nothing_before_start")
class ActsTooSoon(Intervention):
    def on_scores(self, scores: np.ndarray, view: View) -> np.ndarray:
        return scores * np.float32(0.5)

    def active(self, step: int) -> bool:
        return step < self.stop and self.share > 0 and self.compliance > 0


@breaks("zero_dose_is_no_dose")
class IgnoresItsShare(Intervention):
    def change_feed(self, feed: np.ndarray, view: View) -> np.ndarray:
        return feed[:, ::-1] if self.start <= view.step < self.stop else feed


@breaks("untreated_users_are_untouched")
class HitsBystanders(Intervention):
    def on_world(self, world: World, treated: np.ndarray, dice: Dice) -> World:
        return world.with_users(literacy=np.ones_like(world.users.literacy))


@breaks("feeds_stay_feeds")
class RepeatsAnItem(Intervention):
    def on_feed(self, feed: np.ndarray, view: View) -> np.ndarray:
        return np.repeat(feed[:, :1], feed.shape[1], axis=1)


@breaks("zero_dose_is_no_dose")
class CallsSomeDoseIdle(Intervention):
    idle: ClassVar[dict[str, Any]] = {"strength": 0.0}

    strength: float = setting(0.5, low=0.0, high=1.0, help="How much scores are lowered, it says")

    def on_scores(self, scores: np.ndarray, view: View) -> np.ndarray:
        return scores - np.float32(self.strength + 0.25)


@breaks("nothing_after_stop")
class NeverStops(Intervention):
    def on_scores(self, scores: np.ndarray, view: View) -> np.ndarray:
        return scores * np.float32(0.5)

    def active(self, step: int) -> bool:
        return self.start <= step and self.share > 0 and self.compliance > 0


@breaks("untreated_users_are_untouched")
class ForgetsEverybody(Intervention):
    def on_platform(self, platform: PlatformView, treated: np.ndarray, dice: Dice) -> PlatformView:
        kept = platform.history.copy()
        kept.clicked_topics[:] = 0
        return replace(platform, history=kept)


@breaks("untreated_users_are_untouched")
class WatchesEverybody(Intervention):
    def change_record(
        self, world: World, users: np.ndarray, feed: np.ndarray, clicks: np.ndarray, dice: Dice
    ) -> np.ndarray:
        return feed >= 0 if self.active(world.step) else clicks


@breaks("records_are_of_what_was_shown")
class NotesGhosts(Intervention):
    def change_record(
        self, world: World, users: np.ndarray, feed: np.ndarray, clicks: np.ndarray, dice: Dice
    ) -> np.ndarray:
        return clicks | (self.treated(users, dice)[:, None] if self.active(world.step) else False)


@breaks("what_is_lent_is_given_back")
class KeepsWhatItWasLent(Intervention):
    lent_users = ("literacy",)

    def on_world(self, world: World, treated: np.ndarray, dice: Dice) -> World:
        return world.with_users(literacy=np.where(treated, np.float32(1), world.users.literacy))

    def give_back(self, world: World, lender: World) -> World:
        return world


@breaks("repeatable")
class ForgetsAtRandom(Intervention):
    def on_record(
        self, world: World, users: np.ndarray, feed: np.ndarray, clicks: np.ndarray, dice: Dice
    ) -> np.ndarray:
        return clicks & (np.random.default_rng().random(feed.shape) < 0.5)


@breaks("blocks_do_not_matter")
class ComparesItsBlock(Intervention):
    def on_scores(self, scores: np.ndarray, view: View) -> np.ndarray:
        return scores - scores.mean(dtype=np.float32)


@pytest.mark.parametrize(("liar", "promise"), LIARS, ids=[liar.__name__ for liar, _ in LIARS])
def test_the_lie_is_found(liar: type[Intervention], promise: str) -> None:
    with pytest.raises(BrokenPromise, match=f"^{liar.__name__}: "):
        promises_of("interventions")[promise](liar())
    with pytest.raises(BrokenPromise):
        check(liar)


def test_every_promise_has_a_liar() -> None:
    assert {promise for _, promise in LIARS} == set(promises_of("interventions"))
