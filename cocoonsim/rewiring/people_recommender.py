"""The platform recommends people to follow, and some recommendations are taken.

Each time online a user takes one with the chance `chance`: of all whom the user does not follow yet, the one whom `ranking`
scores highest (`pick: best`; ties at random), or one drawn in proportion to the scores (`pick: proportional`; who scores
nothing is never drawn), in exchange for one of the followees (`drop`). `among` asks for scores of so many random people only.

How: any ranking will do. It sees people where it is used to see items: following is clicking, a person's author is the
person, and what they clicked is what they are about (their interests and opinions, if the ranking sees minds). Hence
popularity ranks by followers, content by likeness to the followees, item_knn by who is followed together, and similarity with
position: opinion by opinions. A ranking that keeps an estimate of its own from step to step cannot be used.

Also known as: who to follow, friend suggestion, people you may know, link recommendation.
Why it matters here: the one algorithm that changes the network itself; budget and time can be kept equal between rankings.
Source: Cinus, Minici, Monti & Bonchi (2022), The effect of people recommenders on echo chambers and polarization; Gupta et
al. (2013), WTF: the who to follow service at Twitter.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from cocoonsim.core.chance import Dice, gumbel
from cocoonsim.core.component import Component
from cocoonsim.core.history import History
from cocoonsim.core.people_items import COLUMNS, minds_of, people_as_items
from cocoonsim.core.setting import setting
from cocoonsim.core.view import View
from cocoonsim.core.world import PlatformView, World
from cocoonsim.rewiring._changes import NOBODY, Following

_CELLS = (
    2_000_000  # pairs of people worked on at once: bounds the memory. Social rankings look at everybody in any case
)


class PeopleRecommender(Following):
    needs = frozenset({"network"})
    gives = frozenset({"authors", "pairs"})

    ranking: Component = setting("personalised_pagerank", part="ranking", help="How people are scored for each user")
    pick: str = setting(
        "best", choices=("best", "proportional"), help="The highest score, or a draw in proportion to the scores"
    )
    among: int = setting(0, low=0, help="How many random people are scored for each user; 0 = everybody", unit="people")

    def problems(self) -> list[tuple[str, str]]:
        found = super().problems()
        rankings: list[Any] = [self.ranking, *(part for _, part in self.ranking.inside())]
        for part in rankings:
            if getattr(part, "carries", False):
                found.append(
                    ("ranking", f"{part.name} keeps an estimate from step to step, which is not kept for people")
                )
            for need in sorted(part.needs):
                table, _, column = need.partition(".")
                if table == "items" and column not in COLUMNS:
                    found.append(("ranking", f"{part.name} ranks by {column}, which people do not have"))
        return found

    def whom(
        self, world: World, users: np.ndarray, feed: np.ndarray, clicks: np.ndarray, dice: Dice,
        platform: PlatformView | None,
    ) -> np.ndarray:  # fmt: skip
        ranking: Any = self.ranking
        if platform is None:  # nobody watches: nothing is known but the ties
            platform = PlatformView.of(world, History(world.n_users, world.n_topics, world.n_items, 1))
        platform = replace(platform, follows=world.follows)
        people = people_as_items(platform, world if ranking.sees_minds else None)
        own = Dice(dice.seed, dice.step, -2 - dice.event)  # a person and an item of the same number are not the same
        model = ranking.learn_on(people, own, None)
        peek = minds_of(world, people) if ranking.sees_minds else None
        found = np.full(len(users), NOBODY, np.int64)
        rows = max(1, _CELLS // world.n_users)
        for low in range(0, len(users), rows):
            some = users[low : low + rows]
            view = View(people, some, self._asked(people, some, own), own, model, _world=peek)
            scores = np.broadcast_to(np.asarray(ranking.score(view), np.float32), view.shape)
            found[low : low + rows] = self._best(view, scores)
        return found

    def _asked(self, people: PlatformView, users: np.ndarray, dice: Dice) -> np.ndarray:
        """int32 (n_people,), or (n, among): who is scored."""
        if not 0 < self.among < people.n_users:
            return people.live
        return dice.below("people_recommender among", users, self.among, people.n_users).astype(np.int32)

    def _best(self, view: View, scores: np.ndarray) -> np.ndarray:
        """int64 (n,): whom each is recommended; -1 for nobody."""
        n, ids = view.platform.n_users, np.broadcast_to(view.items, view.shape).astype(np.int64)
        keys = view.platform.follows.keys(view.users)
        wanted = np.arange(len(ids))[:, None] * np.int64(n) + ids
        known = keys[np.minimum(np.searchsorted(keys, wanted), keys.size - 1)] == wanted
        luck = view.uniform("people_recommender")
        if self.pick == "proportional":
            with np.errstate(divide="ignore"):
                scores = np.log(np.maximum(scores, 0.0).astype(np.float64)) + gumbel(luck.astype(np.float64))
        scores = np.where(known, -np.inf, scores)
        best = scores.max(axis=1, initial=-np.inf)
        place = np.where(scores == best[:, None], luck, np.float32(-1)).argmax(axis=1)
        return np.where(best > -np.inf, ids[np.arange(len(ids)), place], NOBODY)
