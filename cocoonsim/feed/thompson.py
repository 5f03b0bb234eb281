"""Guess anew for each person how good an item is, and show the best guesses.

What the platform believes of an item is a distribution: narrow for an item that was shown often, wide for a new one. For every
user and item a value is drawn from it, and the highest draws are shown. What might be good is thus shown as often as it is
likely to be the best.

`belief: clicks`: the item's click rate over all users, distributed as Beta(prior_clicks + clicks, prior_passes + times shown
without a click). The score counts by `score_weight` only: items are ordered by rate + score_weight x score, and at 0 the
ranking says no more than what may be shown. `belief: score`: the score is what the platform believes, give or take spread /
sqrt(times shown + 1), a normal distribution.

How: a uniform number of the (step, user, item) is put through the inverse of the distribution. For click rates it is read off a
table of exact quantiles at 64 points with straight lines between, in log odds. The odds drawn are within 1 % of the exact ones,
and the rate within 1 % of its standard deviation. A table row is made for each different pair of counts in each step, at about
0.1 ms each.

Also known as: Thompson sampling, probability matching, Bayesian bandit.
Why it matters here: exploration that ends by itself where the platform knows enough, and differs from user to user.
Source: Thompson (1933), On the likelihood that one unknown probability exceeds another in view of the evidence of two
samples; Chapelle & Li (2011), An empirical evaluation of Thompson sampling, for click rates.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from cocoonsim.core.setting import setting
from cocoonsim.core.view import View
from cocoonsim.feed import Feed

_KNOTS = 64
_REACH = 17.0  # log odds of the smallest uniform number, 2^-24, are -16.6


class Thompson(Feed):
    belief: str = setting(
        "clicks", choices=("clicks", "score"), help="What is drawn: the score, or the item's click rate"
    )
    spread: float = setting(
        0.3, low=0.0, high=1e6, help="Standard deviation of the belief in a score before the item was shown; 0 = `top`"
    )
    prior_clicks: float = setting(1.0, low=0.1, high=1e6, help="Clicks an item is credited with before it was shown")
    prior_passes: float = setting(
        1.0, low=0.1, high=1e6, help="Views without a click that an item is credited with before it was shown"
    )
    score_weight: float = setting(0.0, low=0.0, high=1e6, help="How much the score adds to a click rate drawn")

    def shortlists(self, scores: np.ndarray, view: View) -> dict[str, np.ndarray]:
        allowed = scores > -np.inf
        known = np.where(allowed, scores, np.float32(0))
        drawn = self._around(known, view) if self.belief == "score" else self._rates(known, view)
        return {"best": np.where(allowed, drawn, np.float32(-np.inf))}

    def _around(self, scores: np.ndarray, view: View) -> np.ndarray:
        """float32 (n, w): normal draws around the scores."""
        if self.spread == 0:
            return scores
        from scipy.special import ndtri

        width = np.float32(self.spread) / np.sqrt(view.item("shown") + np.float32(1))
        return scores + width * ndtri(view.uniform("thompson"))

    def _rates(self, scores: np.ndarray, view: View) -> np.ndarray:
        """float32 (n, w): click rates drawn, in log odds where they need not be added to anything."""
        table, place = view.shared("thompson", lambda: self._tables(view))
        row = np.take(place, view.items, mode="clip")  # an id of -1 is nobody, whatever is drawn
        drawn = draw(table, row, view.uniform("thompson"))
        if self.score_weight == 0:
            return drawn
        return 1 / (1 + np.exp(-drawn)) + np.float32(self.score_weight) * scores

    def _tables(self, view: View) -> tuple[np.ndarray, np.ndarray]:
        """Quantile tables (m, knots), one for each pair of counts among the live items, and (n_items,) whose is which."""
        history, live = view.platform.history, view.platform.live
        clicks = history.item_clicks[live]
        passes = history.item_shown[live] - clicks
        base = int(passes.max(initial=0)) + 1
        pairs, which = np.unique(clicks * base + passes, return_inverse=True)
        place = np.zeros(view.platform.n_items, np.int64)
        place[live] = which
        a, b = self.prior_clicks + pairs // base, self.prior_passes + pairs % base
        return _quantiles(a.tobytes(), b.tobytes()), place

    def fill(self, scores: np.ndarray, items: np.ndarray, view: View, slate: int) -> np.ndarray:
        return items[:, :slate]


@lru_cache(maxsize=4)  # the blocks of a step share one
def _quantiles(a: bytes, b: bytes) -> np.ndarray:
    table = beta_log_odds(np.frombuffer(a), np.frombuffer(b))
    table.setflags(write=False)
    return table


def beta_log_odds(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """float32 (m, knots): log odds of the quantiles of Beta(a, b), a and b float64 (m,), at evenly spaced log odds.

    Beta(1, 1) is the uniform distribution, whose quantiles are the probabilities themselves:

    >>> beta_log_odds(np.array([1.0]), np.array([1.0]))[0, [0, 31, 32, -1]].astype(float).round(3).tolist()
    [-17.0, -0.27, 0.27, 17.0]
    """
    from scipy.special import betaincinv

    at = np.linspace(-_REACH, _REACH, _KNOTS)
    low = at <= 0
    a, b = a[:, None], b[:, None]
    # the upper half from the other end: a rate near 1 has no digits left for its distance from 1
    tail = betaincinv(np.where(low, a, b), np.where(low, b, a), 1.0 / (1.0 + np.exp(np.abs(at))))
    odds = np.log(tail) - np.log1p(-tail)
    return np.where(low, odds, -odds).astype(np.float32)


def draw(table: np.ndarray, row: np.ndarray, uniform: np.ndarray) -> np.ndarray:
    """float32 like `uniform`: log odds drawn from the rows `row` of a table of quantiles.

    >>> draw(beta_log_odds(np.array([1.0]), np.array([1.0])), np.array([0]), np.array([[0.5]], np.float32)).tolist()
    [[0.0]]
    """
    at = np.log(uniform) - np.log1p(-uniform)
    at += np.float32(_REACH)
    at *= np.float32((_KNOTS - 1) / (2 * _REACH))
    knot = at.astype(np.int64)
    at -= knot.astype(np.float32)
    knot += row * _KNOTS
    flat = table.ravel()
    low, high = np.take(flat, knot), np.take(flat, knot + 1)
    drawn: np.ndarray = low + at * (high - low)
    return drawn
