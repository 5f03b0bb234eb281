"""Draw the feed by lot, with better odds for better scores.

Places are filled one after another; each remaining candidate is drawn with a chance proportional to
exp(inverse_temperature x score). At 0 every feed is pure chance, and with rising values it becomes `top`.

How: a Gumbel number for each (step, user, item) is added to inverse_temperature x score, and the largest sums are shown in
order. That is the same lottery, and needs no other candidate to be looked at. Where every item has one topic and those of a
topic have the same score for a user, the topic is drawn first, by the tickets that its items left have together, and then
one of them: the same lottery again, and much quicker in a large catalogue.

Also known as: Boltzmann exploration, Gumbel top-k, Plackett-Luce sampling, sampling without replacement.
Source: Kool, van Hoof & Welling (2019), Stochastic beams and where to find them (the Gumbel top-k trick); Luce (1959),
Individual choice behavior.
"""

from __future__ import annotations

import numpy as np

from cocoonsim.core.alike import fine_uniform
from cocoonsim.core.chance import gumbel
from cocoonsim.core.setting import setting
from cocoonsim.core.view import View
from cocoonsim.feed import Feed


class Softmax(Feed):
    inverse_temperature: float = setting(
        10.0,
        low=0.0,
        high=1e6,
        help="How much scores count against luck; 0 = pure luck. Mind the scale of the ranking's scores",
    )

    def shortlists(self, scores: np.ndarray, view: View) -> dict[str, np.ndarray]:
        luck = gumbel(view.uniform("softmax"))
        allowed = scores > -np.inf
        pull = np.where(allowed, scores, np.float32(0)) * np.float32(self.inverse_temperature)
        return {"best": np.where(allowed, pull + luck, np.float32(-np.inf))}

    def draw(self, scores: np.ndarray, sizes: np.ndarray, view: View, places: int) -> np.ndarray:
        # below 1 by enough that no product with a sum is rounded up to the sum
        luck = np.minimum(fine_uniform(view.dice, "softmax of kinds", view.users, places), 1.0 - 2.0**-52).T
        pull = (scores.astype(np.float64) * self.inverse_temperature).T  # a row for each kind: long rows are quicker
        left = np.where(scores > -np.inf, sizes, 0).T
        rows, n = np.arange(len(scores)), len(scores)
        odds, tickets, running = np.empty(left.shape), np.empty(left.shape), np.empty(left.shape)
        flat_odds, flat_tickets = odds.reshape(-1), tickets.reshape(-1)
        kinds = np.full((places, n), -1, np.int64)
        # where no kind can run out, nobody's odds change on the way
        plenty = bool(sizes.min(initial=places) >= places and (left > 0).any(axis=0).all())
        fresh = rows  # whose odds must be worked out: everybody's at first, then of those who have used a kind up
        for place in range(places):
            if fresh.size:
                there = left[:, fresh] > 0
                best = np.where(there, pull[:, fresh], -np.inf).max(axis=0)
                ahead = np.where(there, pull[:, fresh] - np.where(best > -np.inf, best, 0.0), -np.inf)
                odds[:, fresh] = np.exp(ahead)
                tickets[:, fresh] = left[:, fresh] * odds[:, fresh]
                fresh = rows[:0]
            total = np.add.accumulate(tickets, axis=0, out=running)[-1]
            drawn = (running <= luck[place] * total).argmin(axis=0)  # the first beyond
            if plenty:
                kinds[place] = drawn
                at = drawn * n + rows
            else:
                some = rows[total > 0]
                drawn = drawn[some]
                left[drawn, some] -= 1
                fresh = some[left[drawn, some] == 0]
                kinds[place, some] = drawn
                at = drawn * n + some
            flat_tickets[at] = flat_tickets.take(at) - flat_odds.take(at)
        return kinds.T

    def fill(self, scores: np.ndarray, items: np.ndarray, view: View, slate: int) -> np.ndarray:
        return items[:, :slate]
