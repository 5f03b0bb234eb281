"""What is done about it: rules and tools that act on the world, on what the platform holds, on scores or on feeds.

When an intervention begins and ends, whom it reaches and how well it is obeyed is handled here, once.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from cocoonsim.core.chance import ALWAYS, Dice
from cocoonsim.core.component import Component
from cocoonsim.core.setting import setting
from cocoonsim.core.view import View
from cocoonsim.core.world import PlatformView, World

if TYPE_CHECKING:
    from cocoonsim.core.moment import Moment


class Intervention(Component):
    """A measure with a start, an end, a reach and a degree of compliance.

    Subclasses write any of `on_world`, `on_record`, `on_platform`, `on_scores`, `on_feed` as if everybody were treated at
    all times; the engine calls `change_world` and the like, which give the untreated back what they would have had, bit
    for bit.
    """

    lent_users: ClassVar[tuple[str, ...]] = ()
    """User columns that `on_world` changes for the time of a step only: they are put back when it is over."""
    lent_items: ClassVar[tuple[str, ...]] = ()
    """Item columns of the same sort."""
    idle: ClassVar[dict[str, Any]] = {}
    """Settings with which it does nothing at all, where it has such a dose."""

    start: int = setting(0, low=0, unit="step", help="First step in which it acts")
    stop: int = setting(1_000_000_000, low=0, unit="step", help="First step in which it no longer acts")
    share: float = setting(1.0, low=0.0, high=1.0, help="Share of users it reaches (the same users all the time)")
    compliance: float = setting(
        1.0,
        low=0.0,
        high=1.0,
        help="Share of the treated feeds in which it is really carried out, drawn anew each step",
    )

    def problems(self) -> list[tuple[str, str]]:
        """A measure must end after it begins."""
        return [("stop", f"{self.stop} is not after start = {self.start}")] if self.stop <= self.start else []

    # ---- what a subclass writes
    def on_world(self, world: World, treated: np.ndarray, dice: Dice) -> World:
        """The world changed for the users marked in `treated`, bool (n_users,). What is not lent stays changed."""
        return world

    def on_record(
        self, world: World, users: np.ndarray, feed: np.ndarray, clicks: np.ndarray, dice: Dice
    ) -> np.ndarray:
        """bool (n, slate): the clicks that the platform notes down, when `clicks` are those that were made."""
        return clicks

    def on_platform(self, platform: PlatformView, treated: np.ndarray, dice: Dice) -> PlatformView:
        """What the platform may use of what it holds, about the users marked in `treated`, bool (n_users,)."""
        return platform

    def on_scores(self, scores: np.ndarray, view: View) -> np.ndarray:
        """New scores (n, w) for these users and candidates; called tile by tile."""
        return scores

    def shortlists(self, scores: np.ndarray, view: View) -> dict[str, np.ndarray]:
        """Extra short lists it wants in `on_feed`, by a name of its own; see `Feed.shortlists`.

        `scores` are what the feed rule goes by: where it draws by lot, the scores with their luck.
        """
        return {}

    def on_feed(self, feed: np.ndarray, view: View) -> np.ndarray:
        """A new feed (n, slate) for these users."""
        return feed

    def watch(self, moment: Moment) -> list[tuple[str, str, float]]:
        """(quantity, statistic, number) that it reports of a step, for the table of metrics; nothing by default."""
        return []

    # ---- what the engine calls
    def active(self, step: int) -> bool:
        """Whether it acts in this step at all."""
        return self.start <= step < self.stop and self.share > 0 and self.compliance > 0

    def treated(self, users: np.ndarray, dice: Dice) -> np.ndarray:
        """bool (n,): whom it reaches in this step."""
        reach = turn(self.name, users, dice) < self.share
        return reach & (dice.uniform(f"{self.name} compliance", users)[:, 0] < self.compliance)

    def change_world(self, world: World, dice: Dice) -> World:
        """`on_world` in its time and for those it reaches."""
        if not self.active(world.step) or type(self).on_world is Intervention.on_world:
            return world
        return self.on_world(world, self.treated(np.arange(world.n_users), dice), dice)

    def give_back(self, world: World, lender: World) -> World:
        """The world with the columns it was lent as they were in `lender`, the world before the measures of this step."""
        if not self.active(world.step) or not (self.lent_users or self.lent_items):
            return world
        users = {name: lender.users[name] for name in self.lent_users if name in lender.users}
        new = slice(lender.n_items, None)  # what was posted since was not lent
        items = {
            name: np.concatenate([lender.items[name], world.items[name][new]])
            for name in self.lent_items
            if name in lender.items
        }
        return replace(world, users=world.users.with_(**users), items=world.items.with_(**items))

    @property
    def filters(self) -> bool:
        """It changes what the platform may use."""
        return type(self).on_platform is not Intervention.on_platform

    def change_platform(self, platform: PlatformView, dice: Dice) -> PlatformView:
        """`on_platform` in its time and for those it reaches."""
        if not self.filters or not self.active(platform.step):
            return platform
        return self.on_platform(platform, self.treated(np.arange(platform.n_users), dice), dice)

    def change_record(
        self, world: World, users: np.ndarray, feed: np.ndarray, clicks: np.ndarray, dice: Dice
    ) -> np.ndarray:
        """`on_record` in its time and for those it reaches; nothing is noted of an empty place."""
        if type(self).on_record is Intervention.on_record or not self.active(world.step):
            return clicks
        noted = self.on_record(world, users, feed, clicks, dice) & (feed >= 0)
        return np.where(self.treated(users, dice)[:, None], noted, clicks)

    def change_scores(self, scores: np.ndarray, view: View) -> np.ndarray:
        """`on_scores` in its time and for those it reaches."""
        if not self.active(view.step) or type(self).on_scores is Intervention.on_scores:
            return scores
        treated = self.treated(view.users, view.dice)
        return np.where(treated[:, None], self.on_scores(scores, view), scores).astype(np.float32, copy=False)

    def extra_lists(self, scores: np.ndarray, view: View) -> dict[str, np.ndarray]:
        """`shortlists` in its time."""
        return self.shortlists(scores, view) if self.active(view.step) else {}

    def change_feed(self, feed: np.ndarray, view: View) -> np.ndarray:
        """`on_feed` in its time and for those it reaches."""
        if not self.active(view.step) or type(self).on_feed is Intervention.on_feed:
            return feed
        treated = self.treated(view.users, view.dice)
        return np.where(treated[:, None], self.on_feed(feed, view), feed).astype(np.int32, copy=False)


def turn(measure: str, users: np.ndarray, dice: Dice) -> np.ndarray:
    """float32 (n,): the share from which on a measure of this name reaches each user; the same in all steps and arms."""
    return Dice(dice.seed, ALWAYS).uniform(f"{measure} reach", users)[:, 0]


BASE = Intervention
