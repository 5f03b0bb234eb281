"""Creators make more of what went well: what they publish drifts towards what was rewarded.

A share of the users are creators, the same ones throughout. A creator's first work shows the creator's own interests and
opinion. From then on each creator looks back at their last `look_back` works that still exist, takes the mean of their
topics and stances weighted with the clicks they got, and moves from their latest work towards it, the `gain` of the way,
plus noise. Where nothing was clicked there is nothing to learn, and only the noise is left.

How: topics t' = (1 - g) t + g * sum_w c_w t_w / sum_w c_w, then noise, cut at 0 and brought back to a sum of 1; stances
alike, and kept within -1 and 1 (noise alone could leave it). Clicks are those the platform has noted. A lifespan makes
old works vanish; only what exists is looked back at.

Also known as: strategic content creators, supply-side feedback, producer incentives, trend following.
Why it matters here: a feed that rewards one kind of content changes what there is to show: diversity can be lost on the
side of supply although no taste has changed.
Source: own rule; the question is that of Ben-Porat & Tennenholtz (2018), A game-theoretic approach to recommendation
systems with strategic content providers, and Jagadeesan, Garg & Steinhardt (2023), Supply-side equilibria in recommender
systems.
"""

from __future__ import annotations

import numpy as np

from cocoonsim.core.arrays import gather, sum_by_row
from cocoonsim.core.chance import ALWAYS, Dice
from cocoonsim.core.history import History
from cocoonsim.core.setting import setting
from cocoonsim.core.world import World
from cocoonsim.publishing import Maker
from cocoonsim.publishing._posts import OwnPosts, nth_of


class AdaptiveCreators(OwnPosts):
    share: float = setting(0.05, above=0.0, high=1.0, help="Share of users who are creators")
    gain: float = setting(0.3, low=0.0, high=1.0, help="How far the next work moves towards what was rewarded")
    noise: float = setting(0.02, low=0.0, high=1.0, help="Spread of what is new in each work, topics and stance alike")
    look_back: int = setting(10, low=1, high=10_000, unit="items", help="How many of their last works count")
    topics: str = setting("mixture", choices=("drawn", "mixture"), help="Whether a first work has one drawn topic")

    def publish(self, world: World, make: Maker, dice: Dice, history: History) -> World:
        users = np.arange(world.n_users)
        creators = users[Dice(dice.seed, ALWAYS).uniform("creator", users)[:, 0] < self.share]
        authors = self.authors(creators, dice)
        if not authors.size:
            return world
        works = self.own(world, authors, dice)
        item, row = self._looked_back_at(world, authors)
        latest = np.full(len(authors), -1)
        latest[row] = item  # ascending, so the last one written is the latest
        old = latest >= 0
        clicks = np.zeros(world.n_items)
        clicks[: history.n_items] = history.item_clicks
        got = clicks[item][:, None]
        total = sum_by_row(got, row, len(authors))
        learns = total[:, 0] > 0
        gain = np.where(learns, self.gain, 0.0)[:, None]
        for name in ("topics", "stance"):
            values = world.items[name].astype(np.float64)
            rewarded = sum_by_row(got * values[item], row, len(authors)) / np.maximum(total, 1.0)
            now = np.where(old[:, None], (1 - gain) * gather(values, latest) + gain * rewarded, works[name])
            luck = self.noise * self._luck(name, authors, dice, now.shape[1])
            works = works.with_(**{name: self._kept(name, now + np.where(old[:, None], luck, 0.0), works[name].dtype)})
        return self.post(world, works, 0)

    def _looked_back_at(self, world: World, authors: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(item, position in `authors`): the last works of each author that exist, oldest first."""
        live = world.live()
        mine = live[np.isin(world.items.author[live], authors)]
        order = np.argsort(world.items.author[mine], kind="stable")
        mine = mine[order]
        by = world.items.author[mine]
        starts, ends = np.searchsorted(by, authors), np.searchsorted(by, authors, side="right")
        counts = np.minimum(ends - starts, self.look_back)
        row = np.repeat(np.arange(len(authors)), counts)
        place = np.arange(row.size) - np.repeat(np.cumsum(counts) - counts, counts)
        return mine[np.repeat(ends - counts, counts) + place], row

    @staticmethod
    def _luck(name: str, authors: np.ndarray, dice: Dice, width: int) -> np.ndarray:
        """float64 (n, width): what is new in each work; the works of one author differ."""
        nth = nth_of(authors)
        drawn = dice.normal(f"creator {name}", authors, width * (int(nth.max()) + 1))
        return np.take_along_axis(drawn, nth[:, None] * width + np.arange(width), axis=1)

    @staticmethod
    def _kept(name: str, values: np.ndarray, dtype: np.dtype) -> np.ndarray:
        """Topics are a distribution, a stance lies between -1 and 1."""
        if name == "stance":
            return np.clip(values, -1.0, 1.0).astype(dtype)
        values = np.maximum(values, 0.0) + 1e-12
        return (values / values.sum(axis=1, keepdims=True)).astype(dtype)
